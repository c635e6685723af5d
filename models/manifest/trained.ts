/**
 * The networks trained here. Their weights are committed with the metrics that carry their SHA-256
 * (models/weights, models/metrics); preprocessing constants stand in models/preprocessing.json.
 */
import type { LicenceClass, Port, TrainedFacts, TrainedName } from './facts.ts';

/** Weights whose training data may not be used for everything; the card's first line says which. */
const RESEARCH = { licenceClass: 'research', licence: 'LicenseRef-research-only' } as const;

const EMOTIONS = 'angry, disgust, fear, happy, neutral, sad, surprise';
const LOG_MEL = 'log-mel of 3 s of speech, 64 bands x 300 frames of 10 ms, scaled as preprocessing.json says';

const gray = (side: number, what: string): Port => ({
  name: 'input',
  type: 'float32',
  dims: [1, 1, side, side],
  meaning: `${what}, gray, (x - mean) / max(std, minStd) over the picture`,
});

const logits = (count: number, meaning: string, heads = 1): Port => ({
  name: 'logits',
  type: 'float32',
  dims: [1, count],
  meaning: `logits: ${meaning}`,
  ...(heads > 1 ? { heads } : {}),
});

function trained(
  name: TrainedName,
  input: Port,
  output: Port,
  terms: { licenceClass: LicenceClass; licence: string } = RESEARCH,
): TrainedFacts {
  const origin = {
    by: 'trained',
    command: `npm run train -- ${name}`,
    card: `models/cards/${name}.md`,
  } as const;
  return { name, ...terms, origin, inputs: [input], outputs: [output] };
}

/** In the order in which they are used on a frame, then on sound; the source system's last. */
export const TRAINED: Readonly<Record<TrainedName, TrainedFacts>> = {
  'eye-state': trained(
    'eye-state',
    gray(32, "one eye's crop from the mesh"),
    logits(3, 'open, closed, not visible'),
  ),
  mouth: trained(
    'mouth',
    gray(32, "the lips' box, longer side fitted, rest filled with the mean"),
    logits(2, 'yawn, no yawn'),
  ),
  'face-emotion': trained(
    'face-emotion',
    gray(48, 'face crop'),
    logits(14, `0-6 after FER2013's labels, 7-13 after FER+ votes, each ${EMOTIONS}`, 2),
  ),
  'face-sex': trained('face-sex', gray(64, 'face crop'), logits(2, 'female, male')),
  voice: trained('voice', logMel(), logits(9, `${EMOTIONS}; female, male`)),
  'voice-open': trained(
    'voice-open',
    logMel(),
    logits(8, 'angry, disgust, fear, happy, neutral, sad; female, male'),
    // CREMA-D (ODbL 1.0) and noise synthesised by the training alone.
    { licenceClass: 'any-use', licence: 'Apache-2.0' },
  ),
  'source-image': trained('source-image', gray(48, 'face crop'), logits(7, EMOTIONS)),
  'source-voice': trained(
    'source-voice',
    {
      name: 'input',
      type: 'float32',
      dims: [1, 1, 49],
      meaning: '49 MFCCs averaged over 3 s, standardised with the numbers in its metrics',
    },
    logits(14, `female ${EMOTIONS}; male the same`),
  ),
};

function logMel(): Port {
  return { name: 'input', type: 'float32', dims: [1, 1, 64, 300], meaning: LOG_MEL };
}
