/**
 * The judge's policy as a table that reads like a standard. Generated: which numbers decide a behaviour is
 * told by the judge, values are the effective ones, words and sources come from the schema's descriptions.
 *
 * In: the judge's config, its behaviours. Out: a row a behaviour (threshold, window, severity, source), and
 * every number.
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

/** A behaviour as the judge describes it, by paths below `judge` (structural: config imports from nobody). */
export interface Behaviour {
  /** Its name in alerts and events, e.g. `repeated-glances`. */
  readonly kind: string;
  /** Somebody is told while it lasts; else it is only recorded. */
  readonly told: boolean;
  /** Numbers that decide it; none named = the numbers of its own name. */
  readonly threshold: readonly string[];
  readonly window?: readonly string[];
  /** Left out = under its own name. */
  readonly severity?: readonly string[];
}

/** One behaviour that is told or recorded. */
export interface PolicyRow {
  readonly behaviour: string;
  readonly told: boolean;
  /** Empty = this version does not judge it. */
  readonly threshold: readonly PolicyNumber[];
  /** Windows over which the threshold is measured; empty = from the first observation on. */
  readonly window: readonly PolicyNumber[];
  /** 1 notice, 2 warning, 3 critical; a list goes with attention levels 1, 2, 3. Empty = only recorded. */
  readonly severity: readonly PolicyNumber[];
  /** Sources of the thresholds and windows, each once. */
  readonly source: readonly string[];
}

export interface PolicyTable {
  readonly policy: readonly PolicyRow[];
  readonly numbers: readonly PolicyNumber[];
}

const JUDGE = ['judge'] as const;
const SEVERITY = 'severity';

/** The whole table for these values. */
export function policyTable(judge: JudgeConfig, behaviours: readonly Behaviour[]): PolicyTable {
  const numbers = policyNumbers(judge);
  return { policy: behaviours.map((behaviour) => rowOf(behaviour, numbers)), numbers };
}

/** Every number of the judgement, in the order of the schema. */
export function policyNumbers(judge: JudgeConfig): readonly PolicyNumber[] {
  return leavesOfJudge().map((path) => numberAt(judge, path));
}

function rowOf(behaviour: Behaviour, numbers: readonly PolicyNumber[]): PolicyRow {
  const { kind, told } = behaviour;
  const name = kind.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const pick = (paths: readonly string[]) =>
    paths.flatMap((path) => numbers.find((number) => number.path === path) ?? []);
  const named = numbers.filter((number) => isNamed(number.path, name));
  const threshold = behaviour.threshold.length > 0 ? pick(behaviour.threshold) : named;
  const window = pick(behaviour.window ?? []);
  const severity = pick(behaviour.severity ?? [`${SEVERITY}.${name}`]);
  const sources = [...threshold, ...window].flatMap((number) => number.source ?? []);
  return { behaviour: kind, told, threshold, window, severity, source: [...new Set(sources)] };
}

/** A section `lockout` or keys like `lockoutAlerts` belong to the behaviour `lockout`. */
function isNamed(path: string, name: string): boolean {
  const [section, ...keys] = path.split('.');
  return section === name || (section !== SEVERITY && keys.some((key) => key.startsWith(name)));
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
