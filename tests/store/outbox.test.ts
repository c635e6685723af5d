/** What uplink and the page rely on: waiting rows, acknowledgement, bounds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { outboxMessage } from '../../agent/contract/index.ts';
import { openStore } from '../../agent/store/database.ts';
import type { Store } from '../../agent/store/store.ts';
import { draft, folder, storeConfig, telemetry } from './drafts.ts';

describe('the outbox', () => {
  let place: ReturnType<typeof folder>;
  let watch: Store;
  let uplink: Store;

  beforeEach(() => {
    place = folder();
    watch = openStore(place.file, storeConfig({ recentAlerts: 100, telemetryRows: 10 }), 'watch');
    uplink = openStore(place.file, storeConfig({ recentAlerts: 100, telemetryRows: 10 }), 'uplink');
  });
  afterEach(() => {
    watch.close();
    uplink.close();
    place.remove();
  });

  const fill = (count: number) => {
    for (let n = 1; n <= count; n += 1) watch.append(draft(n));
  };
  const waiting = (afterSeq = 0, limit = 10_000) => uplink.unsent(afterSeq, limit).map(({ seq }) => seq);

  it('hands out waiting rows in order, from after a number, at most so many', () => {
    fill(5);
    expect(waiting()).toEqual([1, 2, 3, 4, 5]);
    expect(waiting(2, 2)).toEqual([3, 4]);
    expect(uplink.depth()).toBe(5);
  });

  it('hands out messages that keep the contract', () => {
    watch.append(draft(1), true);
    const [row] = uplink.unsent(0, 1);
    expect(outboxMessage.parse(row?.message)).toEqual(row?.message);
    expect(row).toMatchObject({ seq: 1, epoch: watch.epoch, message: { soundedBeforeCommit: true } });
  });

  it('removes acknowledged rows, whatever their order, and counts only those that waited', () => {
    fill(5);
    expect(uplink.remove([4, 2, 2, 99])).toBe(2);
    expect(waiting()).toEqual([1, 3, 5]);
  });

  it('removes up to a number of its own epoch', () => {
    fill(5);
    expect(uplink.removeUpTo(uplink.epoch, 3)).toBe(3);
    expect(waiting()).toEqual([4, 5]);
    expect(uplink.removeUpTo(uplink.epoch, 3)).toBe(0);
  });

  it('ignores an acknowledgement of another epoch', () => {
    fill(3);
    expect(uplink.removeUpTo(randomUUID(), 3)).toBe(0);
    expect(waiting()).toEqual([1, 2, 3]);
  });

  it('ignores an acknowledgement of numbers that were never given', () => {
    fill(3);
    expect(uplink.removeUpTo(uplink.epoch, 4)).toBe(0);
    expect(waiting()).toEqual([1, 2, 3]);
  });

  it('never gives a number twice, even when all rows are gone', () => {
    fill(2);
    uplink.removeUpTo(uplink.epoch, 2);
    watch.close();
    watch = openStore(place.file, storeConfig(), 'watch');
    expect(watch.append(draft(3)).seq).toBe(3);
    expect(watch.lastSeq()).toBe(3);
  });

  it('keeps acknowledged alerts for the page, newest first, within the bound', () => {
    for (let n = 1; n <= 250; n += 1) watch.append(draft(n, { phase: 'cleared', cleared: 'ended' }));
    uplink.removeUpTo(uplink.epoch, 250);
    const kept = uplink.lastAlerts(1000).map(({ seq }) => seq);
    expect(kept[0]).toBe(250);
    expect(kept).toHaveLength(100);
    expect(uplink.depth()).toBe(0);
  });

  it('remembers an open alert however many acknowledged rows have gone', () => {
    const open = draft(1);
    watch.append(open);
    for (let n = 2; n <= 250; n += 1) watch.append(draft(n, { phase: 'cleared', cleared: 'ended' }));
    uplink.removeUpTo(uplink.epoch, 250);
    expect(watch.openAlerts()).toEqual([open]);
  });

  it('notes afterwards that the sound went out before the commit was done', () => {
    const { messageId } = watch.append(draft(1));
    watch.markSounded(messageId);
    expect(uplink.unsent(0, 1)[0]?.message).toMatchObject({ soundedBeforeCommit: true });
  });

  it('appends all drafts of a batch or none', () => {
    const rows = [draft(1), { ...draft(2), severity: 9 as 3 }].map((one) => ({
      draft: one,
      soundedBeforeCommit: () => false,
    }));
    expect(() => watch.appendAll(rows)).toThrow('field severity');
    expect(watch.lastSeq()).toBe(0);
  });

  it('takes spilled telemetry out in order and only once', () => {
    uplink.spillTelemetry([telemetry(1), telemetry(2), telemetry(3)]);
    expect(uplink.takeTelemetry(2).map(({ capturedAtMs }) => capturedAtMs)).toEqual([1, 2]);
    expect(uplink.takeTelemetry(2).map(({ capturedAtMs }) => capturedAtMs)).toEqual([3]);
    expect(uplink.takeTelemetry(2)).toEqual([]);
  });

  it('drops the oldest telemetry beyond the bound and says how much', () => {
    expect(uplink.spillTelemetry(Array.from({ length: 12 }, (_, n) => telemetry(n)))).toBe(2);
    expect(uplink.takeTelemetry(1)[0]?.capturedAtMs).toBe(2);
  });

  it('lets watch append while uplink deletes, and loses nothing', () => {
    const sent: number[] = [];
    for (let n = 1; n <= 300; n += 1) {
      watch.append(draft(n));
      if (n % 7 !== 0) continue;
      const rows = uplink.unsent(0, 5).map(({ seq }) => seq);
      sent.push(...rows);
      uplink.remove(rows);
    }
    expect([...sent, ...waiting()]).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
  });
});
