/**
 * The table of `npm run examine`: every network of ours, fp32 and INT8, against the targets of targets.json and
 * beside what others published. Input: stored metrics. Output: plain objects (`--json`); table-text.ts writes them.
 */
import { TRAINED, type Precision, type TrainedName } from '../manifest.ts';
import { measureOf, type Entry } from './examined.ts';
import { otherMetrics, type Stored } from './stored.ts';
import targets from './targets.json' with { type: 'json' };

/** One number that was to be reached. */
export interface Target {
  readonly network: string;
  readonly on: string;
  readonly measure: string;
  /** Fraction; left out = reported, nothing was asked. */
  readonly at?: number;
  /** Left out = the examination's entry `on`. */
  readonly from?: { readonly file: string; readonly path: readonly string[] };
  readonly peers: readonly string[];
}

export const TARGETS: readonly Target[] = targets.targets;
export const PEERS: Readonly<Record<string, { who: string; text: string; source: string }>> = targets.peers;
export const INT8_TARGETS = targets.int8;

export interface ScoreRow {
  readonly network: string;
  readonly on: string;
  readonly measure: string;
  readonly n: number | null;
  readonly target: number | null;
  readonly fp32: number | null;
  readonly int8: number | null;
  /** The shipped file less the target: negative = missed by so much. `null` without one of them. */
  readonly margin: number | null;
  readonly published: readonly string[];
}

export interface NetworkRow {
  readonly network: string;
  readonly parameters: number | null;
  readonly bytes: Readonly<Record<Precision, number | null>>;
  /** By head; empty without INT8. */
  readonly heads: readonly {
    readonly head: string;
    readonly agreement: number;
    readonly change: number | null;
    readonly interval95: readonly [number, number] | null;
  }[];
  readonly leastMs: Readonly<Record<Precision, number>> | null;
  readonly timesFp32: number | null;
  /** Why it is not as much faster as it should be. */
  readonly note: string | null;
}

/** @param home folder of metrics/ */
export function scoreRows(stored: readonly Stored[], home: string): ScoreRow[] {
  return stored.flatMap((one) => {
    const own = TARGETS.filter(({ network }) => network === one.name);
    return own.map((target) => scoreRow(target, one, home));
  });
}

function scoreRow(target: Target, { examined }: Stored, home: string): ScoreRow {
  const { network, on, measure, at, from, peers } = target;
  const entry = examined?.entries.find((found) => found.on === on);
  const scores = from === undefined ? examinedScores(entry, measure) : trainedScore(from, home);
  const shipped = scores.int8 ?? scores.fp32;
  return {
    network,
    on,
    measure,
    n: entry?.n ?? null,
    target: at ?? null,
    ...scores,
    margin: at === undefined || shipped === null ? null : Math.round((shipped - at) * 1e4) / 1e4,
    published: peers.map((peer) => {
      const { who, text, source } = PEERS[peer]!;
      return `${who} ${text} (${source})`;
    }),
  };
}

type Scores = Record<Precision, number | null>;

function examinedScores(entry: Entry | undefined, measure: string): Scores {
  const of = (precision: Precision): number | null => {
    const result = entry?.[precision];
    return result === undefined ? null : measureOf(result, measure);
  };
  return { fp32: of('fp32'), int8: of('int8') };
}

function trainedScore({ file, path }: NonNullable<Target['from']>, home: string): Scores {
  let found: unknown = otherMetrics(file, home);
  for (const key of path) found = (found as Record<string, unknown> | null | undefined)?.[key];
  return { fp32: typeof found === 'number' ? found : null, int8: null };
}

export function networkRow({ name, trained, int8 }: Stored): NetworkRow {
  return {
    network: name,
    parameters: trained?.weights.parameters ?? null,
    bytes: { fp32: trained?.weights.bytes ?? null, int8: int8?.weights.bytes ?? null },
    heads: Object.entries(int8?.comparison.heads ?? {}).map(([head, found]) => ({
      head,
      agreement: found.agreement,
      change: found.change ?? null,
      interval95: found.interval95 ?? null,
    })),
    leastMs: int8 === null ? null : { fp32: int8.speed.fp32.leastMs, int8: int8.speed.int8.leastMs },
    timesFp32: int8?.speed.ratio ?? null,
    note: int8?.speed.note ?? null,
  };
}

/** Ours, in the order in which a drive uses them. */
export const OURS = Object.keys(TRAINED) as TrainedName[];
