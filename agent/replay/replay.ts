/**
 * One recorded file through the same chain as a live drive, lossless, with nothing stored, warned or sent.
 *
 * In:  a video (and its sound), the configuration. Out: lines of events and alerts, a row a frame, a
 * summary. Everything but `realTimeFactor` depends on the file and the configuration alone.
 */
import { openSource, type Source } from '../capture/source.ts';
import { flow } from '../flow.ts';
import { initialState } from '../judge/index.ts';
import type { Outcome } from '../judge/outcome.ts';
import { openJudging, type Judging } from '../judging.ts';
import { startPerceive } from '../perceive/client.ts';
import type { FaceSeen, NoFace, VoiceSeen } from '../perceive/observation.ts';
import type { ResolvedConfig } from '../../config/load.ts';
import { collectLines, seconds, type AlertLine, type FoundLine } from './lines.ts';
import { measurementRow } from './measurements.ts';

export interface ReplayOptions {
  readonly config: ResolvedConfig;
  /** Path of the video. */
  readonly video: string;
  /** Name that the lines carry. */
  readonly name: string;
  /** Sound that goes with it; left out = the video's own, if it has any. */
  readonly audio?: string | undefined;
  /** Speed told to the judge [km/h]; left out = unknown. */
  readonly speedKmh?: number | undefined;
  readonly signal: AbortSignal;
  readonly onLine: (line: FoundLine) => void;
  readonly onRow?: ((row: string) => void) | undefined;
  /** Time of the file that has been judged [ms]. */
  readonly onProgress: (atMs: number) => void;
}

export interface SummaryLine {
  readonly type: 'summary';
  readonly kind: 'summary';
  readonly file: string;
  readonly frames: number;
  readonly facesFound: number;
  /** Frames that perception lost (0 unless a network failed). */
  readonly framesLost: number;
  /** From the start of the file to its last frame. */
  readonly seconds: number;
  readonly soundWindows: number;
  /** Windows in which speech was heard in at least half of the time. */
  readonly speechWindows: number;
  /** Number of events and alerts by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, number>>;
  /** Statistics that the recording could not carry, and why. */
  readonly switchedOff: readonly string[];
  /** What was wrong with the file (damaged, ended early); `null` = nothing. */
  readonly fault: string | null;
  /** Seconds of the file per second of work; the one number that differs between two replays. */
  readonly realTimeFactor: number;
}

/** The judge's first state must be the same for each replay of a file. */
const RUN_KEY = 'replay';
/** Speed is told so often; the judge takes older ones for unknown. */
const CONTEXT_EVERY_MS = 1000;
const SPEECH_SHARE = 0.5;

/**
 * Replays a file.
 * @throws Error in one sentence when it cannot be played at all or holds no frame
 */
export async function replay(options: ReplayOptions): Promise<SummaryLine> {
  const { config, video } = options;
  const began = performance.now();
  // Ends what reads the file when the rest cannot go on.
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const faults = new Set<string>();
  const source = await openSource({
    camera: { ...config.camera, driver: 'recorded', file: video, pace: 'lossless' },
    microphone: { ...config.microphone, enabled: true, driver: 'recorded', file: options.audio ?? video },
    originMs: 0,
    signal,
    onCamera: () => undefined,
    onMicrophone: (health) => health.state === 'lost' && faults.add(health.reason),
  });
  const run = startRun(options);
  const perceive = await startPerceive({
    ring: source.ring,
    models: config.models,
    perceive: config.perceive,
    clippedAt: config.microphone.clippedAt,
    onHealth: (fault) => fault !== null && faults.add(fault),
  });
  try {
    const fault = await play(source, run, perceive);
    const all = [...(fault === null ? [] : [fault]), ...faults].join('; ');
    if (run.lastFrameMs() === null)
      throw new Error(all === '' ? `${source.name}: no frame could be decoded` : all);
    return run.summary({
      framesLost: perceive.stats().lost,
      fault: all === '' ? null : all,
      workMs: performance.now() - began,
    });
  } finally {
    over.abort();
    await perceive.close();
  }
}

/** @returns what was wrong with the file, `null` when nothing was */
async function play(
  source: Source,
  run: Run,
  perceive: Parameters<typeof flow>[1]['perceive'],
): Promise<string | null> {
  run.judging.observe({ kind: 'trip', atMs: 0, phase: 'start', cause: 'replay' });
  const { streams, ended } = source.start();
  for (const stream of streams) await flow(stream, { perceive, judging: run.judging, onSeen: run.onSeen });
  const { camera, microphone } = await ended;
  if (camera.kind === 'failed') throw new Error(camera.reason);
  run.judging.observe({ kind: 'trip', atMs: run.judging.state().atMs ?? 0, phase: 'end', cause: 'replay' });
  if (camera.kind === 'aborted') return `${source.name}: stopped before the end`;
  if (camera.fault !== null) return camera.fault;
  if (microphone.kind === 'failed') return microphone.reason;
  return microphone.kind === 'finished' ? microphone.fault : null;
}

interface Run {
  readonly judging: Judging;
  readonly onSeen: (seen: FaceSeen | NoFace | VoiceSeen) => void;
  lastFrameMs(): number | null;
  summary(about: { framesLost: number; fault: string | null; workMs: number }): SummaryLine;
}

/** Counts and passes on what one file shows. */
function startRun(options: ReplayOptions): Run {
  const { config, name, speedKmh, onLine, onRow, onProgress } = options;
  const lines = collectLines(name);
  const counts = { frames: 0, facesFound: 0, soundWindows: 0, speechWindows: 0 };
  const found = { event: {} as Record<string, number>, alert: {} as Record<string, number> };
  const switchedOff = new Set<string>();
  let lastFrameMs: number | null = null;
  let contextMs = -Infinity;

  const write = (line: FoundLine): void => {
    found[line.type][line.kind] = (found[line.type][line.kind] ?? 0) + 1;
    onLine(line);
  };
  const onOutcome = (outcome: Outcome): void => {
    const line = lines.take(outcome);
    if (line !== null) write(line);
  };
  const judging = openJudging(initialState(RUN_KEY), config.judge, onOutcome);

  const onSeen = (seen: FaceSeen | NoFace | VoiceSeen): void => {
    if (seen.kind === 'voice-seen') {
      counts.soundWindows += 1;
      if (seen.speechShare >= SPEECH_SHARE) counts.speechWindows += 1;
      return;
    }
    counts.frames += 1;
    if (seen.kind === 'face-seen') counts.facesFound += 1;
    lastFrameMs = seen.atMs;
    const measures = judging.measures();
    measures.switchedOff.forEach((statistic) => switchedOff.add(statistic));
    onRow?.(measurementRow(name, seen, measures));
    if (speedKmh !== undefined && seen.atMs >= contextMs + CONTEXT_EVERY_MS) {
      contextMs = seen.atMs;
      judging.observe({ kind: 'context', atMs: seen.atMs, speedKmh, ignitionOn: true, hourOfDay: null });
    }
    onProgress(seen.atMs);
  };
  return {
    judging,
    onSeen,
    lastFrameMs: () => lastFrameMs,
    summary({ framesLost, fault, workMs }) {
      const rest: AlertLine[] = lines.rest(lastFrameMs ?? 0);
      rest.forEach(write);
      return {
        type: 'summary',
        kind: 'summary',
        file: name,
        ...{ frames: counts.frames, facesFound: counts.facesFound, framesLost },
        seconds: seconds(lastFrameMs ?? 0),
        ...{ soundWindows: counts.soundWindows, speechWindows: counts.speechWindows },
        ...{ events: found.event, alerts: found.alert },
        switchedOff: [...switchedOff],
        fault,
        realTimeFactor: Number(((lastFrameMs ?? 0) / workMs).toFixed(2)),
      };
    },
  };
}
