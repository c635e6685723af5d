/** Camera settings. */
import { z } from 'zod';
import { count, ms, section } from './units.ts';

/** A USB camera's formats, by ffmpeg's names (`ffmpeg -f v4l2 -list_formats all`). */
export const CAMERA_FORMATS = ['yuyv422', 'uyvy422', 'nv12', 'yuv420p', 'gray', 'mjpeg'] as const;

const view = {
  rotateDeg: z
    .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
    .default(0)
    .describe('Clockwise turn that sets the picture upright [deg]'),
  mirror: z.boolean().default(false).describe('The camera delivers a mirror picture: flip it back'),
  crop: z
    .strictObject({
      x: z.number().min(0).max(1),
      y: z.number().min(0).max(1),
      width: z.number().min(0.1).max(1),
      height: z.number().min(0.1).max(1),
    })
    .refine((c) => c.x + c.width <= 1 && c.y + c.height <= 1, 'x + width and y + height of at most 1')
    .optional()
    .describe('Part of the upright picture that is used, in fractions of it'),
};

const lasting = {
  latencyMs: ms(0, 0, 1000, 'Known delay between light and arrival, taken off the arrival time'),
  retryMinMs: ms(500, 50, 60_000, 'First wait before a lost camera is tried again'),
  retryMaxMs: ms(30_000, 100, 600_000, 'Longest wait before a lost camera is tried again'),
  silentAfterMs: ms(
    3000,
    200,
    60_000,
    'No frame for so long (2.5 times so long for the first): the camera is opened anew',
  ),
  badPictureAfterMs: ms(
    5000,
    500,
    60_000,
    'A device whose picture is black, without any structure or frozen for so long is reported; a frozen one is opened anew',
  ),
};

export const cameraConfig = section(
  {
    driver: z
      .enum(['recorded', 'pipe', 'stills'])
      .default('pipe')
      .describe(
        'recorded: a file that ffmpeg reads; pipe: raw frames from a subprocess; stills: single shots by fswebcam (1-3 a second: too few for blinks)',
      ),
    file: z.string().optional().describe('recorded: the video file, relative to the config file'),
    pace: z
      .enum(['own', 'lossless'])
      .default('own')
      .describe(
        'recorded: own = at the pace of its timestamps; lossless = as fast as every frame is perceived',
      ),
    preset: z
      .enum(['v4l2', 'rpicam', 'jetson', 'rtsp', 'none'])
      .default('v4l2')
      .describe(
        'pipe: v4l2 = USB and infrared cameras by ffmpeg; rpicam = Raspberry Pi cameras; jetson = CSI cameras by GStreamer; rtsp = network camera (needs network: true); none = give argv',
      ),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_./][A-Za-z0-9_./:-]*$/, 'letters, digits and _ . / : - only, not - first')
      .default('/dev/video0')
      .describe('pipe and stills: what is opened; rpicam and jetson take the number at its end'),
    inputFormat: z
      .enum(['auto', ...CAMERA_FORMATS])
      .default('auto')
      .describe(
        'v4l2: what the device shall deliver; auto = uncompressed where it reaches the wanted rate, else mjpeg',
      ),
    url: z
      .string()
      .regex(/^rtsps?:\/\/[^\s"'\\]+$/, 'an address that begins with rtsp:// or rtsps://')
      .optional()
      .meta({ secret: true })
      .describe('rtsp: address of the network camera, password included'),
    network: z
      .boolean()
      .default(false)
      .describe(
        'rtsp: true = I accept that the process that sees the driver then has network access: watch gives up PrivateNetwork',
      ),
    argv: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'pipe with preset none: program and arguments that write raw frames to standard output; {width} {height} {fps} {device} are filled in',
      ),
    pixelFormat: z
      .enum(['yuv420p', 'gray8'])
      .default('yuv420p')
      .describe('Layout of the frames; gray8 for infrared'),
    width: count(640, 160, 3840, 'Width of the picture before rotation [px]'),
    height: count(480, 120, 2160, 'Height of the picture before rotation [px]'),
    fps: z
      .number()
      .min(1)
      .max(60)
      .default(15)
      .describe(
        'Wanted frame rate [1/s]; blink statistics need 15 (blink research: detection falls from 95 % at 30 Hz to 51 % at 10 Hz)',
      ),
    stillsSkip: count(5, 0, 60, 'stills: first frames of each shot left out while the exposure settles'),
    stillsTimeoutMs: ms(5000, 500, 60_000, 'stills: a shot that takes longer is a lost camera'),
    ...view,
    ...lasting,
  },
  'The camera that sees the driver',
).superRefine((camera, found) => {
  for (const { path, message } of cameraFaults(camera))
    found.addIssue({ code: 'custom', path: [path], message });
});

/** What no single field can tell: which settings need each other. */
function cameraFaults(camera: CameraConfig): { path: keyof CameraConfig; message: string }[] {
  const { driver, preset } = camera;
  const rules: [boolean, keyof CameraConfig, string][] = [
    [driver === 'recorded' && camera.file === undefined, 'file', 'a video file, for driver "recorded"'],
    [
      driver === 'pipe' && preset === 'none' && camera.argv === undefined,
      'argv',
      'a program and arguments, for preset "none"',
    ],
    [
      driver === 'pipe' && preset === 'rtsp' && camera.url === undefined,
      'url',
      'an address, for preset "rtsp"',
    ],
    [
      driver === 'pipe' && preset === 'rtsp' && !camera.network,
      'network',
      'true, for preset "rtsp": the process that sees the driver then has network access',
    ],
    [
      driver === 'pipe' && (preset === 'rpicam' || preset === 'jetson') && !/\d$/.test(camera.device),
      'device',
      `a device that ends with the camera's number, for preset "${preset}"`,
    ],
    [
      driver === 'stills' && !/^\/dev\/|^FILE:\/|^TEST$/.test(camera.device),
      'device',
      'a device under /dev, for driver "stills"',
    ],
    [camera.retryMaxMs < camera.retryMinMs, 'retryMaxMs', 'at least retryMinMs'],
  ];
  return rules.filter(([broken]) => broken).map(([, path, message]) => ({ path, message }));
}

export type CameraConfig = z.output<typeof cameraConfig>;
