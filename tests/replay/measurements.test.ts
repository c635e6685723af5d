import { expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { initialState, measures } from '../../agent/judge/index.ts';
import type { Measures } from '../../agent/judge/outcome.ts';
import type { FaceSeen, NoFace } from '../../agent/perceive/observation.ts';
import { measurementRow, MEASUREMENTS_HEAD } from '../../agent/replay/measurements.ts';

const quality = {
  brightness: 0.412345,
  contrast: 0.2,
  sharpness: 0.05,
  dark: false,
  blurred: true,
  covered: false,
  frozen: false,
};
const face: FaceSeen = {
  kind: 'face-seen',
  atMs: 1234.5,
  box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
  confidence: 0.98,
  leftEye: { ear: 0.31, confidence: 0.9, unseen: null },
  rightEye: { ear: 0.05, confidence: 0, unseen: 'profile' },
  mouth: { mar: 0.02, confidence: 0.8 },
  pose: { yawDeg: -12.34567, pitchDeg: 0, rollDeg: 1, confidence: 0.7 },
  gaze: null,
  quality,
};
const noFace: NoFace = { kind: 'no-face', atMs: 2000, quality };
const unknown: Measures = measures(initialState('test'), configSchema.parse({}).judge);

/** A row by its columns' names. */
function cells(row: string): Record<string, string | undefined> {
  const values = row.split(',');
  expect(values).toHaveLength(MEASUREMENTS_HEAD.split(',').length);
  return Object.fromEntries(MEASUREMENTS_HEAD.split(',').map((name, index) => [name, values[index]]));
}

it('has a cell for every column, times in seconds, numbers to four decimals', () => {
  expect(cells(measurementRow('a.mp4', face, unknown))).toMatchObject({
    file: 'a.mp4',
    time_s: '1.2345',
    face: '1',
    box_height: '0.4',
    ear_left: '0.31',
    mar: '0.02',
    yaw_deg: '-12.3457',
    pitch_deg: '0',
    brightness: '0.4123',
    blurred: '1',
    frozen: '0',
  });
});

it('says why an eye is not seen, beside the value that was measured all the same', () => {
  expect(cells(measurementRow('a.mp4', face, unknown))).toMatchObject({
    ear_right: '0.05',
    right_unseen: 'profile',
    left_unseen: '',
  });
});

it('leaves empty what is not known, and never writes it as zero', () => {
  const row = cells(measurementRow('a.mp4', noFace, unknown));
  expect(row).toMatchObject({ time_s: '2', face: '0', brightness: '0.4123' });
  const empty = [
    'box_x',
    'closure',
    'ear',
    'ear_left',
    'mar',
    'yaw_deg',
    'gaze_yaw_deg',
    'perclos60',
    'kss_estimate',
    'speech',
  ];
  expect(empty.map((name) => row[name])).toEqual(empty.map(() => ''));
});

it('takes closure, PERCLOS and the estimate from the judge', () => {
  const judged = {
    ...unknown,
    closure: 0.875,
    perclos60: 0.12,
    kssEstimate: 7.25,
    level: 2 as const,
    speech: false,
  };
  expect(cells(measurementRow('a.mp4', face, judged))).toMatchObject({
    closure: '0.875',
    perclos60: '0.12',
    kss_estimate: '7.25',
    level: '2',
    speech: '0',
  });
});

it('quotes a file name where CSV needs it', () => {
  expect(measurementRow('a, "b".mp4', noFace, unknown)).toMatch(/^"a, ""b"".mp4",2,0,/);
});
