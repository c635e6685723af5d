/**
 * The watch role, in the order in which a frame travels:
 *
 *   capture -> perceive -> judge -> store -> { warn, uplink }
 *
 * This is the one place where the stages meet. Pixels stay in shared slots, messages carry slot numbers;
 * networks run in the perceive worker, SQLite in the store worker, so this thread waits for neither.
 * Feedback edges: the tracked face region (within perceive), a lossless camera that waits for perceive.
 * The uplink is another process: it reads the store and hears of alerts over the link.
 */
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/load.ts';
import { monotonicMs } from '../hardware/monotonic.ts';
import { openSource, type Source } from './capture/source.ts';
import { systemClock, type Clock } from './clock.ts';
import type { AlertMessage } from './contract/index.ts';
import { openDelivery } from './deliver.ts';
import { openFelt, type Felt } from './felt.ts';
import { flow } from './flow.ts';
import { makeFolder } from './folders.ts';
import { openGpioInputs } from './gpio.ts';
import { deviceHealth, openHealth, storeHealth } from './health.ts';
import { speakerOf } from './identity.ts';
import { hourOfDrive, incoming } from './incoming.ts';
import { openJudging, type Judging } from './judging.ts';
import { startLinkServer, type LinkServer } from './link/server.ts';
import { startPerceive } from './perceive/client.ts';
import type { NetworkVersions } from './perceive/network-opener.ts';
import { startStore } from './store/client.ts';
import { databaseFile } from './store/location.ts';
import { openSurroundings, type Surroundings } from './surroundings.ts';
import { closeOpenAlerts, openTrip, type TripState } from './trip.ts';
import { openOutputs } from './warn/outputs.ts';
import { openWarner } from './warn/warner.ts';

export interface WatchStart {
  readonly config: ResolvedConfig;
  readonly log: Logger;
  /** Ends the role; what is under way is finished first. */
  readonly signal: AbortSignal;
  /** Start of a recorded drive on the monotonic clock [ms]: a watch that is started again goes on with it. */
  readonly originMs?: number | undefined;
}

/**
 * Runs until the signal aborts or a recorded drive is over.
 * @throws Error in one sentence when it cannot begin: a file, a folder, a model, the socket
 */
export async function watch({ config, log, signal: told, originMs }: WatchStart): Promise<void> {
  // Closed in reverse, at the end as at a fault: upstream first, and nothing that runs on by itself.
  await using opened = new AsyncDisposableStack();
  const over = new AbortController();
  const signal = AbortSignal.any([told, over.signal]);
  makeFolder('dataDir', config.dataDir);
  makeFolder('runtimeDir', config.runtimeDir);
  const health = openHealth(log);
  const surroundings = openSurroundings({ config: config.context, health, nowMs: monotonicMs });
  const clock = systemClock(() => surroundings.clockTold());
  const startMs = originMs ?? clock.monotonicMs();
  const recorded = config.camera.driver === 'recorded';
  const trip = openTrip(config.runtimeDir, config.judge, clock, recorded ? startMs : null);
  let versions: NetworkVersions = {};
  const about = () => speakerOf(config, clock, trip.id, surroundings, versions);

  // Looked at first: a recording that cannot be played ends the start before anything runs.
  const source = await openSource({
    camera: config.camera,
    microphone: config.microphone,
    originMs: startMs,
    signal,
    onCamera: deviceHealth(health, 'camera'),
    onMicrophone: deviceHealth(health, 'microphone'),
  });

  // Downstream before upstream, so that nothing arrives unowned.
  const speaker = openOutputs(config.warn, health, log);
  opened.defer(() => speaker.close());
  const warner = openWarner(speaker, config.warn);
  opened.defer(() => warner.close());
  const store = await startStore(databaseFile(config.dataDir), config.store, {
    onHealth: storeHealth(health),
  });
  opened.defer(async () => {
    await store.close();
  });
  await closeOpenAlerts(store, about, clock.monotonicMs());
  const nowMs = () =>
    source.policy === 'lossless' ? (judging.state().atMs ?? startMs) : clock.monotonicMs();
  const hourOfDay = hourOfDrive(clock, recorded);
  const link = await startLinkServer(
    config.link.socket,
    incoming({
      judging: () => judging,
      nowMs,
      surroundings,
      health,
      hourOfDay,
      wiredIgnition: () => inputs.ignitionOn(),
    }),
    log,
  );
  opened.defer(() => link.close());
  health.onChange(() => link.publish({ type: 'health', ...health.snapshot() }));
  const publish = (alert: AlertMessage) => link.publish({ type: 'alert', alert });
  const delivery = openDelivery({ store, warner, about, publish, health, log });
  opened.defer(() => delivery.settled());
  const judging = openJudging(trip.judge, config.judge, (outcome) => {
    if (outcome.type === 'trip') {
      trip.take(outcome);
      log.info(`trip ${outcome.phase} (${outcome.cause})`);
    }
    delivery.take(outcome);
    // Taken first, so that a slow write does not delay the sound; nothing is said before this is over.
    if (outcome.type !== 'event') trip.save(judging.state());
  });
  const inputs = openGpioInputs({
    config: config.gpio,
    judging: () => judging,
    nowMs,
    hourOfDay,
    speedKmh: () => surroundings.speedKmh(),
    health,
    onStop() {
      log.info('the ignition is off: the end');
      over.abort();
    },
  });
  opened.defer(() => inputs.close());
  const felt = openFelt(config.uplink.profile);
  const perceive = await startPerceive({
    ring: source.ring,
    models: config.models,
    perceive: config.perceive,
    clippedAt: config.microphone.clippedAt,
    onHealth: (fault) => health.report('perceive', fault === null ? 'ok' : 'degraded', fault),
    onLoaded: (loaded) => {
      versions = loaded.versions;
      loaded.switchedOff.forEach((reason) => log.info(`switched off: ${reason}`));
    },
  });
  opened.defer(() => perceive.close());

  // The flow, until the signal or the end of a recorded drive.
  // A recorded drive is one trip; with a camera the judge finds out.
  const tellTrip = (atMs: number, phase: 'start' | 'end') =>
    judging.observe({ kind: 'trip', atMs, phase, cause: 'replay' });
  const fromMs = resumedFrom(trip, source, clock);
  if (recorded) tellTrip(startMs, 'start');
  const { streams, ended } = source.start();
  opened.defer(() => over.abort());
  const beats = startBeats({ config, clock, source, judging, trip, link, surroundings, felt, hourOfDay });
  opened.defer(() => beats.stop());
  log.info(`watching ${source.name} (${source.format.width}x${source.format.height})`);
  await Promise.all(
    streams.map((stream) =>
      flow(stream, {
        perceive,
        judging,
        isWanted: ({ atMs }) => atMs > fromMs,
        onSeen: (seen) => felt.take(seen),
      }),
    ),
  );
  const { camera } = await ended;

  // No more observations: the trip's end, then what is under way.
  beats.stop();
  if (camera.kind === 'finished') {
    tellTrip(nowMs(), 'end');
  }
  await opened.disposeAsync();
  // Last of all: a watch that is killed before here finds its drive at the end, and tells nothing twice.
  if (camera.kind === 'finished') trip.forget();
  if (camera.kind === 'failed') throw new Error(camera.reason);
  if (camera.kind === 'finished' && camera.fault !== null) log.warn(camera.fault);
}

/**
 * What lies before this was judged already, or passed while nobody looked [ms]. A lossless drive goes on
 * where it was cut off; one at its own pace where it would be by now, as with a camera.
 */
function resumedFrom(trip: TripState, source: Source, clock: Clock): number {
  if (!trip.resumed || trip.judge.atMs === null) return -Infinity;
  return source.policy === 'lossless' ? trip.judge.atMs : clock.monotonicMs();
}

interface BeatOptions {
  readonly config: ResolvedConfig;
  readonly clock: Clock;
  readonly source: Source;
  readonly judging: Judging;
  readonly trip: TripState;
  readonly surroundings: Surroundings;
  readonly link: LinkServer;
  readonly felt: Felt;
  readonly hourOfDay: () => number | null;
}

/** How often lost sources of speed and position are looked for. */
const LOOK_AROUND_MS = 1000;
/** The hour reaches the judge also where nobody else tells anything. */
const TELL_HOUR_MS = 60_000;

/** What happens by the clock: ticks (live), the saved state, measurements for the link. */
function startBeats(options: BeatOptions): { stop(): void } {
  const { config, clock, source, judging, trip, surroundings, link, felt, hourOfDay } = options;
  const beats = [
    setInterval(() => trip.save(judging.state()), config.judge.saveEveryMs),
    setInterval(() => {
      link.publish({
        type: 'measurement',
        measures: judging.measures(),
        tripId: trip.id,
        framesDropped: source.ring.stats().dropped,
        speedKmh: surroundings.speedKmh(),
        position: surroundings.position(),
        memoryMb: process.memoryUsage.rss() / 1e6,
        affect: felt.at(judging.state().atMs ?? 0),
      });
    }, 1000 / config.link.measurementHz),
    setInterval(() => surroundings.look(), LOOK_AROUND_MS),
  ];
  // Lossless drives have no time but that of their frames.
  if (source.policy === 'newest') {
    const tellHour = (atMs: number) =>
      judging.observe({ kind: 'context', atMs, speedKmh: null, ignitionOn: null, hourOfDay: hourOfDay() });
    beats.push(
      setInterval(() => judging.advanceTo(clock.monotonicMs()), config.judge.tickMs),
      setInterval(() => tellHour(clock.monotonicMs()), TELL_HOUR_MS),
    );
  }
  return { stop: () => beats.forEach((beat) => clearInterval(beat)) };
}
