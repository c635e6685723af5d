import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import type { CameraOverrides } from '../../../hardware/camera/index.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import { probeMedia } from '../../../hardware/media/probe.ts';
import { monotonicMs } from '../../../hardware/monotonic.ts';
import { decodeRaw, makeMedia, temporaryFolder } from '../media.ts';
import { play } from './play.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10'];
/** B frames, so that the order in the file is not the order of the pictures. */
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '10', '-pix_fmt', 'yuv420p'];

const camera = (file: string, settings: object = {}, overrides: CameraOverrides = {}) =>
  openCamera(
    configSchema.shape.camera.parse({ driver: 'recorded', file, pace: 'lossless', ...settings }),
    overrides,
  );

/** What is said of a file that cannot be opened. */
const refusal = (file: string) =>
  camera(file)
    .open(new AbortController().signal)
    .then(
      () => 'it was opened',
      (error: unknown) => (error as Error).message,
    );

/** Keeps the first part of a file. */
function cut(file: string, share: number, name: string): string {
  const bytes = readFileSync(file);
  writeFileSync(path(name), bytes.subarray(0, Math.floor(bytes.length * share)));
  return path(name);
}

beforeAll(() => {
  makeMedia(...PICTURE, '-t', '4', ...H264, '-movflags', '+faststart', path('plain.mp4'));
});

describe('times of a recorded camera', () => {
  it("are the file's own, in the order of the pictures", async () => {
    const { timesMs } = await play(camera(path('plain.mp4')));
    expect(timesMs).toEqual(Array.from({ length: 40 }, (_, n) => n * 100));
  });

  it('follow a variable frame rate', async () => {
    const wanted = [0, 40, 80, 480, 500, 1700];
    const pts = wanted.map((ms, n) => `eq(N,${n})*${ms}`).join('+');
    const variable = [
      '-vf',
      `settb=1/1000,setpts='${pts}'`,
      '-frames:v',
      '6',
      '-vsync',
      'passthrough',
      '-enc_time_base',
      '1/1000',
    ];
    const file = makeMedia(...PICTURE, ...variable, '-c:v', 'ffv1', path('variable.mkv'));
    expect((await play(camera(file))).timesMs).toEqual(wanted);
  });

  it('keep the distance between sound and a picture that starts late', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1.5'];
    const file = makeMedia('-itsoffset', '0.5', ...PICTURE, ...sound, '-t', '1.5', ...H264, path('late.mkv'));
    const { timesMs } = await play(camera(file));
    expect(timesMs[0]).toBeCloseTo(500, -1);
    expect(timesMs[1]! - timesMs[0]!).toBeCloseTo(100, -1);
  });

  it('begin at 0 in a stream whose clock began elsewhere', async () => {
    const file = makeMedia(...PICTURE, '-t', '1', ...H264, '-output_ts_offset', '5000', path('clock.ts'));
    const { timesMs } = await play(camera(file));
    expect(timesMs.map(Math.round)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  it('are made up evenly for a stream without any', async () => {
    const file = makeMedia(
      '-i',
      path('plain.mp4'),
      '-c',
      'copy',
      '-bsf:v',
      'h264_mp4toannexb',
      path('bare.h264'),
    );
    const { timesMs } = await play(camera(file));
    expect(timesMs.length).toBe(40);
    expect(timesMs.map((ms, n) => Math.round(ms - n * 100))).toEqual(new Array<number>(40).fill(0));
  });

  it('are shifted by the origin that the caller gives', async () => {
    const { timesMs } = await play(camera(path('plain.mp4'), {}, { originMs: 7000 }));
    expect(timesMs.slice(0, 2)).toEqual([7000, 7100]);
  });

  it('are kept by the pace: no frame comes before its time', async () => {
    const earlyMs: number[] = [];
    const originMs = monotonicMs() + 50;
    const file = makeMedia(...PICTURE, '-t', '0.6', '-c:v', 'ffv1', path('short.mkv'));
    const { timesMs } = await play(camera(file, { pace: 'own' }, { originMs }), (atMs) => {
      earlyMs.push(atMs - monotonicMs());
    });
    expect(timesMs.map((atMs) => Math.round(atMs - originMs))).toEqual([0, 100, 200, 300, 400, 500]);
    expect(Math.max(...earlyMs)).toBeLessThan(2); // a timer may be 1 ms early
  });
});

describe('pictures of a recorded camera', () => {
  it('are those that ffmpeg decodes', async () => {
    const { pixels, format } = await play(camera(path('plain.mp4')));
    expect(format).toEqual({ width: 64, height: 48, pixelFormat: 'yuv420p' });
    expect(Buffer.compare(pixels, decodeRaw(path('plain.mp4'), 'yuv420p'))).toBe(0);
  });

  it('lose the last row and column where the size is odd', async () => {
    const file = makeMedia(
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=65x49:r=10',
      '-frames:v',
      '2',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv420p',
      path('odd.mkv'),
    );
    const { pixels, format } = await play(camera(file));
    expect(format).toMatchObject({ width: 64, height: 48 });
    expect(Buffer.compare(pixels, decodeRaw(file, 'yuv420p', 'crop=64:48:0:0'))).toBe(0);
  });

  it('are gray when the file is, whatever the settings say', async () => {
    const file = makeMedia(
      ...PICTURE,
      '-frames:v',
      '2',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'gray',
      path('gray.mkv'),
    );
    const { pixels, format } = await play(camera(file, { pixelFormat: 'yuv420p' }));
    expect(format.pixelFormat).toBe('gray8');
    expect(Buffer.compare(pixels, decodeRaw(file, 'gray'))).toBe(0);
  });

  it('are upright where the file says how it was held', async () => {
    const file = makeMedia(
      '-i',
      path('plain.mp4'),
      '-c',
      'copy',
      '-metadata:s:v',
      'rotate=90',
      path('held.mp4'),
    );
    const { pixels, format, timesMs } = await play(camera(file));
    expect(format).toMatchObject({ width: 48, height: 64 });
    expect(timesMs.length).toBe(40);
    expect(Buffer.compare(pixels, decodeRaw(file, 'yuv420p'))).toBe(0); // ffmpeg turns it by itself
  });

  it('have square pixels', async () => {
    const file = makeMedia(...PICTURE, '-frames:v', '2', '-vf', 'setsar=3/2', ...H264, path('wide.mp4'));
    expect((await play(camera(file))).format).toMatchObject({ width: 96, height: 48 });
  });

  it('keep their size when the file changes its own on the way', async () => {
    const small = makeMedia(...PICTURE, '-t', '0.5', ...H264, path('a.ts'));
    const large = makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=96x96:r=10', '-t', '0.5', ...H264, path('b.ts'));
    writeFileSync(path('both.ts'), Buffer.concat([readFileSync(small), readFileSync(large)]));
    const { end, format, pixels } = await play(camera(path('both.ts')));
    expect(format).toMatchObject({ width: 64, height: 48 });
    expect(end.frames).toBe(10);
    expect(pixels.length).toBe(10 * 64 * 48 * 1.5);
  });
});

describe('a file that is not as it should be', () => {
  it('is played up to where it was cut off, and that is said', async () => {
    const file = cut(path('plain.mp4'), 0.6, 'cut.mp4');
    const { end, timesMs } = await play(camera(file));
    expect(end.kind === 'finished' ? end.fault : end).toMatch(
      /^cut\.mp4 ended early at \d\.\d s of 4\.0 s, it is damaged or incomplete: \w/,
    );
    expect(end.frames).toBe(timesMs.length);
    expect(timesMs.length).toBeGreaterThan(10);
    expect(timesMs.length).toBeLessThan(40);
  });

  it('is played to its end where it is damaged in the middle, and that is said', async () => {
    const bytes = readFileSync(path('plain.mp4'));
    bytes.fill(0x55, bytes.length / 2, bytes.length / 2 + 200);
    writeFileSync(path('damaged.mp4'), bytes);
    const { end, timesMs } = await play(camera(path('damaged.mp4')));
    expect(end.kind === 'finished' ? end.fault : end).toMatch(/^damaged\.mp4 has damaged parts: \w/);
    expect(timesMs.at(-1)).toBe(3900);
  });

  it('is refused in one sentence that names it', async () => {
    makeMedia('-f', 'lavfi', '-i', 'sine=d=0.2', path('sound.wav'));
    writeFileSync(path('empty.mp4'), '');
    const cases = [
      [path('none.mp4'), 'does not exist'],
      [folder, 'is a folder'],
      [path('empty.mp4'), 'is empty (0 bytes)'],
      [path('sound.wav'), 'has no video stream, only sound: give a file with a picture'],
      [cut(path('sound.wav'), 0.002, 'stump.wav'), 'cannot be read as video or sound'],
      ['/dev/null', 'is not an ordinary file'],
      ['http://localhost/a.mp4', 'does not exist'],
    ] as const;
    for (const [file, wanted] of cases) {
      const said = await refusal(file);
      expect(said).toContain(`${file} ${wanted}`);
      expect(said).not.toContain('\n');
    }
  });

  it('is refused when it holds not one frame', async () => {
    const none = ['-frames:v', '0', '-c:v', 'mpeg4'];
    const nowhere = makeMedia(...PICTURE, ...none, path('zero.mov'));
    expect(await refusal(nowhere)).toMatch(/zero\.mov has no video stream/);
    const file = makeMedia(...PICTURE, ...none, path('zero.avi'));
    const { end } = await play(camera(file));
    expect(end).toMatchObject({ kind: 'failed', frames: 0 });
    expect(end.kind === 'failed' && end.reason).toMatch(
      /zero\.avi has a video stream without one readable picture: \w/,
    );
  });

  it('is not read from elsewhere: a playlist stays a playlist', async () => {
    writeFileSync(path('list.m3u8'), '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n');
    expect(await refusal(path('list.m3u8'))).not.toBe('it was opened');
  });
});

describe('without ffmpeg', () => {
  it('says what to install', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    try {
      expect(await refusal(path('plain.mp4'))).toBe('ffmpeg is not installed: apt-get install ffmpeg');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('probing', () => {
  it('tells length, size, number of frames and sound', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=4'];
    const file = makeMedia(
      '-i',
      path('plain.mp4'),
      ...sound,
      '-c:v',
      'copy',
      '-c:a',
      'aac',
      path('both.mp4'),
    );
    const info = await probeMedia(file);
    expect(info.video).toMatchObject({ width: 64, height: 48, frames: 40, frameMs: 100, endMs: 4000 });
    expect(Math.round((info.durationMs ?? 0) / 100)).toBe(40);
    expect(info.audio).not.toBeNull();
    expect((await probeMedia(path('plain.mp4'))).audio).toBeNull();
  });

  it('estimates the number of frames where the file does not say', async () => {
    const file = makeMedia('-i', path('plain.mp4'), '-c', 'copy', path('plain.mkv'));
    expect((await probeMedia(file)).video?.frames).toBe(40);
  });

  it('does not take a cover picture for a video', async () => {
    const picture = makeMedia(...PICTURE, '-frames:v', '1', path('cover.png'));
    const args = ['-f', 'lavfi', '-i', 'sine=d=0.2', '-i', picture, '-map', '0', '-map', '1'];
    const file = makeMedia(...args, '-c:v', 'copy', '-disposition:v', 'attached_pic', path('song.m4a'));
    expect((await probeMedia(file)).video).toBeNull();
  });
});
