/** What watch knows of the vehicle: which speed counts, what is stale, what is lost. */
import { describe, expect, it } from 'vitest';
import { contextConfig } from '../../config/schema/context.ts';
import { openHealth } from '../../agent/health.ts';
import type { LinkContext } from '../../agent/link/messages.ts';
import { openSurroundings } from '../../agent/surroundings.ts';
import { logger } from '../link/fixtures.ts';

const place = { latitudeDeg: 48.1, longitudeDeg: 11.5, accuracyM: 4 };
const said = (source: LinkContext['source'], changes: Partial<LinkContext> = {}): LinkContext => ({
  v: 1,
  type: 'context',
  source,
  speedKmh: null,
  ignitionOn: null,
  position: null,
  clock: 'unknown',
  fault: null,
  dropped: 0,
  ...changes,
});

function open(settings: Record<string, unknown>) {
  let nowMs = 1000;
  const health = openHealth(logger().log);
  const surroundings = openSurroundings({
    config: contextConfig.parse(settings),
    health,
    nowMs: () => nowMs,
  });
  return { surroundings, health, pass: (ms: number) => (nowMs += ms) };
}
const reasonOf = ({ health }: ReturnType<typeof open>, part: string) => {
  const found = health.snapshot().parts[part];
  return found?.status === 'degraded' ? found.reason : found?.status;
};

describe('the speed', () => {
  it('is that of the first source that tells a fresh one; the others are not mixed in', () => {
    const { surroundings, pass } = open({ speed: ['obd', 'gpsd'] });
    expect(surroundings.take(said('gpsd', { speedKmh: 48 })).speedKmh).toBe(48);
    expect(surroundings.take(said('obd', { speedKmh: 50 })).speedKmh).toBe(50);
    expect(surroundings.take(said('gpsd', { speedKmh: 47 })).speedKmh).toBeNull();
    expect(surroundings.speedKmh()).toBe(50);
    pass(10_001);
    expect(surroundings.take(said('gpsd', { speedKmh: 46 })).speedKmh).toBe(46);
    expect(surroundings.speedKmh()).toBe(46);
  });

  it('is unknown once it is stale', () => {
    const { surroundings, pass } = open({ speed: ['mqtt'] });
    surroundings.take(said('mqtt', { speedKmh: 30 }));
    pass(10_000);
    surroundings.take(said('mqtt'));
    expect(surroundings.speedKmh()).toBe(30);
    pass(1);
    expect(surroundings.speedKmh()).toBeNull();
  });

  it('is not taken from a source that is not asked for', () => {
    const { surroundings } = open({ position: 'gpsd' });
    expect(surroundings.take(said('gpsd', { speedKmh: 50 })).speedKmh).toBeNull();
    expect(surroundings.take(said('obd', { speedKmh: 50 })).speedKmh).toBeNull();
    expect(surroundings.speedKmh()).toBeNull();
  });
});

it('knows the position only while it is fresh, and only where it is asked for', () => {
  const asked = open({ position: 'gpsd' });
  asked.surroundings.take(said('gpsd', { position: place }));
  expect(asked.surroundings.position()).toEqual(place);
  asked.pass(10_001);
  expect(asked.surroundings.position()).toBeNull();
  const other = open({ speed: ['gpsd'] });
  other.surroundings.take(said('gpsd', { position: place }));
  expect(other.surroundings.position()).toBeNull();
});

it('hears the ignition only from where it is asked for', () => {
  const asked = open({ ignition: 'mqtt' }).surroundings;
  expect(asked.take(said('mqtt', { ignitionOn: true })).ignitionOn).toBe(true);
  expect(asked.take(said('gpsd', { ignitionOn: true })).ignitionOn).toBeNull();
  expect(
    open({ speed: ['mqtt'] }).surroundings.take(said('mqtt', { ignitionOn: true })).ignitionOn,
  ).toBeNull();
});

it('believes what is told of the clock for a minute; who knows nothing says nothing', () => {
  const { surroundings, pass } = open({});
  expect(surroundings.clockTold()).toBe('unknown');
  surroundings.take(said('clock', { clock: 'synchronised' }));
  surroundings.take(said('clock'));
  pass(60_000);
  expect(surroundings.clockTold()).toBe('synchronised');
  pass(1);
  expect(surroundings.clockTold()).toBe('unknown');
});

describe('health', () => {
  it('says nothing of sources that are not asked for', () => {
    const watch = open({});
    watch.pass(60_000);
    watch.surroundings.look();
    expect(watch.health.snapshot().parts).toEqual({});
  });

  it('says in turn that the role is silent, what its source complains of, and that it is well', () => {
    const watch = open({ speed: ['obd'] });
    const look = () => {
      watch.surroundings.look();
      return reasonOf(watch, 'context-obd');
    };
    expect(look()).toBe('ok');
    watch.pass(15_001);
    expect(look()).toBe('the role that reads obd does not tell anything (can)');
    watch.surroundings.take(said('obd', { fault: 'OBD-II: can0 is down' }));
    expect(look()).toBe('OBD-II: can0 is down');
    watch.surroundings.take(said('obd', { speedKmh: 3 }));
    expect(look()).toBe('ok');
    watch.pass(10_001);
    watch.surroundings.take(said('obd'));
    expect(look()).toBe('obd has told nothing for 10 s');
  });

  it('does not miss a speed from a source of the ignition alone', () => {
    const watch = open({ ignition: 'mqtt' });
    watch.pass(14_000);
    watch.surroundings.take(said('mqtt'));
    watch.pass(14_000);
    watch.surroundings.look();
    expect(reasonOf(watch, 'context-mqtt')).toBe('ok');
  });

  it('counts what the sources dropped', () => {
    const watch = open({ speed: ['obd', 'gpsd'] });
    watch.surroundings.take(said('obd', { dropped: 2 }));
    watch.surroundings.take(said('gpsd', { dropped: 3 }));
    watch.surroundings.take(said('obd', { dropped: 4 }));
    expect(watch.health.snapshot().counters).toEqual({ contextDropped: 7 });
  });
});
