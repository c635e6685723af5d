/** The clocks: what the wall clock is worth, and that what runs by time runs by the other one. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clockState, hourOfDay, systemClock, type ClockSigns } from '../../agent/clock.ts';
import { hourOfDrive } from '../../agent/incoming.ts';
import { openAskedClock } from '../../agent/uplink/context/clock-asked.ts';
import { fakePrograms } from '../fakes/programs.ts';
import { until } from '../link/fixtures.ts';
import { testClock } from '../uplink/rig.ts';

const root = mkdtempSync(join(tmpdir(), 'clock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fakes = fakePrograms(root);

describe('the wall clock', () => {
  const signs: ClockSigns = {
    wallMs: Date.UTC(2026, 6, 1),
    marked: false,
    timesyncd: false,
    told: 'unknown',
  };
  it.each([
    ['of which nothing is known', {}, 'unknown'],
    ['that timesyncd has set', { marked: true, timesyncd: true }, 'synchronised'],
    ['that timesyncd has not set yet', { timesyncd: true }, 'unsynchronised'],
    ['that chrony has set, as the kernel says', { told: 'synchronised' }, 'synchronised'],
    ['that a GPS set while timesyncd waits', { timesyncd: true, told: 'synchronised' }, 'synchronised'],
    ['that nobody has set, as the kernel says', { told: 'unsynchronised' }, 'unsynchronised'],
    ['that stands in 1970', { wallMs: 12_000, marked: true, told: 'synchronised' }, 'unsynchronised'],
  ] as const)('%s is %s', (_, changes, state) => expect(clockState({ ...signs, ...changes })).toBe(state));

  it('tells the local hour only once it is synchronised', () => {
    const at = (state: 'synchronised' | 'unsynchronised' | 'unknown') =>
      hourOfDay({ state: () => state, wallTime: () => new Date(2026, 0, 1, 3, 30, 36).toISOString() });
    expect(at('synchronised')).toBeCloseTo(3.51);
    expect(at('unsynchronised')).toBeNull();
    expect(at('unknown')).toBeNull();
  });

  it('says nothing of the hour of a recorded drive', () => {
    expect(hourOfDrive(testClock, true)()).toBeNull();
    expect(hourOfDrive(testClock, false)()).toEqual(expect.any(Number));
  });

  it('of this machine takes what it is told by others', () => {
    // timesyncd's mark, where this machine has one, says more.
    expect(systemClock(() => 'synchronised').state()).toBe('synchronised');
  });
});

describe('timedatectl', () => {
  const noted = (name: string) => join(root, `${name}-asked`);
  it.each([
    ['yes', 'echo yes', 'synchronised'],
    ['no', 'echo no', 'unsynchronised'],
    ['without-dbus', 'echo "System has not been booted with systemd" >&2; exit 1', 'unknown'],
    ['odd', 'echo perhaps', 'unknown'],
  ])('that says %s: the clock is %s', async (name, body, state) => {
    const folder = fakes.make('timedatectl', name, `echo "$@" >${noted(name)}\n${body}`);
    const asked = fakes.in(folder, openAskedClock);
    const argv = () => {
      try {
        return readFileSync(noted(name), 'utf8');
      } catch {
        return '';
      }
    };
    await until(() => argv() !== '' && (state === 'unknown' || asked.state() !== 'unknown'));
    expect(argv()).toBe('show --property=NTPSynchronized --value\n');
    expect(asked.state()).toBe(state);
    asked.close();
  });

  it('that is not there leaves the clock unknown', () => {
    const folder = fakes.make('timedatectl', 'not-executable', 'echo yes');
    chmodSync(join(folder, 'timedatectl'), 0o644);
    const asked = fakes.in(folder, openAskedClock);
    expect(asked.state()).toBe('unknown');
    asked.close();
  });
});

/** Files that may not know what day it is: what they do by time they do by the monotonic clock. */
const TIMELESS = ['agent/judge', 'agent/store', 'agent/perceive', 'agent/capture', 'agent/warn'];
const ALONE = ['judging.ts', 'flow.ts', 'saved-state.ts', 'surroundings.ts', 'deliver.ts', 'felt.ts'];
const WALL = /\bDate\b|CURRENT_TIMESTAMP|strftime|datetime\(|unixepoch|julianday/;

it('nothing in judge, store, perception, capture or warning reads the wall clock', () => {
  const repository = resolve(import.meta.dirname, '../..');
  const files = [
    ...TIMELESS.flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${folder}/${name}`),
    ),
    ...ALONE.map((name) => `agent/${name}`),
  ];
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((file) => WALL.test(readFileSync(join(repository, file), 'utf8')))).toEqual([]);
});
