/**
 * What had to hold at each moment of a behaviour (lids shut, head off the road, mouth wide open), what could
 * not be seen meanwhile, and what had been learned of the driver.
 *
 * In: the evidence of the behaviour, the state. Out: facts with the limit and how far beyond it was measured.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { BehaviourKind } from './evidence-rules.ts';
import { factNumber } from './evidence-threshold.ts';
import { openEarOf } from './eyes.ts';
import { framesPerSecond } from './frame-rate.ts';
import { calibrationOf } from './neutral-pose.ts';
import type { Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';
import type { DriverState } from './state.ts';
import { knownSpeed } from './surroundings.ts';

const LIDS: readonly BehaviourKind[] = ['blink', 'long-blink', 'microsleep', 'sleep'];
const LOOKS: readonly BehaviourKind[] = ['glance', 'distraction'];
/** Judged by the open-eye level; by the neutral pose. */
const BY_EYES: readonly BehaviourKind[] = [...LIDS, 'drowsiness', 'unresponsive', 'eyes-not-seen'];
const BY_POSE: readonly BehaviourKind[] = [...LOOKS, 'repeated-glances', 'unresponsive', 'lockout'];

/** The limit at each moment, and by how much the measure passed it. */
export function atEachMoment(
  kind: BehaviourKind,
  evidence: Evidence,
  state: DriverState,
  config: JudgeConfig,
): Evidence {
  if (LIDS.includes(kind)) {
    const from = kind === 'blink' ? 'eyes.blinkPeak' : 'eyes.closedAt';
    const limit = kind === 'blink' ? config.eyes.blinkPeak : config.eyes.closedAt;
    return passed('closure', factNumber(evidence, 'peakClosure'), limit, from);
  }
  if (kind === 'yawn')
    return passed('mar', factNumber(evidence, 'peakMar'), config.mouth.yawnMar, 'mouth.yawnMar');
  return LOOKS.includes(kind) ? offTheRoad(evidence, state, config) : {};
}

/** What could not be seen or told, whatever the kind. */
export function notSeen(state: DriverState): Evidence {
  const fps = framesPerSecond(state.frames);
  return {
    fps: fps === null ? null : rounded(fps, 1),
    eyesUnseen: state.sight?.eyesUnseen ?? null,
    blinkStatistics: state.frames.carriesBlinks ? 'on' : 'off: frame rate too low',
  };
}

/** What had been learned of this driver, and the speed that decided the tier. */
export function learned(kind: BehaviourKind, state: DriverState, config: JudgeConfig): Evidence {
  return {
    ...(BY_EYES.includes(kind) ? openEye(state, config) : {}),
    ...(BY_POSE.includes(kind) ? neutralPose(state, config) : {}),
  };
}

function openEye({ eyes }: DriverState, config: JudgeConfig): Evidence {
  const mean = (openEarOf(eyes.left, config.eyes) + openEarOf(eyes.right, config.eyes)) / 2;
  const learnedMs = Math.min(eyes.left.learnedMs, eyes.right.learnedMs);
  return { openEar: rounded(mean, 3), openEarLearnedMs: rounded(learnedMs) };
}

function neutralPose(state: DriverState, config: JudgeConfig): Evidence {
  const { pose } = state.neutral;
  const speedKmh = knownSpeed(state.context, state.atMs ?? 0, config.speed);
  return {
    calibration: calibrationOf(state.neutral, config.calibration),
    neutralYawDeg: pose && rounded(pose.yawDeg),
    neutralPitchDeg: pose && rounded(pose.pitchDeg),
    judgedSpeedKmh: speedKmh === null ? null : rounded(speedKmh),
  };
}

/** Of the limits of looking away the one that the mean direction passed the farthest. */
function offTheRoad(evidence: Evidence, state: DriverState, config: JudgeConfig): Evidence {
  const yawDeg = factNumber(evidence, 'yawFromNeutralDeg');
  const pitchDeg = factNumber(evidence, 'pitchFromNeutralDeg');
  if (yawDeg === null || pitchDeg === null) return {};
  const { from, limits } = limitsOf(yawDeg, pitchDeg, state, config);
  const ways = [
    [Math.abs(yawDeg), limits[0], from[0]],
    [-pitchDeg, limits[1], from[1]],
    [pitchDeg, limits[2], from[2]],
  ] as const;
  const [measured, limit, path] = ways.reduce((a, b) => (b[0] / b[1] > a[0] / a[1] ? b : a));
  return passed('awayDeg', measured, limit, path);
}

/** Yaw, down, up: wide ones while calibrating; those of the gaze where it passed them, else those of the head. */
function limitsOf(
  yawDeg: number,
  pitchDeg: number,
  state: DriverState,
  { calibration, distraction }: JudgeConfig,
) {
  if (calibrationOf(state.neutral, calibration) !== 'done') {
    const limit = calibration.provisionalAwayDeg;
    const path = 'calibration.provisionalAwayDeg';
    return { limits: [limit, limit, limit], from: [path, path, path] } as const;
  }
  const { awayYawDeg, awayPitchDownDeg, awayPitchUpDeg, gazeYawDeg, gazePitchDeg } = distraction;
  const byGaze = Math.abs(yawDeg) > gazeYawDeg || Math.abs(pitchDeg) > gazePitchDeg;
  if (state.sight?.gaze != null && byGaze) {
    const pitch = 'distraction.gazePitchDeg';
    const from = ['distraction.gazeYawDeg', pitch, pitch];
    return { limits: [gazeYawDeg, gazePitchDeg, gazePitchDeg], from } as const;
  }
  const from = ['distraction.awayYawDeg', 'distraction.awayPitchDownDeg', 'distraction.awayPitchUpDeg'];
  return { limits: [awayYawDeg, awayPitchDownDeg, awayPitchUpDeg], from } as const;
}

/** `closureLimit`, `closureLimitFrom`, `closureMargin`: the same three for every measure. */
function passed(name: string, measured: number | null, limit: number, from: string | undefined): Evidence {
  const [stem, unit] = name.endsWith('Deg') ? [name.slice(0, -3), 'Deg'] : [name, ''];
  return {
    [`${stem}Limit${unit}`]: limit,
    [`${stem}LimitFrom`]: `judge.${from}`,
    [`${stem}Margin${unit}`]: measured === null ? null : rounded(measured - limit, unit === 'Deg' ? 0 : 2),
  };
}
