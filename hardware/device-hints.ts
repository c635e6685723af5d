/** What a person can do about a device's error. In: the error's words. Out: a question or an order, or nothing. */

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/no such device|no such file or directory|cannot open (?:video )?device/i, 'is it plugged in?'],
  [/no cameras available/i, 'is its cable in, and the camera known to the system?'],
  [/device or resource busy/i, 'another program uses it'],
  [
    /permission denied/i,
    'the user needs the group that owns the device: video for cameras, audio for microphones',
  ],
  [/no default audio device/i, 'is libsox-fmt-alsa installed, and the device right?'],
  [/inappropriate ioctl|not a video capture device/i, 'this device is no camera'],
  [/401|403 forbidden|unauthorized/i, 'user and password belong into the address'],
];

/** The error, with a hint behind it where there is one. */
export function hinted(error: string): string {
  const hint = HINTS.find(([pattern]) => pattern.test(error))?.[1];
  return hint === undefined ? error : `${error} (${hint})`;
}
