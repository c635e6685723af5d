/**
 * What a picture or a recording shows of people: faces with emotion and sex, speech window by window.
 * Input: any file; what it is, is told by its content. Output: one result per file, as `analyze --json` writes it.
 */
import { likeliest, type Probabilities } from '../../models/networks/classifier.ts';
import type { VoiceAnswer } from '../../models/networks/voices.ts';
import { MediaError, probeMedia } from '../../hardware/media/probe.ts';
import type { FaceFinder, FoundFace } from './faces.ts';
import type { Listener } from './listener.ts';
import type { FaceLooker } from './lookers.ts';
import { grayOf, isPicture, readPicture, UnreadableFile, viewOf, type RgbPicture } from './picture-file.ts';

/** The likeliest label and the probability of each. */
export interface Guess {
  readonly label: string;
  readonly probabilities: Probabilities;
}

export interface AnalyzedFace {
  /** Pixels of the file's picture, upright. */
  readonly box: FoundFace['box'];
  /** That it is a face, 0-1. */
  readonly score: number;
  /** `null` where no network may answer (`models.licence`). */
  readonly emotion: Guess | null;
  readonly sex: Guess | null;
}

export interface AnalyzedWindow {
  readonly startS: number;
  readonly endS: number;
  readonly emotion: Guess;
  readonly sex: Guess;
}

export type Analysis =
  | {
      readonly file: string;
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      /** Largest first. */
      readonly faces: readonly AnalyzedFace[];
    }
  | {
      readonly file: string;
      readonly kind: 'audio';
      readonly lengthS: number;
      readonly windows: readonly AnalyzedWindow[];
      /** Mean over the windows; `null` = no speech. */
      readonly overall: { readonly emotion: Guess; readonly sex: Guess } | null;
      /** What was wrong with it although it could be read. */
      readonly fault: string | null;
    };

/** Opened when the first file wants them. */
export interface Instruments {
  faces(): Promise<{
    readonly finder: FaceFinder;
    readonly emotion: FaceLooker | null;
    readonly sex: FaceLooker | null;
  }>;
  listener(): Promise<Listener>;
}

/** @throws UnreadableFile in one sentence: neither picture nor recording, or damaged */
export async function analyze(file: string, instruments: Instruments): Promise<Analysis> {
  return (await isPicture(file))
    ? await analyzePicture(file, instruments)
    : await analyzeSound(file, instruments);
}

async function analyzePicture(file: string, instruments: Instruments): Promise<Analysis> {
  const picture = await readPicture(file);
  const { finder, emotion, sex } = await instruments.faces();
  const gray = grayOf(picture);
  const faces: AnalyzedFace[] = [];
  for (const face of await finder.find(viewOf(picture))) {
    const about = async (looker: FaceLooker | null) =>
      looker === null ? null : guess(await looker.ofFace(gray, face));
    const box = inFile(face.box, picture);
    faces.push({ box, score: rounded(face.score, 3), emotion: await about(emotion), sex: await about(sex) });
  }
  return { file, kind: 'image', width: picture.fullWidth, height: picture.fullHeight, faces };
}

async function analyzeSound(file: string, instruments: Instruments): Promise<Analysis> {
  await checkSound(file);
  const windows: AnalyzedWindow[] = [];
  const listener = await instruments.listener();
  const { overall, lengthMs, fault } = await listener.hear(file, ({ startMs, endMs, ...heard }) =>
    windows.push({ startS: seconds(startMs), endS: seconds(endMs), ...guesses(heard) }),
  );
  const all = overall === null ? null : guesses(overall);
  return { file, kind: 'audio', lengthS: seconds(lengthMs), windows, overall: all, fault };
}

async function checkSound(file: string): Promise<void> {
  const media = await probeMedia(file).catch((cause: unknown) => {
    if (!(cause instanceof MediaError)) throw cause;
    const sentence = cause.message
      .replace('cannot be read as video or sound', 'is neither a picture nor a recording')
      .replace('video or sound file', 'picture or recording');
    throw new UnreadableFile(sentence, { cause });
  });
  if (media.audio !== null) return;
  const what =
    media.video === null ? 'is neither a picture nor a recording' : 'is a video without sound; replay it';
  throw new UnreadableFile(`${file} ${what}`);
}

const guess = (probabilities: Probabilities): Guess => ({
  label: likeliest(probabilities),
  probabilities: Object.fromEntries(
    Object.entries(probabilities).map(([label, p]) => [label, rounded(p, 4)]),
  ),
});

const guesses = ({ emotion, sex }: VoiceAnswer) => ({ emotion: guess(emotion), sex: guess(sex) });

/** From the picture as it was shrunk to the file's own pixels. */
function inFile({ x, y, width, height }: FoundFace['box'], picture: RgbPicture): FoundFace['box'] {
  const scale = picture.fullWidth / picture.width;
  const whole = (value: number) => Math.round(value * scale);
  return { x: whole(x), y: whole(y), width: whole(width), height: whole(height) };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const seconds = (ms: number): number => rounded(ms / 1000, 2);
