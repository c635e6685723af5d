/**
 * The researcher's table: one CSV row a frame. `null` and not-seen are empty cells, so that no program
 * reads them as zeros.
 */
import type { Measures } from '../judge/outcome.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import type { FaceSeen, NoFace } from '../perceive/observation.ts';

type Cell = number | string | boolean | null | undefined;
type Column = readonly [name: string, cell: (seen: FaceSeen | NoFace, measures: Measures) => Cell];

const face = (seen: FaceSeen | NoFace): FaceSeen | null => (seen.kind === 'face-seen' ? seen : null);

const COLUMNS: readonly Column[] = [
  ['time_s', (seen) => seen.atMs / 1000],
  ['face', (seen) => seen.kind === 'face-seen'],
  ['face_confidence', (seen) => face(seen)?.confidence],
  ['box_x', (seen) => face(seen)?.box.x],
  ['box_y', (seen) => face(seen)?.box.y],
  ['box_width', (seen) => face(seen)?.box.width],
  ['box_height', (seen) => face(seen)?.box.height],
  ['eyes_seen', (_, measures) => measures.eyesSeen],
  ['closure', (_, measures) => measures.closure],
  ['ear', (_, measures) => measures.ear],
  ['ear_left', (seen) => face(seen)?.leftEye.ear],
  ['ear_right', (seen) => face(seen)?.rightEye.ear],
  ['left_unseen', (seen) => face(seen)?.leftEye.unseen],
  ['right_unseen', (seen) => face(seen)?.rightEye.unseen],
  ['left_confidence', (seen) => face(seen)?.leftEye.confidence],
  ['right_confidence', (seen) => face(seen)?.rightEye.confidence],
  ['mar', (seen) => face(seen)?.mouth.mar],
  ['yaw_deg', (seen) => face(seen)?.pose.yawDeg],
  ['pitch_deg', (seen) => face(seen)?.pose.pitchDeg],
  ['roll_deg', (seen) => face(seen)?.pose.rollDeg],
  ['pose_confidence', (seen) => face(seen)?.pose.confidence],
  ['gaze_yaw_deg', (seen) => face(seen)?.gaze?.yawDeg],
  ['gaze_pitch_deg', (seen) => face(seen)?.gaze?.pitchDeg],
  ['yaw_from_neutral_deg', (_, measures) => measures.yawFromNeutralDeg],
  ['pitch_from_neutral_deg', (_, measures) => measures.pitchFromNeutralDeg],
  ['perclos60', (_, measures) => measures.perclos60],
  ['perclos180', (_, measures) => measures.perclos180],
  ['kss_estimate', (_, measures) => measures.kssEstimate],
  ['strain', (_, measures) => measures.strain],
  ...EMOTIONS.map((emotion): Column => [emotion, (seen) => face(seen)?.affect?.probabilities[emotion]]),
  ['female', (seen) => face(seen)?.affect?.female],
  ['level', (_, measures) => measures.level],
  ['speech', (_, measures) => measures.speech],
  ['brightness', (seen) => seen.quality.brightness],
  ['contrast', (seen) => seen.quality.contrast],
  ['sharpness', (seen) => seen.quality.sharpness],
  ['dark', (seen) => seen.quality.dark],
  ['blurred', (seen) => seen.quality.blurred],
  ['covered', (seen) => seen.quality.covered],
  ['frozen', (seen) => seen.quality.frozen],
];

export const MEASUREMENTS_HEAD = ['file', ...COLUMNS.map(([name]) => name)].join(',');

/** @param file its name, quoted where CSV needs it */
export function measurementRow(file: string, seen: FaceSeen | NoFace, measures: Measures): string {
  return [quoted(file), ...COLUMNS.map(([, cell]) => shown(cell(seen, measures)))].join(',');
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(Number(cell.toFixed(4)));
  return typeof cell === 'boolean' ? (cell ? '1' : '0') : cell;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
