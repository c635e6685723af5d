/** How a source's readings travel: at most twice a second, only what is new, absurd ones dropped. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openContextTeller, type ContextTeller } from '../../agent/link/context-teller.ts';
import { lineOf, readLine, toWatch } from '../../agent/link/messages.ts';
import type { LinkContext, Unversioned } from '../../agent/link/messages.ts';

let came: Unversioned<LinkContext>[];
let fault: string | null;
let isThere: boolean;
let teller: ContextTeller;

beforeEach(() => {
  vi.useFakeTimers();
  [came, fault, isThere] = [[], null, true];
  const startMs = Date.now();
  teller = openContextTeller({
    source: 'gpsd',
    maxSpeedKmh: 250,
    clock: { monotonicMs: () => Date.now() - startMs, state: () => 'synchronised' },
    send: (message) => {
      if (isThere) came.push(message);
      return isThere;
    },
    fault: () => fault,
  });
});
afterEach(() => {
  teller.close();
  vi.useRealTimers();
});

it('tells at most twice a second, the newest of what came', () => {
  for (let n = 0; n < 100; n += 1) {
    teller.onReading({ speedKmh: 50 + n / 10 });
    vi.advanceTimersByTime(100);
  }
  expect(came.length).toBe(20);
  expect(came.at(-1)?.speedKmh).toBeCloseTo(59.9);
  for (const message of came) expect(readLine(toWatch, lineOf(message))).toHaveProperty('message');
});

it('never repeats a reading as if it were fresh', () => {
  teller.onReading({ speedKmh: 50, ignitionOn: true });
  vi.advanceTimersByTime(30_000);
  expect(came.map(({ speedKmh, ignitionOn }) => [speedKmh, ignitionOn])).toEqual([
    [50, true],
    ...Array.from({ length: 5 }, () => [null, null]),
  ]);
});

it('tells a fault when it comes, and when it goes', () => {
  vi.advanceTimersByTime(1000);
  fault = 'gpsd has no fix';
  vi.advanceTimersByTime(1000);
  fault = null;
  vi.advanceTimersByTime(1000);
  expect(came.map((message) => message.fault)).toEqual([null, 'gpsd has no fix', null]);
});

it('drops and counts what cannot be true, and what cannot be read', () => {
  for (const speedKmh of [NaN, -5, 400, Infinity]) teller.onReading({ speedKmh });
  teller.onUnreadable();
  vi.advanceTimersByTime(500);
  expect(came.at(-1)).toMatchObject({ speedKmh: null, dropped: 5 });
});

it('does not hand over later what watch could not take', () => {
  isThere = false;
  teller.onReading({ speedKmh: 80 });
  vi.advanceTimersByTime(2000);
  isThere = true;
  vi.advanceTimersByTime(1000);
  expect(came.map(({ speedKmh }) => speedKmh)).toEqual([null]);
});
