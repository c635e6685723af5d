/** Signals of the vehicle as senders write them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ignitionOf, speedOf } from '../../agent/uplink/context/vehicle-signal.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ['63.5', 63.5],
  [' 0 ', 0],
  ['-3', -3],
  ['"42"', 42],
  ['{"value": 88.2, "timestamp": "2026-01-01T00:00:00Z"}', 88.2],
  ['{"value":"17"}', 17],
  ['', null],
  ['fast', null],
  ['null', null],
  ['true', null],
  ['[50]', null],
  ['{"speed":50}', null],
  ['NaN', null],
  ['1e999', null],
  [`"${'5'.repeat(2000)}"`, null],
])('reads the speed %s as %s', (payload, speed) => expect(speedOf(bytes(payload))).toBe(speed));

it.each([
  ['ON', true],
  ['"START"', true],
  ['{"value":"ON"}', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['{"value":"ACC"}', false],
  ['"LOCK"', false],
  ['0', false],
  ['UNDEFINED', null],
  ['2', null],
  ['{}', null],
  ['', null],
])('reads the ignition %s as %s', (payload, on) => expect(ignitionOf(bytes(payload))).toBe(on));

it('never throws, whatever is published', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (payload) => {
      const speed = speedOf(payload);
      expect(speed === null || Number.isFinite(speed)).toBe(true);
      expect([true, false, null]).toContain(ignitionOf(payload));
    }),
  );
});
