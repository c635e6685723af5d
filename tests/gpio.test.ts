/** GPIO inputs as observations: the ignition and the button of a vehicle that stands and drives. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followIgnition, openGpioInputs } from '../agent/gpio.ts';
import { incoming } from '../agent/incoming.ts';
import type { Judging } from '../agent/judging.ts';
import { openJudging } from '../agent/judging.ts';
import { initialState } from '../agent/judge/index.ts';
import type { Outcome } from '../agent/judge/outcome.ts';
import type { Observation } from '../agent/perceive/observation.ts';
import { configSchema } from '../config/schema.ts';
import { fakeGpio, type FakeGpio } from './fakes/gpiod.ts';

const { judge } = configSchema.parse({});

/** A judge that is told of the ignition once a second. */
function vehicle(stopAfterOffMs?: number) {
  const outcomes: Outcome[] = [];
  const told: Observation[] = [];
  const stopped = vi.fn();
  const now = { ms: 0, speedKmh: null as number | null };
  const real = openJudging(initialState('run'), judge, (outcome) => outcomes.push(outcome));
  const judging: Pick<Judging, 'observe' | 'measures'> = {
    measures: () => real.measures(),
    observe(seen) {
      told.push(seen);
      real.observe(seen);
    },
  };
  const take = followIgnition(stopAfterOffMs, {
    judging: () => judging,
    nowMs: () => now.ms,
    hourOfDay: () => 14.5,
    speedKmh: () => now.speedKmh,
    onStop: stopped,
  });
  const wire = (on: boolean, seconds: number): void => {
    for (let n = 0; n < seconds; n += 1) {
      now.ms += 1000;
      take(on);
    }
  };
  const trips = () => outcomes.filter((outcome) => outcome.type === 'trip');
  return { wire, now, told, trips, stopped };
}

describe('the ignition', () => {
  it('begins and ends a trip', () => {
    const { wire, trips, stopped } = vehicle();
    wire(false, 3);
    wire(true, 60);
    wire(false, 30);
    expect(trips()).toMatchObject([
      { phase: 'start', cause: 'ignition' },
      { phase: 'end', cause: 'ignition' },
    ]);
    expect(stopped).not.toHaveBeenCalled();
  });

  it('is told at each change and every five seconds, with the hour', () => {
    const { wire, told } = vehicle();
    wire(true, 12);
    wire(false, 1);
    expect(told).toMatchObject(
      [
        [1, true],
        [6, true],
        [11, true],
        [13, false],
      ].map(([atS, ignitionOn]) => ({
        kind: 'context',
        atMs: Number(atS) * 1000,
        ignitionOn,
        hourOfDay: 14.5,
        speedKmh: null,
      })),
    );
  });

  it('ends the role once, after its time, with the trip ended before', () => {
    const { wire, trips, stopped } = vehicle(5000);
    wire(true, 10);
    wire(false, 5);
    expect(stopped).not.toHaveBeenCalled();
    wire(false, 1);
    expect(trips().at(-1)).toMatchObject({ phase: 'end', cause: 'ignition' });
    wire(false, 30);
    expect(stopped).toHaveBeenCalledOnce();
    expect(trips()).toHaveLength(2);
  });

  it('does not end the role for the dip while the engine is cranked', () => {
    const { wire, stopped } = vehicle(5000);
    wire(true, 10);
    wire(false, 3);
    wire(true, 10);
    wire(false, 3);
    expect(stopped).not.toHaveBeenCalled();
  });

  it('that was never on ends nothing: it may not be wired', () => {
    const { wire, stopped } = vehicle(5000);
    wire(false, 100);
    expect(stopped).not.toHaveBeenCalled();
  });

  it('that breaks off while the vehicle drives ends nothing', () => {
    const { wire, now, stopped } = vehicle(5000);
    wire(true, 10);
    now.speedKmh = 80;
    wire(false, 100);
    expect(stopped).not.toHaveBeenCalled();
  });
});

describe('by wire', () => {
  let gpio: FakeGpio;
  beforeEach(() => {
    gpio = fakeGpio(2);
    vi.stubEnv('PATH', `${gpio.path}:${process.env['PATH'] ?? ''}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    gpio.remove();
  });

  it('a press is an acknowledgement, and the wired ignition counts before what is told over the link', async () => {
    const told: Observation[] = [];
    const report = vi.fn();
    const judging = { observe: (seen: Observation) => void told.push(seen) } as unknown as Judging;
    const config = configSchema.parse({ gpio: { button: { line: 27 }, ignition: { line: 22 } } });
    const shared = { judging: () => judging, nowMs: () => 7, hourOfDay: () => null };
    const inputs = openGpioInputs({
      ...shared,
      config: config.gpio,
      speedKmh: () => null,
      health: { report },
      onStop: () => undefined,
    });
    expect(inputs.ignitionOn()).toBeNull();
    await vi.waitUntil(() => inputs.ignitionOn() === false, { timeout: 20_000 });
    gpio.edge(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    gpio.edge(false);
    await vi.waitUntil(() => told.some(({ kind }) => kind === 'ack'), { timeout: 20_000 });
    expect(told).toContainEqual({ kind: 'ack', atMs: 7, origin: 'button' });

    const link = incoming({
      ...shared,
      surroundings: { take: () => ({ speedKmh: 50, ignitionOn: true }) },
      health: { report } as never,
      wiredIgnition: () => inputs.ignitionOn(),
    });
    link.onContext({} as never);
    expect(told.at(-1)).toMatchObject({ speedKmh: 50, ignitionOn: false });
    gpio.take();
    await vi.waitUntil(() => inputs.ignitionOn() === null, { timeout: 20_000 });
    link.onContext({} as never);
    expect(told.at(-1)).toMatchObject({ speedKmh: 50, ignitionOn: true });
    expect(report).toHaveBeenCalledWith('ignition', 'degraded', expect.stringContaining('busy'));
    await inputs.close();
    expect(gpio.held()).toBe(false);
  });
});
