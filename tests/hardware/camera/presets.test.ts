import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CameraConfig } from '../../../config/schema.ts';
import { configSchema } from '../../../config/schema.ts';
import { geometryOf } from '../../../hardware/camera/geometry.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import { frameProgram } from '../../../hardware/camera/presets.ts';
import { fakePrograms } from '../../fakes/programs.ts';
import { makeMedia, temporaryFolder } from '../media.ts';
import { play } from './play.ts';

const folder = temporaryFolder();
const fakes = fakePrograms(folder);
const schema = configSchema.shape.camera;
const settings = (more: object): CameraConfig => schema.parse({ driver: 'pipe', ...more });
const SIZE = { width: 200, height: 150 };

/** A picture source of 200x150, cut out of the middle of 256x150 as a Raspberry Pi would deliver it. */
const picture = join(folder, 'wide.mkv');

beforeAll(() => {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=256x150', '-frames:v', '1'];
  makeMedia(...source, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', picture);
});

/** What ffmpeg makes of the picture with these filters. */
function reference(filters: string, pixelFormat: 'yuv420p' | 'gray'): Buffer {
  const args = [
    '-v',
    'error',
    '-i',
    picture,
    '-vf',
    filters,
    '-pix_fmt',
    pixelFormat,
    '-f',
    'rawvideo',
    'pipe:1',
  ];
  return execFileSync('ffmpeg', args);
}

/** Adds `padding` bytes of rubbish to each row of I420 planes. */
function padded(raw: Buffer, width: number, height: number, stride: number, chromaStride: number): Buffer {
  const rows: Buffer[] = [];
  let at = 0;
  const add = (count: number, length: number, rowBytes: number) => {
    for (let row = 0; row < count; row += 1, at += length)
      rows.push(raw.subarray(at, at + length), Buffer.alloc(rowBytes - length, 0xee));
  };
  add(height, width, stride);
  const chroma = () => add(Math.ceil(height / 2), Math.ceil(width / 2), chromaStride);
  chroma();
  chroma();
  return Buffer.concat(rows);
}

const argvOf = (config: CameraConfig) =>
  frameProgram(config, geometryOf(config, config, config.pixelFormat), null).argv.join(' ');
const reasonOf = async (config: CameraConfig) => {
  const { end } = await play(openCamera(config));
  return end.kind === 'failed' ? end.reason : JSON.stringify(end);
};

describe('the rpicam preset', () => {
  const config = settings({ preset: 'rpicam', device: '1', fps: 20, ...SIZE });
  /** Writes what the real one does: its banner on standard error, rows of a multiple of 64 bytes. */
  const raw = join(folder, 'rpicam.raw');
  const rpicam = (name: string, body: string) =>
    fakes.in(
      fakes.make('rpicam-vid', name, `echo "INFO Camera camera_manager.cpp:326 libcamera v0.5" >&2\n${body}`),
      () => undefined,
    );
  beforeAll(() => execFileSync('sh', ['-c', `ffmpeg -v error -i ${picture} -f rawvideo ${raw}`]));

  it('asks for the next width whose rows need no padding', () => {
    expect(argvOf(config)).toBe(
      'rpicam-vid --camera 1 --nopreview --timeout 0 --flush --codec yuv420 --width 256 --height 150 --framerate 20 --output -',
    );
    expect(argvOf(settings({ preset: 'rpicam' }))).toContain('--camera 0 --nopreview');
    expect(argvOf(settings({ preset: 'rpicam' }))).toContain('--width 640 --height 480');
  });

  it('takes the middle of it, without a squeeze', async () => {
    rpicam('good', `cat ${raw} ${raw}`);
    const { pixels, format } = await play(openCamera(config));
    expect(format).toEqual({ ...SIZE, pixelFormat: 'yuv420p' });
    const wanted = reference('crop=200:150:28:0', 'yuv420p');
    expect(Buffer.compare(pixels, Buffer.concat([wanted, wanted]))).toBe(0);
  });

  it('stretches its luma to the full range for infrared', async () => {
    rpicam('gray', `cat ${raw}`);
    const { pixels } = await play(openCamera({ ...config, pixelFormat: 'gray8' }));
    const wanted = reference('crop=200:150:28:0', 'gray');
    const worst = pixels.reduce((most, value, n) => Math.max(most, Math.abs(value - wanted[n]!)), 0);
    expect(pixels.length).toBe(wanted.length);
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('turns, flips and crops', async () => {
    rpicam('turned', `cat ${raw}`);
    const view = { rotateDeg: 90, mirror: true, crop: { x: 0, y: 0.5, width: 1, height: 0.5 } } as const;
    const { pixels } = await play(openCamera({ ...config, ...view }));
    const wanted = reference('crop=200:150:28:0,transpose=clock,hflip,crop=150:100:0:100', 'yuv420p');
    expect(Buffer.compare(pixels, wanted)).toBe(0);
  });

  it('says that there is no camera, and what to install', async () => {
    rpicam('none', 'echo "ERROR: *** no cameras available ***" >&2; exit 255');
    expect(await reasonOf(config)).toBe(
      'camera program "rpicam-vid" ended with code 255 after 0 frames: ERROR: *** no cameras available *** (is its cable in, and the camera known to the system?)',
    );
    process.env['PATH'] = folder;
    expect(await reasonOf(config)).toBe(
      'rpicam-vid is not installed: apt-get install rpicam-apps-lite (Raspberry Pi OS)',
    );
  });
});

describe('the jetson preset', () => {
  // 198 px: rows of GStreamer's I420 are multiples of 4 bytes, so both luma and chroma are padded.
  const config = settings({ preset: 'jetson', device: '/dev/video2', width: 198, height: 150, fps: 15 });
  const raw = join(folder, 'jetson.raw');
  /** The real one talks on its standard output even with -q. */
  const gstreamer = (name: string, body: string) =>
    fakes.in(
      fakes.make(
        'gst-launch-1.0',
        name,
        `echo "GST_ARGUS: Creating output stream"\n${body}\necho "GST_ARGUS: Cleaning up"`,
      ),
      () => undefined,
    );
  beforeAll(() => {
    writeFileSync(raw, padded(reference('crop=198:150:28:0', 'yuv420p'), 198, 150, 200, 100));
  });

  it('keeps the frames away from what the camera stack prints', () => {
    expect(argvOf(config)).toBe(
      'gst-launch-1.0 -q nvarguscamerasrc sensor-id=2 ! ' +
        'video/x-raw(memory:NVMM),width=198,height=150,framerate=15000/1000,format=NV12 ! ' +
        'nvvidconv ! video/x-raw,format=I420,width=198,height=150 ! ' +
        'queue max-size-buffers=1 leaky=downstream ! fdsink fd=3 sync=false',
    );
  });

  it('takes the frames from descriptor 3 and leaves the padding of the rows out', async () => {
    gstreamer('good', `cat ${raw} ${raw} >&3`);
    const { pixels } = await play(openCamera(config));
    const wanted = reference('crop=198:150:28:0', 'yuv420p');
    expect(Buffer.compare(pixels, Buffer.concat([wanted, wanted]))).toBe(0);
  });

  it('finds the error between the words of the camera stack', async () => {
    gstreamer(
      'none',
      'echo "Error generated. gstnvarguscamerasrc.cpp, execute:751 No cameras available"; echo "GST_ARGUS: Done"',
    );
    expect(await reasonOf(config)).toMatch(
      /^camera program "gst-launch-1\.0" ended with code 0 after 0 frames: Error generated\. .*No cameras available \(is its cable in/,
    );
  });
});

describe('the rtsp preset', () => {
  const url = 'rtsp://driver:secret@10.0.0.5:554/stream?ch=1';
  const config = settings({ preset: 'rtsp', url, network: true, ...SIZE });

  it('needs it to be said that watch has network access then', () => {
    const issues = schema.safeParse({ preset: 'rtsp', url }).error?.issues;
    expect(issues).toMatchObject([{ path: ['network'] }]);
    expect(issues?.[0]?.message).toBe(
      'true, for preset "rtsp": the process that sees the driver then has network access',
    );
    expect(schema.safeParse({ preset: 'rtsp', network: true }).error?.issues).toMatchObject([
      { path: ['url'] },
    ]);
    expect(schema.safeParse({ preset: 'rtsp', network: true, url: 'http://x' }).success).toBe(false);
  });

  it('reads over TCP', () => {
    expect(argvOf(config)).toContain(`-rtsp_transport tcp -i ${url} -map 0:v:0`);
  });

  it('tells the password neither in its name nor in a reason', async () => {
    fakes.in(
      fakes.make('ffmpeg', 'refused', `echo "${url}: Connection refused" >&2; exit 1`),
      () => undefined,
    );
    expect(openCamera(config).name).toBe('rtsp://10.0.0.5:554/stream?ch=1');
    expect(await reasonOf(config)).toBe(
      'camera program "ffmpeg" ended with code 1 after 0 frames: rtsp://10.0.0.5:554/stream?ch=1: Connection refused',
    );
  });
});

describe('a camera that needs a number', () => {
  it.each(['rpicam', 'jetson'])('is refused without one: %s', (preset) => {
    expect(schema.safeParse({ preset, device: '/dev/front' }).error?.issues[0]).toMatchObject({
      path: ['device'],
    });
  });
});
