/** Any file with sound, read from begin to end as mono samples, in pieces: memory does not grow with its length. */
import { recordedMicrophone } from '../../hardware/microphone/recorded.ts';
import { NO_FFMPEG } from '../../hardware/media/probe.ts';
import { UnreadableFile } from './picture-file.ts';

/** Told to stop reading: the rest is not needed. */
export type Enough = boolean;

/**
 * @param take gets each piece, 20 ms, not to be kept; true = enough was heard
 * @returns what was wrong with the file although it could be read, or `null`
 * @throws UnreadableFile in one sentence: no sound in it, or none that can be read
 */
export async function readSound(
  file: string,
  sampleRateHz: number,
  take: (samples: Float32Array) => Promise<Enough>,
): Promise<string | null> {
  const enough = new AbortController();
  const microphone = recordedMicrophone({ file, pace: 'lossless', sampleRateHz });
  const opened = await microphone.open(enough.signal).catch((cause: unknown) => {
    throw unusable((cause as Error).message, cause);
  });
  if (opened.kind === 'silent') throw new UnreadableFile(opened.reason);
  const end = await microphone.chunks(async ({ samples }) => {
    if (await take(samples)) enough.abort();
  }, enough.signal);
  if (end.kind === 'failed') throw unusable(end.reason);
  return end.kind === 'finished' ? end.fault : null;
}

/** A missing ffmpeg is no fault of the file: the other files would fare no better. */
const unusable = (reason: string, cause?: unknown): Error =>
  reason === NO_FFMPEG ? new Error(reason, { cause }) : new UnreadableFile(reason, { cause });
