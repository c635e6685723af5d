/**
 * What a media file holds, asked of ffprobe, and what is wrong with it in one sentence.
 *
 * In:  path of a local file (playlists and network addresses are refused: the watch role has no network).
 * Out: durations [ms], size as shown [px], number of frames for progress bars, sound or not.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { z } from 'zod';

/** The picture of a file. */
export interface VideoInfo {
  /** Size as it is shown: the file's own rotation and its pixel shape are applied [px]. */
  readonly width: number;
  readonly height: number;
  /** Number of frames, estimated where the file does not say; `null` = unknown. */
  readonly frames: number | null;
  /** Distance of two frames at the mean rate [ms]. */
  readonly frameMs: number;
  /** End of the last frame, from the start of the file [ms]; `null` = unknown. */
  readonly endMs: number | null;
  /** The file holds no colour. */
  readonly gray: boolean;
  /** Colours are neither BT.601 nor of limited range, and the file says so. */
  readonly otherColours: boolean;
}

/** The sound of a file. */
export interface AudioInfo {
  /** End of the last sample, from the start of the file [ms]; `null` = unknown. */
  readonly endMs: number | null;
}

/** What ffprobe found. */
export interface MediaInfo {
  readonly durationMs: number | null;
  readonly video: VideoInfo | null;
  readonly audio: AudioInfo | null;
}

/** The file cannot be read. The message is one sentence that names the file. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/** ffmpeg and ffprobe come in one package. */
export const NO_FFMPEG = 'ffmpeg is not installed: apt-get install ffmpeg';

/** Makes ffmpeg and ffprobe open this path as a local file and nothing that it may point to elsewhere. */
export function localInput(file: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', `file:${file}`];
}

const number = z.coerce.number().optional().catch(undefined);
const answer = z.object({
  streams: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        width: number,
        height: number,
        pix_fmt: z.string().default(''),
        sample_aspect_ratio: z.string().default('1:1'),
        color_range: z.string().default('unknown'),
        color_space: z.string().default('unknown'),
        avg_frame_rate: z.string().default('0/0'),
        r_frame_rate: z.string().default('0/0'),
        start_time: number,
        duration: number,
        nb_frames: number,
        disposition: z.object({ attached_pic: z.number().default(0) }).default({ attached_pic: 0 }),
        side_data_list: z.array(z.object({ rotation: number })).default([]),
      }),
    )
    .default([]),
  format: z.object({ start_time: number, duration: number }).default({}),
});
type Answer = z.output<typeof answer>;
type Stream = Answer['streams'][number];

const ENTRIES =
  'stream=codec_type,width,height,pix_fmt,sample_aspect_ratio,color_range,color_space,avg_frame_rate,r_frame_rate,' +
  'start_time,duration,nb_frames:stream_disposition=attached_pic:stream_side_data=rotation:format=duration,start_time';

/** Looks at a file. @throws MediaError in one sentence: missing, a folder, empty, no media, ffmpeg missing. */
export async function probeMedia(file: string, signal?: AbortSignal): Promise<MediaInfo> {
  await checkFile(file);
  const said = answer.parse(JSON.parse(await runFfprobe(file, signal)));
  // A cover picture in a sound file is no video.
  const video = said.streams.find((s) => s.codec_type === 'video' && s.disposition.attached_pic === 0);
  const audio = said.streams.find((s) => s.codec_type === 'audio');
  return {
    durationMs: toMs(said.format.duration),
    video: video === undefined ? null : videoInfo(video, said.format),
    audio: audio === undefined ? null : { endMs: endMsOf(audio, said.format) },
  };
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be opened (${String(code)})`;
    throw new MediaError(`${file} ${what}: give the path of a video or sound file`, { cause });
  });
  if (found.isDirectory())
    throw new MediaError(`${file} is a folder: give the path of a video or sound file`);
  if (!found.isFile()) throw new MediaError(`${file} is not an ordinary file: give a video or sound file`);
  if (found.size === 0) throw new MediaError(`${file} is empty (0 bytes)`);
}

function runFfprobe(file: string, signal?: AbortSignal): Promise<string> {
  const argv = ['-v', 'error', '-show_entries', ENTRIES, '-of', 'json', ...localInput(file)];
  return new Promise((resolve, reject) => {
    execFile('ffprobe', argv, signal === undefined ? {} : { signal }, (cause, stdout, stderr) => {
      if (cause === null) resolve(stdout);
      else if (cause.code === 'ENOENT') reject(new MediaError(NO_FFMPEG, { cause }));
      else
        reject(
          new MediaError(`${file} cannot be read as video or sound: ${reasonIn(stderr, file)}`, { cause }),
        );
    });
  });
}

/** The first line says what was wrong, the last one what came of it. */
function reasonIn(stderr: string, file: string): string {
  const lines = stderr
    .split('\n')
    .map((line) =>
      line
        .replace(/^\[[^\]]*\] */, '')
        .replace(`file:${file}: `, '')
        .trim(),
    )
    .filter((line) => line !== '');
  const ends = [...new Set([lines.at(0), lines.at(-1)])].filter((line) => line !== undefined);
  return ends.join('; ') || 'ffprobe found nothing that it knows';
}

function videoInfo(stream: Stream, format: Answer['format']): VideoInfo | null {
  const { width = 0, height = 0 } = stream;
  if (width < 2 || height < 2) return null; // a stream without one decodable picture
  const square = Math.max(2, Math.round(width * fraction(stream.sample_aspect_ratio.replace(':', '/'), 1)));
  const turned = stream.side_data_list.some((d) => Math.abs(d.rotation ?? 0) % 180 === 90);
  const fps = fraction(stream.avg_frame_rate, fraction(stream.r_frame_rate, 25));
  const lengthMs = toMs(stream.duration) ?? toMs(format.duration);
  return {
    width: turned ? height : square,
    height: turned ? square : height,
    frames: stream.nb_frames ?? (lengthMs === null ? null : Math.round((lengthMs * fps) / 1000)),
    frameMs: 1000 / fps,
    endMs: endMsOf(stream, format),
    gray: /^(gray|mono)/.test(stream.pix_fmt),
    otherColours:
      stream.color_range === 'pc' || !/^(unknown|bt470bg|smpte170m|gbr)$/.test(stream.color_space),
  };
}

/** A stream may begin after the file does; the file's own start is 0 for us as it is for ffmpeg. */
function endMsOf(stream: Stream, format: Answer['format']): number | null {
  const offsetS = (stream.start_time ?? 0) - (format.start_time ?? stream.start_time ?? 0);
  const lengthMs = toMs(stream.duration);
  return lengthMs === null ? toMs(format.duration) : offsetS * 1000 + lengthMs;
}

/** "30000/1001" -> 29.97; `otherwise` for 0/0 and what is no number. */
function fraction(text: string, otherwise: number): number {
  const [above, below] = text.split('/').map(Number);
  const value = (above ?? 0) / (below ?? 1);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

function toMs(seconds: number | undefined): number | null {
  return seconds === undefined || !Number.isFinite(seconds) ? null : seconds * 1000;
}
