/** What a replay found, for people: alerts one by one, events as counts. */
import type { FoundLine } from './lines.ts';
import type { SummaryLine } from './replay.ts';

const GRAVITY = { 1: 'notice', 2: 'warning', 3: 'critical' } as const;
/** So many that only their number is told. */
const COUNTED: ReadonlySet<string> = new Set(['blink', 'glance', 'long-blink']);

/** "  1:43.2  alert microsleep (critical), 1.6 s, said at 1:44.2"; empty for what is only counted. */
export function foundInWords(line: FoundLine): string {
  const lasted = `${(line.endS - line.startS).toFixed(1)} s`;
  if (line.type === 'alert') {
    return `${clock(line.startS)}  ALERT ${line.kind} (${GRAVITY[line.severity]}), ${lasted}, said at ${clock(line.alertedAtS).trim()}`;
  }
  return COUNTED.has(line.kind) ? '' : `${clock(line.startS)}  ${line.kind}, ${lasted}`;
}

export function summaryInWords(summary: SummaryLine): string {
  const { file, frames, facesFound, events, alerts } = summary;
  const share = frames === 0 ? 0 : (100 * facesFound) / frames;
  const sound =
    summary.soundWindows === 0
      ? 'no sound'
      : `speech in ${summary.speechWindows} of ${summary.soundWindows} windows of sound`;
  const lines = [
    `${file}: ${summary.seconds.toFixed(1)} s, ${frames} frames, face found in ${share.toFixed(1)} %, ${sound}; ${summary.realTimeFactor} x real time`,
    `  events: ${counted(events)}`,
    `  alerts: ${counted(alerts)}`,
  ];
  if (summary.switchedOff.length > 0) lines.push(`  switched off: ${summary.switchedOff.join('; ')}`);
  return lines.join('\n');
}

function counted(numbers: Readonly<Record<string, number>>): string {
  const parts = Object.entries(numbers).map(([kind, number]) => `${number} ${kind}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** Minutes and seconds of the file. */
function clock(s: number): string {
  const minutes = Math.floor(s / 60);
  return `${String(minutes).padStart(3)}:${(s - minutes * 60).toFixed(1).padStart(4, '0')}`;
}
