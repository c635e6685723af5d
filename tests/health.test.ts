import { beforeEach, describe, expect, it, vi } from 'vitest';
import { deviceHealth, openHealth, storeHealth, type Health } from '../agent/health.ts';
import { logger } from './link/fixtures.ts';

let health: Health;
let lines: string[];
const changed = vi.fn();
beforeEach(() => {
  const logged = logger();
  lines = logged.lines;
  health = openHealth(logged.log);
  changed.mockReset();
  health.onChange(changed);
});

describe('the whole', () => {
  it('is fine where nobody complains', () => {
    expect(health.snapshot()).toEqual({ status: 'ok', parts: {}, counters: {} });
  });

  it('is as bad as its worst part', () => {
    health.report('camera', 'ok');
    health.report('uplink', 'degraded', 'no broker');
    expect(health.snapshot().status).toBe('degraded');
    health.report('store', 'failed', 'the disk is full');
    expect(health.snapshot().status).toBe('failed');
    health.report('store', 'ok');
    expect(health.snapshot().status).toBe('degraded');
    health.report('uplink', 'ok');
    expect(health.snapshot().status).toBe('ok');
  });

  it('says why, but gives no reason for what is fine', () => {
    health.report('camera', 'degraded');
    health.report('store', 'ok', 'of no matter');
    expect(health.snapshot().parts).toEqual({
      camera: { status: 'degraded', reason: 'no reason given' },
      store: { status: 'ok', reason: null },
    });
  });
});

describe('a change', () => {
  it('is told and logged once, however often it is reported', () => {
    for (let n = 0; n < 3; n += 1) health.report('camera', 'degraded', 'unplugged');
    expect(changed).toHaveBeenCalledTimes(1);
    expect(lines).toEqual(['camera is degraded: unplugged']);
  });

  it('of the reason alone is a change too', () => {
    health.report('camera', 'degraded', 'unplugged');
    health.report('camera', 'degraded', 'nothing arrived within 9.0 s');
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('to the better is said, a good beginning is not', () => {
    health.report('camera', 'ok');
    expect(lines).toEqual([]);
    health.report('camera', 'degraded', 'unplugged');
    health.report('camera', 'ok');
    expect(lines).toEqual(['camera is degraded: unplugged', 'camera is all right again']);
  });

  it('finds the snapshot changed already', () => {
    health.onChange(() => expect(health.snapshot().status).toBe('failed'));
    health.report('store', 'failed', 'the disk is full');
    expect(changed).toHaveBeenCalledOnce();
  });
});

it('counts, and is no change by that', () => {
  health.count('alertsLost');
  health.count('alertsLost', 2);
  health.set('outboxDepth', 7);
  health.set('outboxDepth', 5);
  expect(health.snapshot().counters).toEqual({ alertsLost: 3, outboxDepth: 5 });
  expect(changed).not.toHaveBeenCalled();
});

it('degrades by a lost device, which is tried again for ever', () => {
  const camera = deviceHealth(health, 'camera');
  camera({ state: 'lost', reason: 'unplugged' });
  expect(health.snapshot().parts).toEqual({ camera: { status: 'degraded', reason: 'unplugged' } });
  camera({ state: 'ok' });
  expect(health.snapshot().status).toBe('ok');
});

it('degrades by a slow disk and fails with one that takes nothing', () => {
  const store = storeHealth(health);
  const of = (state: 'ok' | 'stalled' | 'failing', reason: string | null) =>
    store({ state, reason, waiting: 1, counters: { appended: 0, errors: 0, workerRestarts: 0, refused: 0 } });
  of('stalled', 'a commit takes long');
  expect(health.snapshot().status).toBe('degraded');
  of('failing', 'the disk is full');
  expect(health.snapshot().parts).toEqual({ store: { status: 'failed', reason: 'the disk is full' } });
  of('ok', null);
  expect(health.snapshot().status).toBe('ok');
});
