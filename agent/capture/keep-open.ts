/**
 * Keeps a device open for ever: opens it, notices when it goes, falls silent or delivers nothing new,
 * waits, opens it again.
 *
 * In:  a way to run the device once, the waits of the settings, a signal to stop.
 * Out: health transitions; the end, which for a device is the signal alone and for a file its own end.
 */
import { monotonicMs, sleep } from '../../hardware/monotonic.ts';

/** A device's condition, reported when it changes. */
export type DeviceHealth =
  | { readonly state: 'ok' }
  /** Lost or not there yet; it is tried again for ever. `reason` is one sentence. */
  | { readonly state: 'lost'; readonly reason: string }
  /** It delivers, but nothing of use: covered, muted. `reason` is one sentence. */
  | { readonly state: 'impaired'; readonly reason: string };

/** What a run says of its device. */
export interface DeviceSigns {
  /**
   * Something arrived.
   * @param fault what is wrong with it, though @param fresh it is new, not a repetition
   */
  alive(fault?: string | null, fresh?: boolean): void;
  /** For `lastedMs` it has delivered the same again and again: this run is over, another one may help. */
  giveUp(reason: string, lastedMs: number): void;
}

/** The waits of the settings [ms]. */
export interface RetryConfig {
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly silentAfterMs: number;
}

/** How one run of a device ended. */
export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'aborted' };

/** One run of a device, from opening to its end. */
export interface DeviceRun<End extends RunEnd> {
  /** `false`: a file; its end is the end of all. */
  readonly endless: boolean;
  /** Runs until it ends or the signal aborts; calls `alive` whenever something arrives. */
  run(signs: DeviceSigns, signal: AbortSignal): Promise<End>;
}

/** What the supervisor needs to know. */
export interface KeepOpenOptions<End extends RunEnd> {
  readonly makeRun: () => DeviceRun<End>;
  readonly retry: RetryConfig;
  readonly signal: AbortSignal;
  readonly onHealth: (health: DeviceHealth) => void;
  /** 0-1, for the jitter of the waits. */
  readonly random?: () => number;
}

/** A device is given this many times `silentAfterMs` for its first sign: a webcam starts in 1-3 s; with the looks noticed within 9 s. */
const FIRST_SIGN = 2.5;
/** Silence is looked for so often within `silentAfterMs`. */
const LOOKS = 4;

/** Runs the device again and again; settles with the end of a file, or `aborted`. */
export async function keepOpen<End extends RunEnd>(options: KeepOpenOptions<End>): Promise<End> {
  const { retry, signal } = options;
  const report = transitions(options.onHealth);
  for (let failures = 0, doubted = false; ;) {
    const device = options.makeRun();
    const run: RunResult<End> = await runOnce(device, retry, signal, report, doubted);
    const { end } = run;
    if (signal.aborted || !device.endless) return end;
    if (!run.reported)
      report({ state: 'lost', reason: end.kind === 'failed' ? end.reason : 'it ended by itself' });
    doubted = run.doubted;
    failures = run.steady ? 1 : failures + 1;
    await sleep(waitMs(retry, failures, options.random ?? Math.random), signal);
  }
}

/** Wait before the next try: doubles from `retryMinMs` to `retryMaxMs`, the upper half of it by chance. */
export function waitMs(retry: RetryConfig, failures: number, random: () => number): number {
  const doubled = Math.min(retry.retryMaxMs, retry.retryMinMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(retry.retryMinMs, doubled * (0.5 + 0.5 * random()));
}

interface RunResult<End> {
  readonly end: End;
  /** It delivered well for longer than `silentAfterMs`: the next loss is a new one. */
  readonly steady: boolean;
  /** We ended it ourselves, which was reported. */
  readonly reported: boolean;
  /** It repeats itself: the next run has to show something new before it counts as well. */
  readonly doubted: boolean;
}

async function runOnce<End extends RunEnd>(
  device: DeviceRun<End>,
  retry: RetryConfig,
  signal: AbortSignal,
  report: (health: DeviceHealth) => void,
  doubtedBefore: boolean,
): Promise<RunResult<End>> {
  const inner = new AbortController();
  const stop = () => inner.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const signs = new Signs(retry.silentAfterMs);
  const run = { reported: false, doubted: doubtedBefore };
  const lose = (reason: string) => {
    run.reported = true;
    report({ state: 'lost', reason }); // now: ending a hung program may take its time
    stop();
  };
  const watch = device.endless
    ? setInterval(() => {
        if (!run.reported && signs.missing()) lose(signs.complaint());
      }, retry.silentAfterMs / LOOKS)
    : undefined;
  try {
    const end = await device.run(hearing(run, signs, report, lose), inner.signal);
    return { end, steady: signs.steady(), ...run };
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
  }
}

/** Turns what the run says into health; once it is given up, nothing more counts. */
function hearing(
  run: { readonly reported: boolean; doubted: boolean },
  signs: Signs,
  report: (health: DeviceHealth) => void,
  lose: (reason: string) => void,
): DeviceSigns {
  return {
    alive: (fault = null, fresh = true) => {
      signs.seen();
      if (run.reported) return;
      if (fresh) run.doubted = false;
      if (fault !== null) report({ state: 'impaired', reason: fault });
      else if (!run.doubted) report({ state: 'ok' });
    },
    giveUp: (reason, lastedMs) => {
      if (run.reported) return;
      run.doubted = true;
      signs.repeated(lastedMs);
      lose(reason);
    },
  };
}

/** Signs of life of one run. */
class Signs {
  readonly #silentAfterMs: number;
  readonly #startMs = monotonicMs();
  #firstMs: number | null = null;
  #lastMs = this.#startMs;
  #lateLooks = 0;
  #repeatedMs = 0;

  constructor(silentAfterMs: number) {
    this.#silentAfterMs = silentAfterMs;
  }

  /** Something arrived. */
  seen(): void {
    this.#lastMs = monotonicMs();
    this.#lateLooks = 0;
    this.#firstMs ??= this.#lastMs;
  }

  /** The last of what arrived was nothing new. */
  repeated(lastedMs: number): void {
    this.#repeatedMs = lastedMs;
  }

  /** Silent for too long? Twice in a row: after a stall of our own thread what waits is read first. */
  missing(): boolean {
    const late = monotonicMs() - this.#lastMs > this.#patienceMs();
    this.#lateLooks = late ? this.#lateLooks + 1 : 0;
    return this.#lateLooks >= 2;
  }

  steady(): boolean {
    return this.#firstMs !== null && this.#lastMs - this.#repeatedMs - this.#firstMs > this.#silentAfterMs;
  }

  complaint(): string {
    const what = this.#firstMs === null ? 'nothing arrived within' : 'nothing more arrived for';
    return `${what} ${(this.#patienceMs() / 1000).toFixed(1)} s`;
  }

  #patienceMs(): number {
    return this.#firstMs === null ? FIRST_SIGN * this.#silentAfterMs : this.#silentAfterMs;
  }
}

/** Passes on what is new: the same condition for the same reason is no transition. */
function transitions(onHealth: (health: DeviceHealth) => void): (health: DeviceHealth) => void {
  let before = '';
  return (health) => {
    const now = health.state === 'ok' ? 'ok' : `${health.state}: ${health.reason}`;
    if (now === before) return;
    before = now;
    onHealth(health);
  };
}
