/** Figures as lines of text. In: figures of a run or of a sweep. Out: lines. */
import type { FalseAlerts, Figures, Found } from './figures.ts';
import type { SweepPoint } from './sweep.ts';

/** The points of a sweep, a line each. */
export function sweepInWords(points: readonly SweepPoint[]): string[] {
  return points.map(
    ({ path, value, falseWarningsPerHour, noticesPerHour, foundShare }) =>
      `  ${path.padEnd(28)}${String(value).padStart(6)}  false warnings ${falseWarningsPerHour.toFixed(2)}/h  notices ${noticesPerHour.toFixed(2)}/h  found ${foundShare === null ? '-' : `${(100 * foundShare).toFixed(1)} %`}`,
  );
}

/** The figures of a run, a line each. */
export function inWords({ attentive, events, details }: Figures, fps: number, seed: number): string[] {
  return [
    `attentive hours (${fps} fps, seed ${seed})`,
    rates('all', attentive),
    ...Object.entries(details.conditions).map(([name, alerts]) => rates(name, alerts)),
    rates('speed unknown', details.speedUnknown),
    '',
    'worst behaviours (alert, while, an hour, seed@second)',
    ...details.behaviours.map(
      (row) =>
        `  ${row.kind.padEnd(17)}${row.doing.padEnd(26)}${row.perHour.toFixed(3).padStart(8)}  ${row.examples
          .map(({ seed: drive, atMs }) => `${drive}@${(atMs / 1000).toFixed(1)}`)
          .join(' ')}`,
    ),
    '',
    'weakened judges (each must come out above 1 false warning an hour)',
    ...Object.entries(details.weakened).map(([name, alerts]) => rates(name, alerts)),
    '',
    'events (found / injected with eyes seen, delay from their start: median, 95 %, most)',
    ...Object.entries(events).map(
      ([kind, found]) => `${foundInWords(kind, found)}  (${details.unseenEvents[kind]} not seen, left out)`,
    ),
    'of these with glasses',
    ...Object.entries(details.eventsWithGlasses).map(([kind, found]) => foundInWords(kind, found)),
    rates('beside the events', details.besideEvents),
    ...details.missed.map(
      ({ kind, seed: drive, startMs }) => `  missed ${kind}: ${drive}@${(startMs / 1000).toFixed(1)}`,
    ),
  ];
}

function foundInWords(kind: string, { n, found, delayMs }: Found): string {
  const share = n === 0 ? '-' : `${((100 * found) / n).toFixed(1)} %`;
  const delays = delayMs === null ? '-' : `${delayMs.median}, ${delayMs.p95}, ${delayMs.max} ms`;
  return `  ${kind.padEnd(12)}${found} / ${n}  ${share}  ${delays}`;
}

function rates(name: string, of: FalseAlerts): string {
  const kinds = Object.entries(of.perKind).map(([kind, rate]) => `${kind} ${rate}`);
  const head = `  ${name.padEnd(18)}${of.hours.toFixed(1).padStart(6)} h  false warnings ${of.falseWarningsPerHour.toFixed(2)}/h  notices ${of.noticesPerHour.toFixed(2)}/h`;
  return kinds.length === 0 ? head : `${head}  (${kinds.join(', ')})`;
}
