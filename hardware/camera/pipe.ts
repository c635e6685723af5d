/**
 * Camera behind any program that writes raw frames to its standard output.
 *
 * In:  `camera` settings: a preset or argv, size and layout of the raw frames.
 * Out: frames with the time at which their first byte arrived (CLOCK_MONOTONIC) less `latencyMs`.
 *
 * With the preset ffmpeg turns, flips and crops; with argv of one's own this is done here while the
 * bytes are copied into the slot. The program's end is always a loss: what it said last says why.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import { monotonicMs } from '../monotonic.ts';
import type { Complaints, Exit } from '../subprocess.ts';
import { startSubprocess } from '../subprocess.ts';
import type { Camera, CameraEnd, FrameSink } from './camera.ts';
import { CameraError, frameBytes } from './camera.ts';
import type { Pumped, PumpPlan } from './frame-pump.ts';
import { pumpProgram } from './frame-pump.ts';
import { geometryOf } from './geometry.ts';
import { copyAsIs, placementOf, sourceFrameBytes } from './placement.ts';
import { fillTemplate, v4l2Argv } from './presets.ts';

/** Makes the camera; nothing is started yet. @param nowMs the clock of arrival [ms]. */
export function pipeCamera(config: CameraConfig, nowMs: () => number = monotonicMs): Camera {
  const geometry = geometryOf(config, config, config.pixelFormat);
  return {
    name: config.preset === 'none' ? (config.argv?.[0] ?? 'pipe') : config.device,
    endless: true,
    open: () => {
      const missing = config.preset === 'none' && config.argv === undefined;
      if (missing) return Promise.reject(new CameraError(NO_ARGV));
      return Promise.resolve(geometry.output);
    },
    frames: (sink, signal) => {
      if (signal.aborted) return Promise.resolve({ kind: 'aborted', frames: 0 });
      const byProgram = config.preset === 'v4l2';
      const argv = byProgram ? v4l2Argv(config, geometry) : fillTemplate(config.argv ?? [], config);
      let arrivedMs = 0;
      const plan: PumpPlan = {
        sourceBytes: byProgram ? frameBytes(geometry.output) : sourceFrameBytes(geometry),
        place: byProgram ? copyAsIs : placementOf(geometry),
        format: geometry.output,
        // The first byte and not the last: a program that buffers writes the rest only with the next frame.
        began: () => {
          arrivedMs = nowMs() - config.latencyMs;
        },
        timeOf: () => arrivedMs,
      };
      return read(argv, plan, sink, signal);
    },
  };
}

const NO_ARGV = 'camera.argv is missing: preset "none" needs the program and arguments that write raw frames';

async function read(
  argv: readonly string[],
  plan: PumpPlan,
  sink: FrameSink,
  signal: AbortSignal,
): Promise<CameraEnd> {
  const { pumped, exit, complaints } = await pumpProgram(startSubprocess(argv), sink, plan, signal);
  const { frames } = pumped;
  if (signal.aborted) return { kind: 'aborted', frames };
  return { kind: 'failed', frames, reason: loss(argv[0] ?? '', pumped, exit, complaints) };
}

/** One sentence: how the program ended and what it said last. */
function loss(program: string, pumped: Pumped, exit: Exit, complaints: Complaints): string {
  if (exit.kind === 'not-started') {
    if (program === 'ffmpeg' && exit.code === 'ENOENT')
      return 'ffmpeg is not installed: apt-get install ffmpeg';
    const why = exit.code === 'ENOENT' ? 'there is no such program' : exit.code;
    return `camera program "${program}" could not be started: ${why}`;
  }
  const how = exit.kind === 'killed' ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
  const size = `${pumped.leftOver} bytes of an unfinished frame were left (is the size right?)`;
  const said = complaints.last !== '' ? complaints.last : pumped.leftOver > 0 ? size : 'it gave no reason';
  return `camera program "${program}" ${how} after ${pumped.frames} frames: ${said}`;
}
