/**
 * kill -9 at random moments: what was said to be safe is there, once, in order, without gaps.
 * (This shows the program's part; only a power cut shows what the disk kept.)
 */
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../agent/store/database.ts';
import type { OutboxRow } from '../../agent/store/store.ts';
import { folder, storeConfig } from './drafts.ts';

const ROUNDS = 6;
const appender = new URL('./rigs/appender.ts', import.meta.url).pathname;
let place: ReturnType<typeof folder>;
beforeEach(() => (place = folder()));
afterEach(() => place.remove());

/** Runs the appender until it has said `lines` times that a draft is safe, then kills it. */
function appendUntilKilled(from: number, lines: number, extraMs: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [appender, place.file, String(from)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    let killing = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (killing || printed.split('\n').length <= lines) return;
      killing = true;
      setTimeout(() => child.kill('SIGKILL'), extraMs);
    });
    // A line that was cut was not read as a promise.
    child.once('close', () => resolve(printed.split('\n').slice(0, -1)));
  });
}

it('keeps every append that was confirmed before a kill -9, while uplink deletes', async () => {
  const promised: string[] = [];
  const seen: OutboxRow[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const lines = await appendUntilKilled(round * 1_000_000, 1 + round * 7, Math.random() * 30);
    expect(lines.length).toBeGreaterThan(0);
    promised.push(...lines);
    const uplink = openStore(place.file, storeConfig(), 'uplink');
    const rows = uplink.unsent(0, 1_000_000);
    const sent = rows.slice(0, Math.ceil(rows.length / 2));
    seen.push(...sent);
    uplink.remove(sent.map(({ seq }) => seq));
    if (round === ROUNDS - 1) seen.push(...uplink.unsent(0, 1_000_000));
    uplink.close();
  }
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, n) => n + 1));
  const told = seen.map(({ seq, messageId, message }) => {
    const n = 'evidence' in message ? message.evidence['number'] : null;
    return { line: `${String(seq)} ${messageId} ${String(n)}`, n };
  });
  const order = told.map(({ n }) => Number(n));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  const there = new Set(told.map(({ line }) => line));
  expect(there.size).toBe(seen.length);
  expect(promised.filter((line) => !there.has(line))).toEqual([]);
});
