/** Results in words for people. */
import type { Analysis, Guess } from './analyze.ts';
import type { Evaluation } from './evaluate.ts';

/** A few lines: the scores, a line per class, the network. */
export function evaluationInWords(found: Evaluation): string {
  const { task, n, undetected, unreadable, accuracy, uar, macroF1, sexAccuracy, latencyMs, model } = found;
  const width = Math.max(...Object.keys(found.perClass).map((label) => label.length));
  const classes = Object.entries(found.perClass).map(
    ([label, score]) =>
      `  ${label.padEnd(width)}  ${String(score.n).padStart(5)}  recall ${score.recall.toFixed(3)}  precision ${score.precision.toFixed(3)}  F1 ${score.f1.toFixed(3)}`,
  );
  const sex = sexAccuracy === undefined ? '' : `, sex ${percent(sexAccuracy, 1)}`;
  return [
    `${task}: ${n} read, ${undetected} without an answer (counted as wrong), ${unreadable} unreadable`,
    `accuracy ${percent(accuracy, 1)}, UAR ${uar.toFixed(3)}, macro F1 ${macroF1.toFixed(3)}${sex}`,
    ...classes,
    `${model.name} ${model.precision} ${model.sha256.slice(0, 16)}, ${latencyMs.p50} ms (p95 ${latencyMs.p95})`,
  ].join('\n');
}

const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;

/** A head line, then a line per face or window. */
export function analysisInWords(found: Analysis): string[] {
  if (found.kind === 'audio') return soundInWords(found);
  const { file, width, height, faces } = found;
  const count = faces.length === 0 ? 'no face' : faces.length === 1 ? '1 face' : `${faces.length} faces`;
  const lines = faces.map(({ box, emotion, sex }) => {
    const what = [emotion, sex]
      .map((guess) => (guess === null ? 'not asked' : guessInWords(guess)))
      .join('; ');
    return `  at ${box.x},${box.y}, ${box.width}x${box.height} px: ${what}`;
  });
  return [`${file}: picture of ${width}x${height}, ${count}`, ...lines];
}

function soundInWords({ file, lengthS, windows, overall, fault }: Analysis & { kind: 'audio' }): string[] {
  const head = `${file}: recording of ${lengthS} s`;
  const damaged = fault === null ? [] : [`  ${fault}`];
  if (overall === null) return [`${head}, no speech`, ...damaged];
  const both = (heard: { emotion: Guess; sex: Guess }) =>
    `${guessInWords(heard.emotion)}; ${guessInWords(heard.sex)}`;
  const lines = windows.map((window) => `  ${window.startS}-${window.endS} s: ${both(window)}`);
  return [head, ...damaged, ...lines, `  overall: ${both(overall)}`];
}

/** The likeliest first, all of them. */
function guessInWords({ probabilities }: Guess): string {
  const falling = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return falling.map(([label, share]) => `${label} ${percent(share)}`).join(', ');
}
