/** Replays a recording through the real chain within this process, and scores it. */
import { basename } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { FoundLine } from '../../agent/replay/lines.ts';
import { replay, type SummaryLine } from '../../agent/replay/replay.ts';
import { readFoundLines, type Truth } from '../../agent/replay/score-input.ts';
import { scoreKinds, type KindScore } from '../../agent/replay/score.ts';

export interface Replayed {
  readonly lines: readonly FoundLine[];
  readonly rows: readonly string[];
  readonly summary: SummaryLine;
}

export async function replayed(video: string): Promise<Replayed> {
  const { config } = loadConfig({ environment: {} });
  const lines: FoundLine[] = [];
  const rows: string[] = [];
  const summary = await replay({
    ...{ config, video, name: basename(video), signal: new AbortController().signal },
    onLine: (line) => lines.push(line),
    onRow: (row) => rows.push(row),
    onProgress: () => undefined,
  });
  return { lines, rows, summary };
}

/** As the command line writes and reads it. */
export function scoreOf({ lines, summary }: Replayed, truths: readonly Truth[]): KindScore[] {
  const text = [...lines, summary].map((line) => JSON.stringify(line)).join('\n');
  return scoreKinds(readFoundLines(text, 'replay'), truths);
}
