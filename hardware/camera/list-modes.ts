/**
 * Asks a V4L2 camera what it offers, before it is opened: by v4l2-ctl, which knows the rates, else by
 * ffmpeg, which does not.
 *
 * In:  device, signal. Out: modes; none where the device does not answer (opening it then says why).
 */
import { startSubprocess } from '../subprocess.ts';
import type { OfferedMode } from './v4l2-modes.ts';
import { parseFfmpegList, parseV4l2Ctl } from './v4l2-modes.ts';

/** A list takes some 10 ms; a device that hangs is not waited for [ms]. */
const PATIENCE_MS = 2000;
/** A camera's list is about 5 kB. */
const MOST_CHARACTERS = 100_000;

/** Lists what the device offers; nothing runs any more when it settles. Never rejects. */
export async function listModes(device: string, signal: AbortSignal): Promise<readonly OfferedMode[]> {
  const known = parseV4l2Ctl(await answerOf(['v4l2-ctl', '-d', device, '--list-formats-ext'], signal));
  if (known.length > 0 || signal.aborted) return known;
  const ffmpeg = ['ffmpeg', '-nostdin', '-hide_banner', '-f', 'v4l2', '-list_formats', 'all', '-i', device];
  return parseFfmpegList(await answerOf(ffmpeg, signal));
}

/** Both outputs of a program; what it said until then if it takes too long. */
async function answerOf(argv: readonly string[], signal: AbortSignal): Promise<string> {
  if (signal.aborted) return '';
  const program = startSubprocess(['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv]);
  const stop = () => void program.end(0);
  const timer = setTimeout(stop, PATIENCE_MS);
  signal.addEventListener('abort', stop);
  let text = '';
  try {
    program.stdout.setEncoding('utf8');
    for await (const part of program.stdout as AsyncIterable<string>) {
      if (text.length < MOST_CHARACTERS) text += part;
    }
  } catch {
    // The stream was closed before its end: we ended the program.
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await program.end(0);
  }
  return text;
}
