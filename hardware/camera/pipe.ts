/**
 * Camera behind any program that writes raw frames.
 *
 * In:  `camera` settings: a preset or argv, size and layout of the raw frames.
 * Out: frames with the time at which their first byte arrived (CLOCK_MONOTONIC) less `latencyMs`.
 *
 * A V4L2 device is first asked what it offers. The program's end is always a loss: what it said says why.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import { hinted } from '../device-hints.ts';
import { monotonicMs } from '../monotonic.ts';
import type { Complaints, Exit } from '../subprocess.ts';
import { startSubprocess, startTalkative } from '../subprocess.ts';
import type { Camera, CameraEnd, FrameSink } from './camera.ts';
import { CameraError, frameBytes } from './camera.ts';
import type { Pumped, PumpPlan } from './frame-pump.ts';
import { pumpProgram } from './frame-pump.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import { listModes } from './list-modes.ts';
import { copyAsIs, placementOf } from './placement.ts';
import { frameProgram, type FrameProgram } from './presets.ts';
import { chooseMode } from './v4l2-modes.ts';

/** Makes the camera; nothing is started yet. @param nowMs the clock of arrival [ms]. */
export function pipeCamera(config: CameraConfig, nowMs: () => number = monotonicMs): Camera {
  const geometry = geometryOf(config, config, config.pixelFormat);
  return {
    name: nameOf(config),
    endless: true,
    open: () => {
      const missing = config.preset === 'none' && config.argv === undefined;
      if (missing) return Promise.reject(new CameraError(NO_ARGV));
      return Promise.resolve(geometry.output);
    },
    frames: async (sink, signal) => {
      const asked = config.preset === 'v4l2' ? await listModes(config.device, signal) : [];
      if (signal.aborted) return { kind: 'aborted', frames: 0 };
      const program = frameProgram(config, geometry, chooseMode(asked, config));
      return read(program, config, pumpPlan(program, config, geometry, nowMs), sink, signal);
    },
  };
}

const NO_ARGV = 'camera.argv is missing: preset "none" needs the program and arguments that write raw frames';

function nameOf(config: CameraConfig): string {
  if (config.preset === 'none') return config.argv?.[0] ?? 'pipe';
  return config.preset === 'rtsp' ? withoutPassword(config.url ?? '') : config.device;
}

/** Neither log nor alert shall tell who may look into the cabin. */
function withoutPassword(text: string): string {
  return text.replaceAll(/(rtsps?:\/\/)[^/@\s]*@/g, '$1');
}

function pumpPlan(
  { layout }: FrameProgram,
  config: CameraConfig,
  geometry: Geometry,
  nowMs: () => number,
): PumpPlan {
  let arrivedMs = 0;
  return {
    sourceBytes: layout === 'final' ? frameBytes(geometry.output) : layout.bytes,
    place: layout === 'final' ? copyAsIs : placementOf(geometry, layout),
    format: geometry.output,
    // The first byte and not the last: a program that buffers writes the rest only with the next frame.
    began: () => {
      arrivedMs = nowMs() - config.latencyMs;
    },
    timeOf: () => arrivedMs,
  };
}

async function read(
  { argv, talkative }: FrameProgram,
  config: CameraConfig,
  plan: PumpPlan,
  sink: FrameSink,
  signal: AbortSignal,
): Promise<CameraEnd> {
  const program = talkative ? startTalkative(argv) : startSubprocess(argv);
  const { pumped, exit, complaints } = await pumpProgram(program, sink, plan, signal);
  const { frames } = pumped;
  if (signal.aborted) return { kind: 'aborted', frames };
  const reason = loss(argv[0] ?? '', pumped, exit, complaints);
  return { kind: 'failed', frames, reason: config.preset === 'rtsp' ? withoutPassword(reason) : reason };
}

/** What to install, by program. */
const PACKAGES: Readonly<Record<string, string>> = {
  ffmpeg: 'ffmpeg is not installed: apt-get install ffmpeg',
  'rpicam-vid': 'rpicam-vid is not installed: apt-get install rpicam-apps-lite (Raspberry Pi OS)',
  'gst-launch-1.0': 'gst-launch-1.0 is not installed: apt-get install gstreamer1.0-tools',
};

/** One sentence: how the program ended and what it said about it. */
function loss(program: string, pumped: Pumped, exit: Exit, complaints: Complaints): string {
  if (exit.kind === 'not-started') {
    const packaged = PACKAGES[program];
    if (packaged !== undefined && exit.code === 'ENOENT') return packaged;
    const why = exit.code === 'ENOENT' ? 'there is no such program' : exit.code;
    return `camera program "${program}" could not be started: ${why}`;
  }
  const how = exit.kind === 'killed' ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
  const size = `${pumped.leftOver} bytes of an unfinished frame were left (is the size right?)`;
  const silent = pumped.leftOver > 0 ? size : 'it gave no reason';
  const said = complaints.error === '' ? silent : hinted(complaints.error);
  return `camera program "${program}" ${how} after ${pumped.frames} frames: ${said}`;
}
