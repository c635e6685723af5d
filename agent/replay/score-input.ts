/** Reads what a score compares: lines of a replay (JSON lines) and true events (CSV). */
import { z } from 'zod';

const line = z.looseObject({
  type: z.enum(['event', 'alert', 'summary']),
  kind: z.string(),
  file: z.string(),
  startS: z.number().optional(),
  endS: z.number().nullable().optional(),
  alertedAtS: z.number().optional(),
});

/** A behaviour that the replay says it saw; an alert also says when it was raised. Seconds of the file. */
export interface Found {
  readonly type: 'event' | 'alert';
  readonly kind: string;
  readonly file: string;
  readonly startS: number;
  readonly endS: number;
  readonly alertedAtS: number | null;
}

/** A behaviour that is known to have happened. Seconds of the file. */
export interface Truth {
  readonly kind: string;
  readonly file: string;
  readonly startS: number;
  readonly endS: number;
}

/** @throws Error naming file and line when a line is not one of a replay */
export function readFoundLines(text: string, name: string): { found: Found[]; files: Set<string> } {
  const found: Found[] = [];
  const files = new Set<string>();
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const parsed = line.safeParse(parseJson(raw));
    if (!parsed.success) throw new Error(`${name}, line ${index + 1}: not a line of a replay`);
    const { type, kind, file, startS, endS, alertedAtS } = parsed.data;
    files.add(file);
    if (type === 'summary' || startS === undefined) continue;
    found.push({ type, kind, file, startS, endS: endS ?? startS, alertedAtS: alertedAtS ?? null });
  }
  return { found, files };
}

/**
 * CSV with the header `file,start_s,end_s,event,note`; lines that begin with # are comments.
 * @throws Error naming file, line and what would be right
 */
export function readTruth(text: string, name: string): Truth[] {
  const rows = text.split(/\r?\n/).map((row, index) => ({ row, number: index + 1 }));
  const [head, ...body] = rows.filter(({ row }) => row.trim() !== '' && !row.startsWith('#'));
  if (head?.row.startsWith('file,start_s,end_s,event') !== true) {
    throw new Error(`${name}: the first line must be file,start_s,end_s,event,note`);
  }
  return body.map(({ row, number }) => {
    const [file = '', start = '', end = '', kind = ''] = row.split(',');
    const [startS, endS] = [Number(start), Number(end)];
    if (file === '' || kind === '' || start === '' || end === '' || !(endS >= startS)) {
      throw new Error(
        `${name}, line ${number}: wanted file,start_s,end_s,event with start_s <= end_s, in seconds`,
      );
    }
    return { kind, file, startS, endS };
  });
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return undefined;
  }
}
