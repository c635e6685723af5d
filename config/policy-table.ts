/**
 * The judge's policy as a table that reads like a standard. Generated: behaviours are those with a severity,
 * numbers are the effective ones, words and sources come from the schema's descriptions.
 *
 * In: the judge's config. Out: a row a behaviour (threshold, window, severity, source), and every number.
 */
import { valueAt } from './layers.ts';
import type { JudgeConfig } from './schema.ts';
import { leaves, nodeAt } from './tree.ts';

/** One number of the judgement with where it comes from. */
export interface PolicyNumber {
  /** Below `judge`, e.g. `eyes.microsleepMs`. */
  readonly path: string;
  readonly value: unknown;
  /** `ms`, `deg`, `ratio`, ... as the description says; `null` for plain counts and words. */
  readonly unit: string | null;
  readonly meaning: string;
  /** A protocol, a paper, "measured" or "choice"; `null` where the description names none. */
  readonly source: string | null;
}

/** One behaviour that somebody is told about. */
export interface PolicyRow {
  readonly behaviour: string;
  readonly threshold: readonly PolicyNumber[];
  /** Windows over which the threshold is measured; empty = from the first observation on. */
  readonly window: readonly PolicyNumber[];
  /** 1 notice, 2 warning, 3 critical; a list goes with attention levels 1, 2, 3. */
  readonly severity: unknown;
  /** Sources of the thresholds and windows, each once. */
  readonly source: readonly string[];
}

export interface PolicyTable {
  readonly policy: readonly PolicyRow[];
  readonly numbers: readonly PolicyNumber[];
}

const JUDGE = ['judge'] as const;
const SEVERITY = 'severity';

/** Which numbers decide a behaviour; one that is not here is decided by the section or key of its name. */
const DECIDED_BY: Readonly<Record<string, { threshold: readonly string[]; window?: readonly string[] }>> = {
  microsleep: { threshold: ['eyes.microsleepMs', 'eyes.closedAt'] },
  sleep: { threshold: ['eyes.sleepMs', 'eyes.closedAt'] },
  distraction: {
    threshold: [
      'distraction.levelMs',
      'distraction.slowLevelMs',
      'distraction.awayYawDeg',
      'distraction.awayPitchDownDeg',
      'distraction.awayPitchUpDeg',
    ],
  },
  repeatedGlances: {
    threshold: ['distraction.repeatedAwayMs', 'distraction.glanceMinMs'],
    window: ['distraction.repeatedWindowMs'],
  },
  drowsiness: {
    threshold: ['drowsiness.warnFromKss', 'perclos.drowsyFrom', 'perclos.drowsyLongFrom'],
    window: ['perclos.shortWindowMs', 'perclos.longWindowMs', 'drowsiness.yawnWindowMs'],
  },
  eyesNotSeen: { threshold: ['eyes.notSeenNoticeMs'] },
  faceLost: { threshold: ['face.lostNoticeMs'] },
  cameraBlocked: { threshold: ['camera.blockedNoticeMs', 'camera.frozenNoticeMs'] },
  slowClock: { threshold: ['face.slowLevelMs'] },
};

/** The whole table for these values. */
export function policyTable(judge: JudgeConfig): PolicyTable {
  const numbers = leavesOfJudge().map((path) => numberAt(judge, path));
  const behaviours = Object.keys(judge[SEVERITY]) as (keyof JudgeConfig['severity'])[];
  return {
    policy: behaviours.map((behaviour) => rowOf(behaviour, judge.severity[behaviour], numbers)),
    numbers,
  };
}

function rowOf(behaviour: string, severity: unknown, numbers: readonly PolicyNumber[]): PolicyRow {
  const named = DECIDED_BY[behaviour];
  const pick = (paths: readonly string[]) =>
    paths.flatMap((path) => numbers.find((number) => number.path === path) ?? []);
  const threshold = named
    ? pick(named.threshold)
    : numbers.filter((number) => isNamed(number.path, behaviour));
  const window = pick(named?.window ?? []);
  const sources = [...threshold, ...window].flatMap((number) => number.source ?? []);
  return { behaviour, threshold, window, severity, source: [...new Set(sources)] };
}

/** A section `lockout` or keys like `lockoutAlerts` belong to the behaviour `lockout`. */
function isNamed(path: string, behaviour: string): boolean {
  const [section, ...keys] = path.split('.');
  return section === behaviour || (section !== SEVERITY && keys.some((key) => key.startsWith(behaviour)));
}

function leavesOfJudge(): string[][] {
  const judge = nodeAt(JUDGE);
  return judge === undefined ? [] : leaves(judge);
}

function numberAt(judge: JudgeConfig, path: readonly string[]): PolicyNumber {
  const described = nodeAt([...JUDGE, ...path])?.description ?? '';
  return { path: path.join('.'), value: valueAt(judge, path) ?? null, ...read(described) };
}

/** "what it is (its source) [unit]", in any order after the words. */
function read(description: string): Pick<PolicyNumber, 'meaning' | 'source' | 'unit'> {
  const unit = /\[([^\]]+)\]/.exec(description)?.[1] ?? null;
  const words = description.replace(/\s*\[[^\]]+\]/, '').trim();
  const source = /^(.*?)\s*\((.+)\)$/s.exec(words);
  return { meaning: source?.[1] ?? words, source: source?.[2] ?? null, unit };
}
