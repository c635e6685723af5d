import { describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import { geometryOf } from '../../../hardware/camera/geometry.ts';
import { v4l2Argv } from '../../../hardware/camera/presets.ts';
import { monotonicMs } from '../../../hardware/monotonic.ts';
import { play } from './play.ts';

const settings = (more: object) =>
  configSchema.shape.camera.parse({ driver: 'pipe', width: 160, height: 120, pixelFormat: 'gray8', ...more });
const program = (...argv: string[]) => settings({ preset: 'none', argv });
const reasonOf = async (config: ReturnType<typeof settings>) => {
  const { end } = await play(openCamera(config));
  return end.kind === 'failed' ? end.reason : JSON.stringify(end);
};

describe('a camera behind a program', () => {
  it('tells the time of arrival less the known latency', async () => {
    const before = monotonicMs();
    const config = { ...program('head', '-c', '19200', '/dev/zero'), latencyMs: 250 };
    const { timesMs } = await play(openCamera(config));
    expect(timesMs.length).toBe(1);
    expect(timesMs[0]).toBeGreaterThan(before - 250);
    expect(timesMs[0]).toBeLessThan(monotonicMs() - 250);
  });

  it('fills size, rate and device into the arguments without a shell', async () => {
    const echo = program('sh', '-c', 'echo "$0 $1" >&2', '{width}x{height}@{fps}', '{device}; reboot');
    expect(await reasonOf(echo)).toContain('160x120@15 /dev/video0; reboot');
  });

  it('says how the program ended and what it said last', async () => {
    expect(await reasonOf(program('sh', '-c', 'echo first >&2; echo "[x @ 0x1] last" >&2; exit 7'))).toBe(
      'camera program "sh" ended with code 7 after 0 frames: last',
    );
    expect(await reasonOf(program('sh', '-c', 'kill -9 $$'))).toBe(
      'camera program "sh" was ended by SIGKILL after 0 frames: it gave no reason',
    );
  });

  it('says that the end of a program is a loss even when it ended well', async () => {
    expect(await reasonOf(program('head', '-c', '38400', '/dev/zero'))).toBe(
      'camera program "head" ended with code 0 after 2 frames: it gave no reason',
    );
  });

  it('wonders about the size when a frame was never completed', async () => {
    expect(await reasonOf(program('head', '-c', '20000', '/dev/zero'))).toBe(
      'camera program "head" ended with code 0 after 1 frames: 800 bytes of an unfinished frame were left (is the size right?)',
    );
  });

  it('says that a program is not there', async () => {
    expect(await reasonOf(program('cabinwatch-no-such-program'))).toBe(
      'camera program "cabinwatch-no-such-program" could not be started: there is no such program',
    );
  });

  it('says that the arguments are missing', async () => {
    const config = { ...program('x'), argv: undefined };
    await expect(openCamera(config).open(new AbortController().signal)).rejects.toThrow(
      'camera.argv is missing',
    );
  });
});

describe('the v4l2 preset', () => {
  const config = settings({ device: '/dev/video7', rotateDeg: 90, fps: 25, pixelFormat: 'yuv420p' });

  it('asks the device for size and rate, and ffmpeg for the rest', () => {
    const argv = v4l2Argv(config, geometryOf(config, config, config.pixelFormat));
    expect(argv.join(' ')).toContain('-f v4l2 -framerate 25 -video_size 160x120 -i /dev/video7');
    expect(argv[argv.indexOf('-vf') + 1]).toBe(
      'scale=160:120:force_original_aspect_ratio=increase,crop=160:120,format=yuv420p,transpose=clock',
    );
  });

  it('delivers pictures of the wanted size from a device that has another one', async () => {
    const argv = v4l2Argv(config, geometryOf(config, config, config.pixelFormat));
    const input = argv.indexOf('v4l2') - 1;
    const standIn = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:d=0.2'];
    argv.splice(input, argv.indexOf('-map') - input, ...standIn);
    const upright = { ...config, preset: 'none', argv, width: 120, height: 160, rotateDeg: 0 } as const;
    const { format, timesMs } = await play(openCamera(upright));
    expect(format).toEqual({ width: 120, height: 160, pixelFormat: 'yuv420p' });
    expect(timesMs.length).toBeGreaterThan(0);
  });

  it('names the device that is not there', async () => {
    const { end } = await play(openCamera(settings({ device: '/dev/video-none' })));
    expect(end.kind === 'failed' && end.reason).toMatch(
      /^camera program "ffmpeg" .*\/dev\/video-none.*No such file/,
    );
  });

  it('says what to install without ffmpeg', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    try {
      expect(await reasonOf(config)).toBe('ffmpeg is not installed: apt-get install ffmpeg');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
