import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { listModes } from '../../../hardware/camera/list-modes.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import { geometryOf } from '../../../hardware/camera/geometry.ts';
import { v4l2Argv } from '../../../hardware/camera/presets.ts';
import { chooseMode, parseFfmpegList, parseV4l2Ctl } from '../../../hardware/camera/v4l2-modes.ts';
import { fakePrograms } from '../../fakes/programs.ts';
import { children, temporaryFolder } from '../media.ts';
import { play } from './play.ts';

const wanted = (more: object = {}) => configSchema.shape.camera.parse(more);
const never = () => new AbortController().signal;

/** A USB camera of the usual kind. */
const WEBCAM = `ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'MJPG' (Motion-JPEG, compressed)
		Size: Discrete 1280x720
			Interval: Discrete 0.033s (30.000 fps)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (30.000 fps)
			Interval: Discrete 0.067s (15.000 fps)
	[1]: 'YUYV' (YUYV 4:2:2)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (30.000 fps)
			Interval: Discrete 0.067s (15.000 fps)
		Size: Discrete 1280x720
			Interval: Discrete 0.100s (10.000 fps)
	[2]: 'H264' (H.264, compressed)
		Size: Discrete 1920x1080
			Interval: Discrete 0.033s (30.000 fps)
`;

const INFRARED = `ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'GREY' (8-bit Greyscale)
		Size: Discrete 640x360
			Interval: Discrete 0.067s (15.000 fps)
			Interval: Discrete 0.033s (30.000 fps)
	[1]: 'MJPG' (Motion-JPEG, compressed)
		Size: Discrete 640x360
			Interval: Discrete 0.033s (30.000 fps)
`;

const ANY_SIZE = `ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'YU12' (Planar YUV 4:2:0)
		Size: Stepwise 32x32 - 3280x2464 with step 2/2
			Interval: Stepwise 0.010s - 1.000s with step 0.001s (1.000-100.000 fps)
`;

const FFMPEG = `[video4linux2,v4l2 @ 0x55d0] Compressed:       mjpeg :          Motion-JPEG : 1280x720 640x480
[video4linux2,v4l2 @ 0x55d0] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480 1280x720
[video4linux2,v4l2 @ 0x55d0] Raw       : Unsupported :        16-bit Bayer  : 640x480
[video4linux2,v4l2 @ 0x55d0] Raw       :     yuv420p :     Planar YUV 4:2:0 : {32-3280, 2}/{32-2464, 2}
/dev/video0: Immediate exit requested
`;

describe('the mode of a V4L2 camera', () => {
  const choose = (list: string, more: object = {}) => chooseMode(parseV4l2Ctl(list), wanted(more));

  it('is uncompressed where that reaches the rate', () => {
    expect(choose(WEBCAM)).toEqual({ format: 'yuyv422', width: 640, height: 480, fps: 15 });
  });

  it('is compressed where only that reaches it', () => {
    const large = { width: 1280, height: 720 };
    expect(choose(WEBCAM, large)).toEqual({ format: 'mjpeg', ...large, fps: 30 });
    expect(choose(WEBCAM, { ...large, fps: 10 })).toEqual({ format: 'yuyv422', ...large, fps: 10 });
  });

  it('is the rate before the size: a slow camera loses blinks', () => {
    const noMjpeg = { width: 1280, height: 720, inputFormat: 'yuyv422' };
    expect(choose(WEBCAM, noMjpeg)).toEqual({ format: 'yuyv422', width: 640, height: 480, fps: 15 });
  });

  it('is grey for infrared, and grey where there is nothing else', () => {
    expect(choose(INFRARED, { pixelFormat: 'gray8' })).toMatchObject({ format: 'gray', fps: 15 });
    expect(choose(INFRARED)?.format).toBe('mjpeg');
    expect(chooseMode(parseV4l2Ctl(INFRARED).slice(0, 1), wanted())?.format).toBe('gray');
  });

  it('is the largest and fastest where nothing does', () => {
    expect(choose(INFRARED, { width: 1920, height: 1080, fps: 60 })).toMatchObject({ width: 640, fps: 30 });
  });

  it('is the wanted one where any size and rate is offered', () => {
    expect(choose(ANY_SIZE, { fps: 22 })).toEqual({ format: 'yuv420p', width: 640, height: 480, fps: 22 });
  });

  it('is forced by the settings, and unknown where the device does not have it', () => {
    expect(choose(WEBCAM, { inputFormat: 'mjpeg' })).toMatchObject({ format: 'mjpeg', fps: 15 });
    expect(choose(WEBCAM, { inputFormat: 'gray' })).toBeNull();
    expect(choose('Cannot open device /dev/video9, exiting.')).toBeNull();
  });

  it('trusts USB 2 with what it can carry where rates are not told', () => {
    const modes = parseFfmpegList(FFMPEG);
    expect(modes.map((m) => m.format)).toEqual(['mjpeg', 'mjpeg', 'yuyv422', 'yuyv422', 'yuv420p']);
    const usb = modes.slice(0, 4);
    expect(chooseMode(usb, wanted())).toEqual({ format: 'yuyv422', width: 640, height: 480, fps: 15 });
    expect(chooseMode(usb, wanted({ width: 1280, height: 720 }))?.format).toBe('mjpeg');
    expect(chooseMode(modes.slice(4), wanted())).toMatchObject({
      format: 'yuv420p',
      width: 640,
      height: 480,
    });
  });
});

describe('asking the camera', () => {
  const fakes = fakePrograms(temporaryFolder());
  const put = (program: string, name: string, body: string) => fakes.make(program, name, body);
  const first = (...folders: string[]) => {
    process.env['PATH'] = [...folders, process.env['PATH']].join(':');
  };

  it('is done by v4l2-ctl, and by ffmpeg where that is missing', async () => {
    first(
      put(
        'v4l2-ctl',
        'webcam',
        `[ "$1 $2 $3" = "-d /dev/video4 --list-formats-ext" ] && cat <<'END'\n${WEBCAM}END`,
      ),
    );
    expect(await listModes('/dev/video4', never())).toEqual(parseV4l2Ctl(WEBCAM));
    const without = put('v4l2-ctl', 'missing', 'echo "v4l2-ctl: not found"; exit 127');
    first(without, put('ffmpeg', 'list', `cat >&2 <<'END'\n${FFMPEG}END\nexit 1`));
    expect(await listModes('/dev/video4', never())).toEqual(parseFfmpegList(FFMPEG));
  });

  it('ends with the signal and leaves nothing running', async () => {
    first(put('v4l2-ctl', 'hangs', 'sleep 100'));
    const stop = new AbortController();
    const asking = listModes('/dev/video4', stop.signal);
    stop.abort();
    expect(await asking).toEqual([]);
    expect(children()).toEqual([]);
  });

  it('leads to what ffmpeg is told; every second frame of a camera that is twice as fast', async () => {
    const fast = WEBCAM.replaceAll(/\t\t\tInterval: Discrete 0.067s.*\n/g, '');
    const ctl = put('v4l2-ctl', 'fast', `cat <<'END'\n${fast}END`);
    first(ctl, put('ffmpeg', 'says', 'echo "$*" >&2; exit 1'));
    const { end } = await play(openCamera(wanted({ device: '/dev/video4' })));
    expect(end).toMatchObject({ kind: 'failed' });
    expect(end.kind === 'failed' && end.reason).toContain(
      '-f v4l2 -input_format yuyv422 -framerate 30 -video_size 640x480 -i /dev/video4 -map 0:v:0 -vf framestep=2,scale=640:480',
    );
  });

  it('leaves the device the choice where it told nothing', () => {
    const config = wanted({ inputFormat: 'mjpeg' });
    const argv = v4l2Argv(config, geometryOf(config, config, config.pixelFormat)).join(' ');
    expect(argv).toContain('-f v4l2 -input_format mjpeg -framerate 15 -video_size 640x480 -i');
  });
});
