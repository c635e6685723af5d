/**
 * The disk stands still for 3 s at the moment of a microsleep: the sound comes within its deadline all the
 * same, the alert is published when it is committed, and its row says that the sound was first.
 *
 * The stall is the write lock of the database, held by this process: every commit waits for it. The time
 * of the decision is the message's own (`capturedAtMs`, the judge's clock), that of the sound the start of
 * the player. The deadline is a promise about the program, so a bare timer with the same player is measured
 * beside it, and what the machine itself was late is granted.
 */
import Sqlite from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../agent/clock.ts';
import type { AlertMessage } from '../../../agent/contract/index.ts';
import { freePort } from '../../uplink/brokers.ts';
import { until, within, type Part, type PartResult, type RigOptions } from '../rig.ts';
import { startBroker } from './broker.ts';
import type { ClosedEyes } from './drive.ts';
import { openFleet, type Fleet } from './fleet.ts';
import { isAlert, judgeDelivery, judgePhases, judgeTruth, together } from './oracle.ts';
import { openPlayer, type Played, type Player } from './player.ts';
import { startRoles } from './roles.ts';
import { openVehicle, type Vehicle } from './vehicle.ts';

/** From the decision to the sound [ms] (promise: RELIABILITY 1 with the commit's wait of 100). */
const DEADLINE_MS = 200;
const STALL_MS = 3000;
/** The stall begins so long after the eyes have closed [ms]: well before the decision at 1 s. */
const STALL_FROM_MS = 300;
/** As long as the sound waits for the commit. */
const BARE_TIMER_MS = 100;
/** What the bare timer's clips are called, before the time they were due. */
const BARE = 'bare-';
/** A timer so near to the alert tells how late the machine was then [ms]. */
const NEAR_MS = 500;
/** After the last stall. */
const DRIVE_END_WITHIN_MS = 60_000;
const DELIVERED_WITHIN_MS = 60_000;

const { monotonicMs } = systemClock();

export const stalledDisk: Part = {
  name: 'stalled disk',
  shows: 'a disk that stands still for 3 s at a microsleep: sound in time, alert afterwards',
  async run({ full }: RigOptions) {
    const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-player-'));
    const player = openPlayer(folder);
    const port = await freePort();
    const warn = { sound: 'aplay', folder: player.sounds } as const;
    const broker = await startBroker(port);
    const vehicle = await openVehicle({ times: full ? 10 : 1, pace: 'own', brokerPort: port, warn });
    const fleet = openFleet(port);
    const timers = startTimers(player);
    const roles = withPath(player.path, () => startRoles(vehicle));
    try {
      const stalls: Stall[] = [];
      for (const closure of vehicle.drive.closures)
        stalls.push(await stall(vehicle, closure, roles.originMs));
      await within('the end of the drive', roles.supervised.finished('watch'), DRIVE_END_WITHIN_MS);
      await until('delivery of all', () => vehicle.waiting() === 0, DELIVERED_WITHIN_MS);
      return verdict({ vehicle, fleet, stalls, played: player.played(), originMs: roles.originMs });
    } finally {
      await roles.supervised.stop();
      timers.kill();
      await fleet.close();
      await broker.kill();
      vehicle.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The roles find our player before the machine's own. */
function withPath<T>(folder: string, start: () => T): T {
  const before = process.env['PATH'];
  process.env['PATH'] = `${folder}:${before ?? ''}`;
  try {
    return start();
  } finally {
    process.env['PATH'] = before;
  }
}

interface Stall {
  readonly closure: ClosedEyes;
  readonly fromMs: number;
  readonly toMs: number;
}

async function stall(vehicle: Vehicle, closure: ClosedEyes, originMs: number): Promise<Stall> {
  await sleep(Math.max(0, originMs + closure.startS * 1000 + STALL_FROM_MS - monotonicMs()));
  const disk = new Sqlite(vehicle.database, { timeout: 500 });
  disk.exec('BEGIN IMMEDIATE');
  const fromMs = monotonicMs();
  await sleep(STALL_MS);
  disk.exec('ROLLBACK');
  disk.close();
  return { closure, fromMs, toMs: monotonicMs() };
}

/** A timer and the player by themselves, beside the vehicle. */
function startTimers(player: Player): ChildProcess {
  const program = fileURLToPath(new URL('./bare-timer.ts', import.meta.url));
  return spawn(process.execPath, [program, String(BARE_TIMER_MS), join(player.path, 'aplay')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Latest of the bare timers that were due near this moment [ms]; `null` = none was measured. */
function latestNear(played: readonly Played[], atMs: number): number | null {
  const near = played.flatMap(({ clip, atMs: playedMs }) => {
    const dueMs = clip.startsWith(BARE) ? Number(clip.slice(BARE.length)) : NaN;
    return Math.abs(dueMs - atMs) <= NEAR_MS ? [playedMs - dueMs] : [];
  });
  return near.length === 0 ? null : Math.max(...near);
}

interface Evidence {
  readonly vehicle: Vehicle;
  readonly fleet: Fleet;
  readonly stalls: readonly Stall[];
  readonly played: readonly Played[];
  readonly originMs: number;
}

function verdict(evidence: Evidence): PartResult {
  const { vehicle, fleet, stalls, originMs } = evidence;
  const committed = vehicle.committed();
  const delivery = together(
    judgeDelivery(committed, fleet.came),
    judgePhases(committed.messages),
    judgeTruth(committed.messages, vehicle.drive.closures, originMs),
  );
  const judged = stalls.map((one) => judgeStall(one, committed.messages.filter(isAlert), evidence));
  return {
    counts: {
      stalls: stalls.length,
      'sound after decision ms': judged.map(({ soundMs }) => soundMs).join(', '),
      'bare timer and player late ms': judged.map(({ lateMs }) => lateMs).join(', '),
      'publication after decision ms': judged.map(({ publishedMs }) => publishedMs).join(', '),
      ...delivery.counts,
    },
    faults: [...delivery.faults, ...judged.flatMap(({ faults }) => faults)],
  };
}

interface JudgedStall {
  readonly soundMs: string;
  readonly lateMs: string;
  readonly publishedMs: string;
  readonly faults: readonly string[];
}

function judgeStall(
  { closure, fromMs, toMs }: Stall,
  committed: readonly AlertMessage[],
  { fleet, played }: Evidence,
): JudgedStall {
  const alert = committed.find(
    ({ phase, capturedAtMs }) => phase === 'raised' && capturedAtMs > fromMs && capturedAtMs < toMs,
  );
  const at = `the ${closure.kind} at ${closure.startS.toFixed(1)} s`;
  const none = { soundMs: 'none', lateMs: 'none', publishedMs: 'none' };
  if (alert === undefined) return { ...none, faults: [`${at} was not decided while the disk stood still`] };
  const decidedMs = alert.capturedAtMs;
  const sound = played.find(({ clip, atMs }) => clip === alert.kind && atMs >= decidedMs);
  const soundMs = sound === undefined ? Infinity : sound.atMs - decidedMs;
  const lateMs = latestNear(played, decidedMs);
  const publishedMs = (fleet.cameAtMs.get(alert.messageId) ?? Infinity) - decidedMs;
  const faults = [
    ...(lateMs === null ? [`${at}: no timer was measured beside it`] : []),
    ...(soundMs <= DEADLINE_MS + (lateMs ?? 0) ? [] : [`${at} sounded ${ms(soundMs)} ms after its decision`]),
    ...(decidedMs + soundMs < toMs ? [] : [`${at} sounded only after the disk went on`]),
    ...(decidedMs + publishedMs > toMs ? [] : [`${at} was published before it was committed`]),
    ...(alert.soundedBeforeCommit ? [] : [`the row of ${at} does not say that the sound was first`]),
  ];
  return { soundMs: ms(soundMs), lateMs: ms(lateMs ?? NaN), publishedMs: ms(publishedMs), faults };
}

const ms = (value: number): string => value.toFixed(0);
