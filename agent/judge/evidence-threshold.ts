/**
 * What the behaviour was measured against: the threshold, where it is set, and how close it was.
 *
 * In: the evidence that the behaviour gave itself, the state, the config. Out: keys that are the same for
 * every kind (`threshold…`, `thresholdFrom`, `margin…`, `marginShare`, `windowMs`, `windowFrom`).
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { levelAt } from './distraction.ts';
import { RULES } from './evidence-rules.ts';
import type { BehaviourKind } from './evidence-rules.ts';
import type { Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';
import type { DriverState } from './state.ts';
import { levelTimes } from './surroundings.ts';

/** Units of a threshold, as they end its key. */
type Unit = 'Ms' | 'Kss' | 'Strain' | 'Alerts';
const DIGITS: Readonly<Record<Unit, number>> = { Ms: 0, Kss: 1, Strain: 2, Alerts: 0 };

/** What was measured, and against what. */
interface Comparison {
  readonly measured: number | null;
  readonly unit: Unit;
  readonly threshold: number;
  /** Path below `judge`. */
  readonly from: string;
}

/** Threshold, margin and window of a behaviour; empty for one without numbers. */
export function againstThreshold(
  kind: BehaviourKind,
  evidence: Evidence,
  state: DriverState,
  config: JudgeConfig,
): Evidence {
  const compared = compare(kind, evidence, state, config);
  return compared === null ? {} : { ...comparisonEvidence(compared), ...windowEvidence(kind, config) };
}

/** The number at a path below `judge`; the first one of a list. `null` = there is none. */
export function configNumber(config: JudgeConfig, path: string): number | null {
  let value: unknown = config;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' ? first : null;
}

/** A number of the evidence. */
export function factNumber(evidence: Evidence, key: string): number | null {
  const fact = evidence[key];
  return typeof fact === 'number' ? fact : null;
}

function comparisonEvidence({ measured, unit, threshold, from }: Comparison): Evidence {
  const about = { [`threshold${unit}`]: threshold, thresholdFrom: `judge.${from}` };
  if (measured === null) return about;
  const margin = measured - threshold;
  const marginShare = threshold > 0 ? rounded(margin / threshold, 2) : null;
  return { ...about, [`margin${unit}`]: rounded(margin, DIGITS[unit]), marginShare };
}

/** `null` = no fixed window: measured from the first observation that showed it. */
function windowEvidence(kind: BehaviourKind, config: JudgeConfig): Evidence {
  const path = RULES[kind].window?.[0];
  if (path === undefined) return { windowMs: null };
  return { windowMs: configNumber(config, path), windowFrom: `judge.${path}` };
}

function compare(
  kind: BehaviourKind,
  evidence: Evidence,
  state: DriverState,
  config: JudgeConfig,
): Comparison | null {
  switch (kind) {
    case 'distraction':
      return ofDistraction(evidence, state, config);
    case 'drowsiness':
      return ofPath('drowsiness.warnFromKss', 'Kss', factNumber(evidence, 'kssEstimate'), config);
    case 'stress':
      return ofPath('stress.raiseAt', 'Strain', factNumber(evidence, 'strain'), config);
    case 'unresponsive':
      return ofUnresponsive(evidence, config);
    case 'lockout':
      return ofLockout(evidence, config);
    case 'face-lost':
    case 'camera-blocked':
      return ofNotice(kind, evidence, config);
    default:
      return ofPath(RULES[kind].threshold[0], 'Ms', lasted(evidence), config);
  }
}

/** How long it was seen, under the name that the behaviour gives it. */
function lasted(evidence: Evidence): number | null {
  const key = ['closedMs', 'awayMs', 'openMs', 'lastedMs'].find((name) => name in evidence);
  return key === undefined ? null : factNumber(evidence, key);
}

function ofPath(
  from: string | undefined,
  unit: Unit,
  measured: number | null,
  config: JudgeConfig,
): Comparison | null {
  const threshold = from === undefined ? null : configNumber(config, from);
  return from === undefined || threshold === null ? null : { measured, unit, threshold, from };
}

/** The level that was reached, at the speed of the moment; inattention carried from before counts with it. */
function ofDistraction(evidence: Evidence, state: DriverState, config: JudgeConfig): Comparison {
  const { levelMs } = config.distraction;
  const measured = (lasted(evidence) ?? 0) + (factNumber(evidence, 'carriedMs') ?? 0);
  const now = levelTimes(state.context, state.atMs ?? 0, config);
  // Raised in a faster tier than that of now: it was measured against the strictest.
  const times = now !== null && measured >= now[0] ? now : levelMs;
  const threshold = times[Math.max(1, levelAt(measured, times)) - 1]!;
  const from = times === levelMs ? 'distraction.levelMs' : 'distraction.slowLevelMs';
  return { measured, unit: 'Ms', threshold, from };
}

/** No return within a time of the warning, or too long at all. */
function ofUnresponsive(evidence: Evidence, config: JudgeConfig): Comparison {
  const whole = evidence['behaviour'] === 'looking-away' ? 'awayMs' : 'closedMs';
  const hiddenMs = evidence['withHidden'] === true ? (factNumber(evidence, 'hiddenMs') ?? 0) : 0;
  const longestMs = config.unresponsive[whole];
  const threshold = factNumber(evidence, 'thresholdMs') ?? longestMs;
  const from = threshold < longestMs ? 'unresponsive.noReturnMs' : `unresponsive.${whole}`;
  return { measured: (lasted(evidence) ?? 0) + hiddenMs, unit: 'Ms', threshold, from };
}

/** By number, else by time. */
function ofLockout(evidence: Evidence, config: JudgeConfig): Comparison | null {
  const alerts = factNumber(evidence, 'terminalAlerts');
  if ((alerts ?? 0) >= config.lockout.terminalAlerts) {
    return ofPath('lockout.terminalAlerts', 'Alerts', alerts, config);
  }
  return ofPath('lockout.terminalMs', 'Ms', factNumber(evidence, 'terminalMs'), config);
}

function ofNotice(kind: 'face-lost' | 'camera-blocked', evidence: Evidence, config: JudgeConfig) {
  const paths: Readonly<Record<string, string>> = {
    frozen: 'camera.frozenNoticeMs',
    'pose uncertain': 'face.slowLevelMs',
  };
  const byKind = kind === 'face-lost' ? 'face.lostNoticeMs' : 'camera.blockedNoticeMs';
  return ofPath(paths[String(evidence['cause'])] ?? byKind, 'Ms', lasted(evidence), config);
}
