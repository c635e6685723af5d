/**
 * Every fault of a device, met by the real loops: what is said, and that all is well again once it is over.
 *
 * The waits are short here. `CABINWATCH_FAULT_TABLE=FILE` runs the same with the settings' own waits and
 * writes the table: fault, what was said, how long until it was noticed and until all was well [s].
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AudioWindows } from '../../agent/capture/audio-window.ts';
import { runCamera } from '../../agent/capture/camera-loop.ts';
import { FrameRing } from '../../agent/capture/frame-ring.ts';
import type { DeviceHealth } from '../../agent/capture/keep-open.ts';
import { runMicrophone } from '../../agent/capture/microphone-loop.ts';
import { WindowQueue } from '../../agent/capture/window-queue.ts';
import { configSchema } from '../../config/schema.ts';
import { frameBytes, openCamera } from '../../hardware/camera/index.ts';
import { openMicrophone } from '../../hardware/microphone/index.ts';
import { monotonicMs } from '../../hardware/monotonic.ts';
import { fakeMicrophone } from '../fakes/arecord.ts';
import { shimCamera } from '../fakes/v4l2-camera.ts';
import { children, temporaryFolder } from '../hardware/media.ts';

const table = process.env['CABINWATCH_FAULT_TABLE'];
const QUICK = { retryMinMs: 50, retryMaxMs: 200, silentAfterMs: 600 };
const cameraWaits = table === undefined ? { ...QUICK, badPictureAfterMs: 700 } : {};
const microphoneWaits = table === undefined ? { ...QUICK, mutedAfterMs: 700 } : {};
const folder = temporaryFolder();
const shim = shimCamera(folder);
if (shim === null)
  console.warn('device faults of the camera are skipped: gcc and the V4L2 headers are needed');
afterAll(() => shim?.remove());
const microphone = fakeMicrophone(folder);

/** A device that runs until the test is over; what is said of it. */
class Running {
  readonly #stop = new AbortController();
  readonly #said: { readonly health: DeviceHealth; readonly atMs: number }[] = [];
  readonly #ended: Promise<unknown>;

  constructor(start: (onHealth: (health: DeviceHealth) => void, signal: AbortSignal) => Promise<unknown>) {
    this.#ended = start((health) => this.#said.push({ health, atMs: monotonicMs() }), this.#stop.signal);
  }

  /** Waits until it is said, and how long that took [ms]. */
  async hears(
    wanted: (health: DeviceHealth) => boolean,
    fromMs = monotonicMs(),
  ): Promise<{ reason: string; tookMs: number }> {
    for (let from = 0; ;) {
      for (; from < this.#said.length; from += 1) {
        const { health, atMs } = this.#said[from]!;
        if (atMs >= fromMs && wanted(health))
          return { reason: health.state === 'ok' ? '' : health.reason, tookMs: atMs - fromMs };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

function runningCamera(device: string): Running {
  const config = configSchema.shape.camera.parse({ device, width: 320, height: 240, ...cameraWaits });
  const ring = new FrameRing(frameBytes({ width: 320, height: 240, pixelFormat: 'yuv420p' }), 3, 'newest');
  return new Running((onHealth, signal) =>
    runCamera({
      makeCamera: () => openCamera(config),
      sink: ring,
      retry: config,
      badPictureAfterMs: config.badPictureAfterMs,
      signal,
      onHealth,
    }),
  );
}

function runningMicrophone(): Running {
  const config = configSchema.shape.microphone.parse({ driver: 'lpcm16', ...microphoneWaits });
  const windows = new AudioWindows(config);
  const queue = new WindowQueue('newest');
  return new Running((onHealth, signal) =>
    runMicrophone({
      makeMicrophone: () => openMicrophone(config),
      ...{ windows, queue, retry: config, check: config, signal, onHealth },
    }),
  );
}

const isOk = (health: DeviceHealth) => health.state === 'ok';

/** Breaks, waits until `said` is said, mends, waits until all is well. */
async function meet(name: string, device: Running, said: RegExp, fault: Fault): Promise<void> {
  await device.hears(isOk, 0);
  const brokenMs = monotonicMs();
  fault.begins();
  const noticed = await device.hears((h) => h.state !== 'ok' && said.test(h.reason), brokenMs);
  const mendedMs = monotonicMs();
  fault.ends();
  const well = await device.hears(isOk, mendedMs);
  if (table === undefined) return;
  const seconds = [noticed.tookMs, well.tookMs].map((ms) => (ms / 1000).toFixed(1));
  appendFileSync(table, `| ${name} | ${noticed.reason} | ${seconds.join(' | ')} |\n`);
}

interface Fault {
  readonly begins: () => void;
  readonly ends: () => void;
}

/** The recorder, or whatever else this process has started. */
function killChildren(): void {
  for (const pid of children()) process.kill(pid, 'SIGKILL');
}

if (table !== undefined) {
  writeFileSync(
    table,
    '| fault | what is said | said after [s] | well again after [s] |\n|---|---|---|---|\n',
  );
}
const options = { timeout: table === undefined ? 15_000 : 120_000 };

describe.skipIf(shim === null)('a camera', () => {
  let camera: Running;
  beforeEach(() => {
    shim?.set(null);
    camera = runningCamera(shim?.device ?? '');
  });
  afterEach(() => camera.close());

  const faults = [
    ['unplugged while it runs (ENODEV)', 'gone', /No such device \(is it plugged in\?\)$/],
    ['silent', 'hangs', /^nothing more arrived for /],
    ['frozen', 'frozen', /^the picture has not changed for /],
    ['black', 'black', /^the picture is black: is the lens covered/],
  ] as const;
  it.each(faults)('that is %s is noticed, and used again', options, async (name, fault, said) => {
    const broken = { begins: () => shim?.set(fault), ends: () => shim?.set(null) };
    await meet(`camera ${name}`, camera, said, broken);
  });

  const unopened = [
    ['not there when it is opened', 'gone', /No such file or directory \(is it plugged in\?\)$/],
    ['taken by another program', 'busy', /Device or resource busy \(another program uses it\)$/],
    ['not allowed to us', 'denied', /Permission denied \(the user needs the group/],
    ['delivering rubbish for MJPEG', 'garbage', /^nothing arrived within /],
  ] as const;
  it.each(unopened)('that is %s is tried for ever', options, async (name, fault, said) => {
    const begins = () => {
      shim?.set(fault);
      killChildren();
    };
    await meet(`camera ${name}`, camera, said, { begins, ends: () => shim?.set(null) });
  });

  it('whose ffmpeg is killed is read again', options, async () => {
    const said = /^camera program "ffmpeg" was ended by SIGKILL after \d+ frames/;
    await meet('ffmpeg killed', camera, said, { begins: killChildren, ends: () => undefined });
  });
});

describe('a microphone', () => {
  let running: Running;
  beforeEach(() => {
    microphone.set(null);
    running = runningMicrophone();
  });
  afterEach(() => running.close());

  const faults = [
    ['unplugged while it records', 'gone', /read error: No such device \(is it plugged in\?\)$/],
    ['silent', 'hangs', /^nothing more arrived for /],
    ['muted', 'muted', /^the microphone delivers silence: is it muted/],
    ['stuck at one value', 'stuck', /^the microphone has been stuck at one value for /],
  ] as const;
  it.each(faults)('that is %s is noticed, and used again', options, async (name, fault, said) => {
    const broken = { begins: () => microphone.set(fault), ends: () => microphone.set(null) };
    await meet(`microphone ${name}`, running, said, broken);
  });

  const unopened = [
    ['not there when it is opened', 'gone', /No such file or directory \(is it plugged in\?\)$/],
    ['taken by another program', 'busy', /Device or resource busy \(another program uses it\)$/],
    ['not allowed to us', 'denied', /Permission denied \(the user needs the group/],
  ] as const;
  it.each(unopened)('that is %s is tried for ever', options, async (name, fault, said) => {
    const begins = () => {
      microphone.set(fault);
      killChildren();
    };
    await meet(`microphone ${name}`, running, said, { begins, ends: () => microphone.set(null) });
  });

  it('without its recorder waits for it to be installed', options, async () => {
    const path = process.env['PATH'];
    const begins = () => {
      process.env['PATH'] = '/nonexistent';
      killChildren();
    };
    const ends = () => {
      process.env['PATH'] = path;
    };
    await meet('arecord not installed', running, /^arecord is not installed/, { begins, ends });
  });
});

it('leaves no process behind', () => {
  expect(children()).toEqual([]);
});
