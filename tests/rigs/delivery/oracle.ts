/**
 * Says what is wrong with a delivery. Pure.
 *
 * In:  the store's own record of what was committed, what the fleet's consumer was handed, and what truly
 *      happened on the drive. Out: faults, one sentence each, and counts.
 */
import type { AlertMessage, OutboxMessage } from '../../../agent/contract/index.ts';
import type { ClosedEyes } from './drive.ts';

/** What the store says it committed. */
export interface Committed {
  readonly epoch: string;
  /** The last number given. */
  readonly lastSeq: number;
  /** In the order of their numbers, acknowledged or not. */
  readonly messages: readonly OutboxMessage[];
}

export interface Verdict {
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Every committed message came once and unchanged; nothing else came. */
export function judgeDelivery(committed: Committed, came: readonly OutboxMessage[]): Verdict {
  const { epoch, lastSeq, messages } = committed;
  const ids = new Set(messages.map(({ messageId }) => messageId));
  const arrivals = countBy(came.map(({ messageId }) => messageId));
  const lost = messages.filter(({ messageId }) => !arrivals.has(messageId));
  const doubled = [...arrivals.values()].filter((times) => times > 1);
  const foreign = came.filter((message) => !ids.has(message.messageId) || message.epoch !== epoch);
  const numbers = new Map(messages.map(({ messageId, seq }) => [messageId, seq]));
  const changed = came.filter(
    ({ messageId, seq }) => numbers.has(messageId) && numbers.get(messageId) !== seq,
  );
  const gapless = messages.length === lastSeq && messages.every(({ seq }, n) => seq === n + 1);
  const faults = [
    ...fault(!gapless, `the store's numbers have gaps: ${messages.length} rows, last number ${lastSeq}`),
    ...fault(
      ids.size !== messages.length,
      `${messages.length - ids.size} message ids are in the store twice`,
    ),
    ...fault(messages.length === 0, 'nothing was committed: nothing is shown'),
    ...fault(lost.length > 0, `lost: ${lost.map(({ seq }) => seq).join(', ')} of ${lastSeq}`),
    ...fault(doubled.length > 0, `${doubled.length} messages came more than once`),
    ...fault(foreign.length > 0, `${foreign.length} messages came that nobody committed`),
    ...fault(changed.length > 0, `${changed.length} messages came under another number`),
  ];
  return { counts: { committed: messages.length, delivered: came.length, lost: lost.length }, faults };
}

/** They came in the order of their numbers. */
export function judgeOrder(came: readonly OutboxMessage[]): Verdict {
  const late = came.filter(({ seq }, n) => n > 0 && seq < came[n - 1]!.seq);
  const faults = fault(late.length > 0, `out of order: ${late.map(({ seq }) => seq).join(', ')}`);
  return { counts: { 'out of order': late.length }, faults };
}

/** Each alert is raised once, updated, cleared once, and nothing comes after. */
export function judgePhases(messages: readonly OutboxMessage[]): Verdict {
  const alerts = Map.groupBy(messages.filter(isAlert), ({ alertId }) => alertId);
  const wrong = [...alerts.values()]
    .map((phases) => phases.map(({ phase }) => phase).join(' '))
    .filter((story) => !/^raised( updated)* cleared$/.test(story));
  return { counts: { alerts: alerts.size }, faults: wrong.map((story) => `an alert went: ${story}`) };
}

/** A time in which nobody watched, monotonic [ms]. */
export interface Absence {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Largest difference between a true start and the one that is told [ms]: what replay is held to. */
const START_WITHIN_MS = 500;
/** A closure this near to an absence may have been seen in part only [ms]. */
const MARGIN_MS = 500;

/**
 * Each closure of the eyes that was watched from start to end is one alert, of its own kind in the end.
 * @param originMs start of the drive on the monotonic clock
 */
export function judgeTruth(
  messages: readonly OutboxMessage[],
  closures: readonly ClosedEyes[],
  originMs: number,
  absences: readonly Absence[] = [],
): Verdict {
  const alerts = [...Map.groupBy(messages.filter(isAlert), ({ alertId }) => alertId).values()];
  const watched = closures.filter(
    ({ startS, endS }) =>
      !absences.some(
        ({ fromMs, toMs }) =>
          fromMs < originMs + endS * 1000 + MARGIN_MS && toMs > originMs + startS * 1000 - MARGIN_MS,
      ),
  );
  const faults = watched.flatMap(({ kind, startS }) => {
    const startMs = originMs + startS * 1000;
    const found = alerts.filter(
      ([first]) => first?.kind === 'microsleep' && Math.abs(first.startedAtMs - startMs) <= START_WITHIN_MS,
    );
    const kinds = found.map((phases) => phases.at(-1)?.kind);
    return kinds.length === 1 && kinds[0] === kind
      ? []
      : [`the ${kind} at ${startS.toFixed(1)} s became ${kinds.length} alert(s): ${kinds.join(', ')}`];
  });
  return {
    counts: { 'closures of the eyes': closures.length, 'of them watched from start to end': watched.length },
    faults: [
      ...faults,
      ...fault(watched.length === 0, 'no closure of the eyes was watched from start to end'),
    ],
  };
}

export const isAlert = (message: OutboxMessage): message is AlertMessage => message.kind !== 'gap';

/** Several verdicts as one. */
export function together(...verdicts: readonly Verdict[]): Verdict {
  return {
    counts: Object.assign({}, ...verdicts.map(({ counts }) => counts)) as Verdict['counts'],
    faults: verdicts.flatMap(({ faults }) => faults),
  };
}

const fault = (is: boolean, sentence: string): string[] => (is ? [sentence] : []);

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
