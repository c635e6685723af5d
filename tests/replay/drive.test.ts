/**
 * The demo drive and one that was rendered just now with another seed (other times, light, camera yaw, side),
 * replayed by the real command line through the real networks, against the truth that their maker wrote.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { readFoundLines, readTruth, type Truth } from '../../agent/replay/score-input.ts';
import { scoreKinds } from '../../agent/replay/score.ts';
import { commandLine, ROOT, temporaryFolder } from '../cli/command-line.ts';

const FIXTURES = join(ROOT, 'tests/fixtures');
const folder = temporaryFolder();
/** A drive is 4 minutes; rendering it and replaying it take a minute each where nothing else runs. */
const PATIENCE_MS = 900_000;
/** Truth whose alert may come at any time before its end. */
const SPANS = ['drowsiness', 'repeated-glances'];
const { windowMs, hopMs } = configSchema.parse({}).microphone;

async function rendered(seed: number): Promise<string> {
  const out = join(folder, `seed-${seed}`);
  const argv = [join(FIXTURES, 'make-drive.ts'), '--seed', String(seed), '--out', out];
  await promisify(execFile)(process.execPath, argv);
  return out;
}

async function replayed(drive: string) {
  const [json, csv] = [join(folder, 'out.jsonl'), join(folder, 'out.csv')];
  const argv = ['replay', join(drive, 'drive.mp4'), '--json', json, '--measurements', csv];
  const ran = await commandLine(folder, PATIENCE_MS).run(argv);
  expect(ran).toMatchObject({ status: 0, err: '' });
  const truthFile = join(drive, 'drive.events.csv');
  return {
    lines: readFoundLines(readFileSync(json, 'utf8'), json),
    rows: readFileSync(csv, 'utf8'),
    truths: readTruth(readFileSync(truthFile, 'utf8'), truthFile),
  };
}

/** Times at which the table says that somebody speaks [s]. */
function speakingAt(rows: string): { yes: number[]; no: number[] } {
  const [head = '', ...body] = rows.trimEnd().split('\n');
  const column = (name: string) => head.split(',').indexOf(name);
  const cells = body.map((row) => row.split(','));
  const times = (said: string) =>
    cells.filter((cell) => cell[column('speech')] === said).map((cell) => Number(cell[column('time_s')]));
  return { yes: times('1'), no: times('0') };
}

function expectSpeechWhere(rows: string, talk: Truth): void {
  const { yes, no } = speakingAt(rows);
  // The newest window ends up to a hop before a row and reaches back by its length.
  const late = (windowMs + hopMs) / 1000;
  expect(yes.filter((s) => s < talk.startS || s > talk.endS + late)).toEqual([]);
  expect(no.filter((s) => s > talk.startS + late && s < talk.endS)).toEqual([]);
  expect(yes.length).toBeGreaterThan(100);
  expect(no.length).toBeGreaterThan(1000);
}

describe.each([
  ['the demo drive', () => Promise.resolve(FIXTURES)],
  ['a drive of another seed', () => rendered(2)],
])('%s', (_, drive) => {
  it(
    'is found as it was made: every event, at its time, and no alert beyond it',
    async () => {
      const { lines, rows, truths } = await replayed(await drive());
      const kinds = new Set(truths.map(({ kind }) => kind));
      for (const kind of ['blink', 'yawn', 'distraction', 'microsleep', 'sleep', ...SPANS])
        expect(kinds).toContain(kind);

      const scores = scoreKinds(lines, truths);
      expect(scores.map(({ kind }) => kind).sort()).toEqual([...kinds].filter((k) => k !== 'talk').sort());
      for (const { kind, missed, startErrorS } of scores) {
        expect([kind, missed]).toEqual([kind, 0]);
        if (!SPANS.includes(kind)) expect([kind, (startErrorS?.max ?? 9) <= 0.5]).toEqual([kind, true]);
      }
      expect(scores.filter(({ falsePositives }) => falsePositives > 0)).toEqual([]);
      const alerts = lines.found.filter(({ type }) => type === 'alert');
      expect(alerts.filter(({ kind }) => !kinds.has(kind))).toEqual([]);

      expectSpeechWhere(
        rows,
        truths.find(({ kind }) => kind === 'talk')!,
      );
    },
    PATIENCE_MS,
  );
});
