/**
 * What was measured, as one sentence a kind: alerts and recorded events.
 * Input: the kind and its evidence. Output: a sentence, empty where the evidence does not say it.
 */
import type { AlertMessage } from './alert-message.ts';

export type Facts = AlertMessage['evidence'];

/** "1.0 s"; "?" for what is not told. */
export const seconds = (fact: Facts[string] | undefined): string =>
  typeof fact === 'number' ? `${(fact / 1000).toFixed(1)} s` : '?';
/** A number with so many decimals; "?" for what is not told. */
export const shown = (fact: Facts[string] | undefined, digits = 0): string =>
  typeof fact === 'number' ? fact.toFixed(digits) : '?';
const percent = (fact: Facts[string] | undefined): string =>
  typeof fact === 'number' ? `${Math.round(fact * 100)} %` : '?';
const told = (facts: Facts, key: string): boolean => facts[key] !== undefined && facts[key] !== null;

const closed = (facts: Facts): string =>
  `The eyes were closed for ${seconds(facts['closedMs'])}, at most to ${shown(facts['peakClosure'], 2)} (0 open, 1 shut).`;
const lasted = (what: string) => (facts: Facts) =>
  `${what} for ${seconds(facts['lastedMs'])}${told(facts, 'cause') ? `; cause: ${String(facts['cause'])}` : ''}.`;

/** One entry a kind; what is not here is told by its numbers alone. */
const MEASURED: Readonly<Record<string, (facts: Facts) => string>> = {
  blink: closed,
  'long-blink': closed,
  microsleep: closed,
  sleep: closed,
  glance: away,
  distraction: away,
  'repeated-glances': (facts) => `Glances away from the road added up to ${seconds(facts['awayMs'])}.`,
  drowsiness: drowsy,
  unresponsive: noResponse,
  lockout: (facts) =>
    `In this trip the gravest was told ${shown(facts['terminalAlerts'])} time(s), for ${seconds(facts['terminalMs'])} in all.`,
  stress: (facts) =>
    `The strain in face and voice was ${shown(facts['strain'], 2)} of 1 (face ${shown(facts['faceStrain'], 2)}, voice ${shown(facts['voiceStrain'], 2)}).`,
  yawn: (facts) =>
    `The mouth was wide open for ${seconds(facts['openMs'])}, in ${percent(facts['openShare'])} of that time, at most ${shown(facts['peakMar'], 2)} high for its width.`,
  'eyes-not-seen': lasted('The eyes could not be seen'),
  'face-lost': lasted('The face could not be seen'),
  'camera-blocked': lasted('The camera showed nothing'),
};

/** What was measured. */
export function measuredSentences(kind: string, facts: Facts): string[] {
  const say = MEASURED[kind];
  if (say === undefined || Object.keys(facts).length === 0) return [];
  return [say(facts), ...(kind === 'drowsiness' ? partSentences(facts) : [])];
}

function away(facts: Facts): string {
  const direction = told(facts, 'yawFromNeutralDeg') ? `, on average ${directionInWords(facts)}` : '';
  const mirror = told(facts, 'mirror') ? ` (towards the ${String(facts['mirror'])})` : '';
  const carried =
    typeof facts['carriedMs'] === 'number' && facts['carriedMs'] > 0
      ? `; ${seconds(facts['carriedMs'])} of inattention from before had not worn off`
      : '';
  return `The driver looked away for ${seconds(facts['awayMs'])}${direction}${mirror}${carried}.`;
}

function directionInWords(facts: Facts): string {
  const turn = (key: string, plus: string, minus: string) => {
    const deg = Number(facts[key] ?? 0);
    return `${Math.abs(deg).toFixed(0)} degrees ${deg < 0 ? minus : plus}`;
  };
  return `${turn('yawFromNeutralDeg', 'left', 'right')} and ${turn('pitchFromNeutralDeg', 'up', 'down')} of the resting pose`;
}

function noResponse(facts: Facts): string {
  const looking = facts['behaviour'] === 'looking-away';
  const seen = looking
    ? `The driver went on looking away for ${seconds(facts['awayMs'])}`
    : `The eyes stayed closed for ${seconds(facts['closedMs'])}`;
  const hidden =
    facts['withHidden'] === true ? `, and ${seconds(facts['hiddenMs'])} followed out of sight` : '';
  return `${seen} in spite of the warning${hidden}.`;
}

function drowsy(facts: Facts): string {
  const sure = told(facts, 'kssConfidence') ? `, confidence ${shown(facts['kssConfidence'], 2)} of 1` : '';
  return `Sleepiness was estimated at ${shown(facts['kssEstimate'], 1)} on the Karolinska scale from 1 to 9${sure}.`;
}

/** Parts of the drowsiness estimate: key of the steps it added, and what it saw. */
const PARTS: readonly (readonly [key: string, name: string, saw: (facts: Facts) => string])[] = [
  [
    'kssByPerclos',
    'eyes closed (PERCLOS)',
    (f) => `${percent(f['perclos60'])} of the last minute, ${percent(f['perclos180'])} of the last three`,
  ],
  ['kssByClosures', 'slow blinks', (f) => `mean ${shown(f['meanBlinkMs'])} ms`],
  ['kssByReopening', 'slow reopening of the lids', (f) => `mean ${shown(f['meanReopenMs'])} ms`],
  ['kssByLongBlinks', 'long blinks', (f) => `${shown(f['longBlinksPerMinute'], 1)} a minute`],
  ['kssByYawns', 'yawns', (f) => shown(f['yawns'])],
  ['kssByNods', 'head nods', (f) => shown(f['headNods'])],
  ['kssByTrip', 'time on the trip', (f) => `${shown(Number(f['tripMs'] ?? NaN) / 60_000)} min`],
  [
    'kssByHour',
    'hour of day',
    (f) =>
      told(f, 'hourOfDay') ? `${shown(f['hourOfDay'], 1)} h` : 'not known: the clock is not synchronised',
  ],
];
/** Names that `movedMostBy` gives to the parts. */
const MOVED: Readonly<Record<string, string>> = {
  perclos: 'kssByPerclos',
  closures: 'kssByClosures',
  reopening: 'kssByReopening',
  longBlinks: 'kssByLongBlinks',
  yawns: 'kssByYawns',
  nods: 'kssByNods',
  trip: 'kssByTrip',
  hour: 'kssByHour',
};

function partSentences(facts: Facts): string[] {
  const parts = PARTS.filter(([key]) => told(facts, key)).map(
    ([key, name, saw]) => `${name} +${shown(facts[key], 1)} (${saw(facts)})`,
  );
  const most = PARTS.find(([key]) => key === MOVED[String(facts['movedMostBy'])]);
  return [
    ...(parts.length === 0 ? [] : [`What moved it: ${parts.join('; ')}.`]),
    ...(most === undefined ? [] : [`It was moved most by ${most[1]}.`]),
  ];
}
