import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import { shotCommand } from '../../../hardware/camera/shot.ts';
import { fakePrograms } from '../../fakes/programs.ts';
import { decodeRaw, makeMedia, temporaryFolder } from '../media.ts';
import { play } from './play.ts';

const folder = temporaryFolder();
const fakes = fakePrograms(folder);
const picture = join(folder, 'colours.jpg');
const schema = configSchema.shape.camera;
const settings = (more: object = {}) =>
  schema.parse({ driver: 'stills', width: 160, height: 120, fps: 60, ...more });

beforeAll(() => {
  makeMedia('-f', 'lavfi', '-i', 'smptebars=s=160x120', '-frames:v', '1', '-q:v', '1', picture);
});

/** Plays what a fake fswebcam takes; `body` is called once a shot and has the picture in $picture. */
const shoot = (name: string, body: string, more: object = {}) =>
  play(
    fakes.in(fakes.make('fswebcam', name, `picture=${picture}\n${body}`), () => openCamera(settings(more))),
  );
const once = (name: string) => `mkdir "${join(folder, name)}.done" 2>/dev/null && cat $picture`;
const reasonOf = async (name: string, body: string, more: object = {}) => {
  const { end } = await shoot(name, body, more);
  return end.kind === 'failed' ? end.reason : JSON.stringify(end);
};

/** Largest difference of two pictures, each in bytes. */
const worst = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n]!)), 0);

describe('a camera of single shots', () => {
  it.each(['yuv420p', 'gray8'] as const)(
    'delivers the colours that ffmpeg reads in the shot: %s',
    async (pixelFormat) => {
      const { pixels, format } = await shoot(pixelFormat, once(pixelFormat), { pixelFormat });
      expect(format).toEqual({ width: 160, height: 120, pixelFormat });
      const wanted = decodeRaw(picture, pixelFormat === 'gray8' ? 'gray' : pixelFormat);
      expect(pixels.length).toBe(wanted.length);
      // Two decoders, and colours of a test picture that RGB cannot hold: a little off, but never another picture.
      const off = pixels.reduce((sum, value, n) => sum + Math.abs(value - wanted[n]!), 0) / pixels.length;
      expect(off).toBeLessThan(1.5);
    },
  );

  it('turns, flips and crops as the other drivers do', async () => {
    const upright = await shoot('upright', once('upright'), { pixelFormat: 'gray8' });
    const turned = await shoot('turned', once('turned'), { pixelFormat: 'gray8', rotateDeg: 180 });
    expect(worst(turned.pixels, upright.pixels.toReversed())).toBe(0);
  });

  it('fills and cuts a shot of another shape', async () => {
    const { format, pixels } = await shoot('shape', once('shape'), {
      width: 160,
      height: 160,
      pixelFormat: 'gray8',
    });
    expect(format).toEqual({ width: 160, height: 160, pixelFormat: 'gray8' });
    expect(pixels.length).toBe(160 * 160);
  });

  it('says why there is no picture, though fswebcam ends well', async () => {
    expect(
      await reasonOf(
        'no-device',
        'echo "--- Opening /dev/video0..." >&2; echo "stat: No such file or directory" >&2',
      ),
    ).toBe('fswebcam took no picture: stat: No such file or directory (is it plugged in?)');
    expect(await reasonOf('busy', 'echo "VIDIOC_S_INPUT: Device or resource busy" >&2; exit 255')).toBe(
      'fswebcam took no picture: VIDIOC_S_INPUT: Device or resource busy (another program uses it)',
    );
  });

  it('says what to install', async () => {
    // 127 is what a shell ends with when it finds no such program.
    expect(await reasonOf('missing', 'exit 127')).toBe('fswebcam is not installed: apt-get install fswebcam');
  });

  it('gives up a shot that hangs, and a picture that is none', async () => {
    expect(await reasonOf('hangs', 'sleep 100', { stillsTimeoutMs: 500 })).toBe(
      'fswebcam took longer than 0.5 s for a shot',
    );
    expect(await reasonOf('garbage', 'head -c 5000 /dev/zero')).toMatch(/^the shot is no readable JPEG: \w/);
  });
});

describe('the command of a shot', () => {
  it('asks for size, device and a settled exposure, and writes no file', () => {
    expect(shotCommand(settings({ device: '/dev/video3', stillsSkip: 7 })).replaceAll(/ +/g, ' ')).toBe(
      'fswebcam -r 160x120 --jpeg 95 -d /dev/video3 --no-banner --skip 7 -',
    );
  });

  it.each([
    '/dev/video0; reboot',
    '$(reboot)',
    '/dev/`id`',
    '-o /etc/passwd',
    '/dev/a b',
    '/dev/x\nreboot',
    '/dev/x&',
    '/dev/*',
  ])('refuses a device that a shell would read: %j', (device) => {
    expect(schema.safeParse({ driver: 'stills', device }).success).toBe(false);
    expect(() => shotCommand({ ...settings(), device })).toThrow('is no device');
  });

  it('is the only way in: its words are checked once more as a whole', () => {
    const sneaked = { ...settings(), width: '1; reboot' as unknown as number };
    expect(() => shotCommand(sneaked)).toThrow('is no device');
  });
});
