/** Explains a line of a file: of a replay (named by its number), or a message of a fleet (named by an id). */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { explainEvidence, explainMessages, outboxMessage } from '../contract/index.ts';
import type { Explanation, OutboxMessage } from '../contract/index.ts';

const fact = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const replayLine = z.object({
  type: z.enum(['event', 'alert']),
  file: z.string(),
  kind: z.string(),
  startS: z.number(),
  endS: z.number(),
  alertedAtS: z.number().optional(),
  severity: z.number().optional(),
  level: z.number().optional(),
  cleared: z.string().nullable().optional(),
  evidence: z.record(z.string(), fact),
  phases: z
    .array(
      z.object({
        phase: z.string(),
        kind: z.string(),
        severity: z.number(),
        level: z.number(),
        atS: z.number(),
      }),
    )
    .optional(),
});
type ReplayLine = z.output<typeof replayLine>;

const GRAVITY: Readonly<Record<number, string>> = { 1: 'notice', 2: 'warning', 3: 'critical' };

/**
 * @param id number of a line (1 = the first), or a messageId or alertId
 * @throws Error in one sentence when the file has no such line, or it cannot be explained
 */
export function explainLineOf(file: string, id: string): Explanation {
  const lines = readLines(file);
  const messages = lines.flatMap((line) => outboxMessage.safeParse(line).data ?? []);
  const message =
    messages.find((one) => one.messageId === id) ?? messages.find((one) => alertIdOf(one) === id);
  if (message !== undefined) return explainMessages(message, phasesOf(message, messages));
  const number = /^\d+$/.test(id) ? Number(id) : 0;
  if (number === 0 || number > lines.length) {
    throw new Error(`${id}: ${file} has no message or alert of this id; its lines are 1 to ${lines.length}`);
  }
  const line = replayLine.safeParse(lines[number - 1]);
  if (!line.success) throw new Error(`${file}, line ${number}: neither an event nor an alert`);
  return explainReplayed(line.data);
}

function readLines(file: string): unknown[] {
  return readText(file)
    .split('\n')
    .filter((raw) => raw.trim() !== '')
    .map((raw, index) => {
      try {
        return JSON.parse(raw) as unknown;
      } catch (cause) {
        throw new Error(`${file}, line ${index + 1}: not JSON`, { cause });
      }
    });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause,
    });
  }
}

const alertIdOf = (message: OutboxMessage): string | null =>
  message.kind === 'gap' ? null : message.alertId;

function phasesOf(message: OutboxMessage, messages: readonly OutboxMessage[]): OutboxMessage[] {
  const id = alertIdOf(message);
  return id === null ? [message] : messages.filter((one) => alertIdOf(one) === id);
}

function explainReplayed(line: ReplayLine): Explanation {
  const { kind, file, startS, endS, alertedAtS, evidence } = line;
  const said = alertedAtS === undefined ? '' : ` and was said ${(alertedAtS - startS).toFixed(1)} s later`;
  const head =
    line.type === 'event'
      ? `${kind}, recorded.`
      : `${kind} (${GRAVITY[line.severity ?? 0] ?? 'alert'}), told.`;
  const phases = (line.phases ?? []).map(
    (one) =>
      `${one.phase} ${(one.atS - startS).toFixed(1)} s after it began: ${one.kind} (${GRAVITY[one.severity] ?? '?'}), attention level ${one.level}${one.phase === 'cleared' && line.cleared != null ? `, ${line.cleared}` : ''}.`,
  );
  return {
    sentences: [
      head,
      `It began at ${startS.toFixed(1)} s of ${file}${said}; it ended at ${endS.toFixed(1)} s.`,
      ...explainEvidence(kind, evidence),
      ...phases,
    ],
    evidence,
    found: [line],
  };
}
