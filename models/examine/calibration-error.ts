/**
 * Expected calibration error: how far what a network is sure of is from how often it is right, by equal-width
 * bins of confidence (as models/training/scores.py has it). Input and output: fractions 0-1.
 */
const BINS = 15;

/** An answer with the probability that the network gave it. */
export interface Sure {
  readonly confidence: number;
  readonly right: boolean;
}

/** @param answers those that were given; 0 without any */
export function calibrationError(answers: readonly Sure[]): number {
  const bins = Array.from({ length: BINS }, () => ({ sure: 0, right: 0 }));
  for (const { confidence, right } of answers) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!;
    bin.sure += confidence;
    bin.right += right ? 1 : 0;
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / Math.max(1, answers.length);
}
