/**
 * An alert explained in plain sentences: what, when, measured value, window, threshold and where it is set,
 * how close it was, what was not seen, what was known of the driver, and what became of it.
 *
 * Input: messages of the alert topic, or the evidence of anything recorded. Output: sentences for people.
 * Pure; for the command line, the page and a fleet's own programs.
 */
import type { AlertMessage, OutboxMessage } from './alert-message.ts';
import { measuredSentences, seconds, shown } from './explain-measured.ts';
import type { Facts } from './explain-measured.ts';
import { alertInWords, clearedInWords, headInWords } from './words.ts';

/** What the message itself does not tell. */
export interface ExplainContext {
  /** Monotonic start of its trip in the same boot [ms], where it is known. */
  readonly tripStartMs?: number | null;
}

/** What was found, and what to say of it. */
export interface Explanation {
  readonly sentences: readonly string[];
  /** Evidence by name, as it was recorded; empty for a gap. */
  readonly evidence: Facts;
  /** The message or the line itself, with the other phases of its alert. */
  readonly found: readonly unknown[];
}

/** A message with what became of its alert: `phases` are all kept messages of it, in order. */
export function explainMessages(
  message: OutboxMessage,
  phases: readonly OutboxMessage[],
  about: ExplainContext = {},
): Explanation {
  const alerts = phases.filter((one) => one.kind !== 'gap');
  return {
    sentences: [...explainAlert(message, about), ...explainPhases(alerts)],
    evidence: message.kind === 'gap' ? {} : message.evidence,
    found: [message, ...phases.filter((one) => one !== message)],
  };
}

/** One message of the alert topic, explained. */
export function explainAlert(message: OutboxMessage, about: ExplainContext = {}): string[] {
  if (message.kind === 'gap') return [`${alertInWords(message)}: numbers that will never come.`];
  return [
    `${headInWords(message)}, ${message.phase}.`,
    whenInWords(message, about),
    ...explainEvidence(message.kind, message.evidence),
    circumstances(message),
  ];
}

/** What became of an alert: its phases in order of time. */
export function explainPhases(messages: readonly AlertMessage[]): string[] {
  const first = messages[0];
  if (first === undefined) return [];
  return messages.map((message) => {
    const afterMs = message.capturedAtMs - first.startedAtMs;
    const when = message.bootId === first.bootId ? `${seconds(afterMs)} after it began` : 'after a restart';
    const why = message.phase === 'cleared' ? `, ${clearedInWords(message)}` : '';
    return `${message.phase} ${when}: ${headInWords(message)}, attention level ${message.level}${why}.`;
  });
}

/** The evidence of an alert or of a recorded event, explained; facts that it does not have are left out. */
export function explainEvidence(kind: string, facts: Facts): string[] {
  return [
    ...measuredSentences(kind, facts),
    ...thresholdSentences(facts),
    ...limitSentences(facts),
    ...unseenSentences(facts),
    ...learnedSentences(facts),
  ];
}

/** Paths of the configuration that the evidence names, each once. */
export function numbersNamed(facts: Facts): string[] {
  const paths = Object.entries(facts).flatMap(([key, fact]) =>
    key.endsWith('From') && typeof fact === 'string' ? [fact] : [],
  );
  return [...new Set(paths)];
}

function whenInWords(message: AlertMessage, { tripStartMs }: ExplainContext): string {
  const { startedAtMs, capturedAtMs, wallTime, wallTimeCorrected, clock } = message;
  const when =
    wallTimeCorrected === undefined
      ? `${wallTime} (clock ${clock})`
      : `${wallTimeCorrected} (the clock was set later; it said ${wallTime})`;
  const said = `said ${seconds(capturedAtMs - startedAtMs)} later, at ${when}`;
  const began =
    tripStartMs == null
      ? `at ${seconds(startedAtMs)} of the device's own clock`
      : `${inMinutes(startedAtMs - tripStartMs)} into the trip`;
  return `It began ${began} and was ${said}.`;
}

const inMinutes = (ms: number): string =>
  `${Math.floor(ms / 60_000)} min ${((ms % 60_000) / 1000).toFixed(1)} s`;

function circumstances({ level, speedKmh }: AlertMessage): string {
  const speed = speedKmh === null ? 'unknown, so the strictest limits held' : `${speedKmh.toFixed(0)} km/h`;
  return `The attention level was ${level} of 3; the speed was ${speed}.`;
}

/** Units of thresholds and margins as they end their keys. */
const UNITS: Readonly<Record<string, (fact: Facts[string] | undefined) => string>> = {
  Ms: seconds,
  Kss: (fact) => `${shown(fact, 1)} on that scale`,
  Strain: (fact) => shown(fact, 2),
  Alerts: (fact) => `${shown(fact)} alerts`,
};

function thresholdSentences(facts: Facts): string[] {
  const unit = Object.keys(UNITS).find((name) => typeof facts[`margin${name}`] === 'number');
  if (unit === undefined || typeof facts['thresholdFrom'] !== 'string') {
    return ['Its threshold was not recorded.'];
  }
  const inUnit = UNITS[unit]!;
  const threshold = `The threshold is ${inUnit(facts[`threshold${unit}`])}, set at ${facts['thresholdFrom']}`;
  return [`${threshold}; ${howClose(facts, unit, inUnit)}.`, windowInWords(facts)];
}

function howClose(facts: Facts, unit: string, inUnit: (fact: Facts[string]) => string): string {
  const margin = Number(facts[`margin${unit}`]);
  const share = typeof facts['marginShare'] === 'number' ? facts['marginShare'] : null;
  const inShare = share === null ? '' : ` (${Math.abs(Math.round(share * 100))} %)`;
  if (margin === 0) return 'it was just reached';
  return `it was ${inUnit(Math.abs(margin))}${inShare} ${margin > 0 ? 'above' : 'below'} it`;
}

function windowInWords(facts: Facts): string {
  return typeof facts['windowMs'] === 'number'
    ? `It was measured over a window of ${seconds(facts['windowMs'])}, set at ${String(facts['windowFrom'])}.`
    : 'It was measured from the first observation that showed it.';
}

/** Measures that had to pass a limit at each moment. */
const LIMITS: readonly (readonly [stem: string, unit: string, name: string, digits: number])[] = [
  ['closure', '', 'The lids', 2],
  ['away', 'Deg', 'The direction', 0],
  ['mar', '', 'The mouth', 2],
];

function limitSentences(facts: Facts): string[] {
  return LIMITS.flatMap(([stem, unit, name, digits]) => {
    const limit = facts[`${stem}Limit${unit}`];
    const margin = facts[`${stem}Margin${unit}`];
    if (typeof limit !== 'number' || typeof margin !== 'number') return [];
    const inUnit = (value: number) =>
      `${value.toFixed(digits)}${unit === '' ? '' : value === 1 ? ' degree' : ' degrees'}`;
    const side = margin < 0 ? 'inside' : 'beyond';
    const from = String(facts[`${stem}LimitFrom`]);
    return [
      `${name} had to pass ${inUnit(limit)}, set at ${from}; it was ${inUnit(Math.abs(margin))} ${side} that.`,
    ];
  });
}

function unseenSentences(facts: Facts): string[] {
  const parts: string[] = [];
  const { unseenMs, eyesUnseen, blinkStatistics, perclos60Fill, perclos180Fill, fps } = facts;
  if (typeof unseenMs === 'number' && unseenMs > 0)
    parts.push(`${seconds(unseenMs)} of it, which are not counted`);
  if (typeof eyesUnseen === 'string') parts.push(`the eyes at that moment (${eyesUnseen})`);
  const fills = [perclos60Fill, perclos180Fill].filter((fill) => typeof fill === 'number');
  if (fills.some((fill) => fill < 1)) {
    const [short = 0, long = 0] = fills.map((fill) => Math.round((1 - fill) * 100));
    parts.push(`the eyes in ${short} % of the last minute and ${long} % of the last three`);
  }
  if (typeof blinkStatistics === 'string' && blinkStatistics !== 'on') {
    parts.push(`single blinks (at ${shown(fps, 1)} frames a second they are not counted)`);
  }
  if (parts.length > 0) return [`Not seen: ${parts.join('; ')}.`];
  return unseenMs === 0 || fills.length > 0 ? ['Nothing of it was out of sight.'] : [];
}

function learnedSentences(facts: Facts): string[] {
  const { openEar, openEarLearnedMs, calibration, neutralYawDeg, neutralPitchDeg } = facts;
  const parts: string[] = [];
  if (typeof openEar === 'number') {
    const from =
      openEarLearnedMs === 0 ? 'assumed, not learned yet' : `from ${seconds(openEarLearnedMs)} of open eyes`;
    parts.push(`open eyes are ${openEar.toFixed(3)} high for their width (${from})`);
  }
  if (typeof calibration === 'string') {
    const pose =
      typeof neutralYawDeg === 'number'
        ? `, resting pose yaw ${shown(neutralYawDeg)} and pitch ${shown(neutralPitchDeg)} degrees`
        : '';
    parts.push(`calibration ${calibration}${pose}`);
  }
  return parts.length === 0 ? [] : [`Known of the driver: ${parts.join('; ')}.`];
}
