/**
 * Real drivers: four clips that are not part of the project (`../shared/data/videos`, no sound), replayed by
 * the real command line, against the yawns and blinks that were marked by eye.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFoundLines, readTruth, type Found, type Truth } from '../../agent/replay/score-input.ts';
import { scoreKinds, type KindScore } from '../../agent/replay/score.ts';
import { commandLine, ROOT, temporaryFolder } from '../cli/command-line.ts';

const CLIPS = resolve(ROOT, '..', 'shared', 'data', 'videos');
const present = existsSync(join(CLIPS, 'events.csv'));
if (!present) console.log('skipped: the clips of real drivers, for ../shared/data/videos is not here');

const truthIn = (file: string): Truth[] => readTruth(readFileSync(file, 'utf8'), file);
const scoreOf = (kind: string, scores: readonly KindScore[]): KindScore | undefined =>
  scores.find((score) => score.kind === kind);

describe.skipIf(!present).each([
  ['with the networks for research', 'research'],
  ['with networks for any use alone: eyes and mouth by the landmarks', 'any-use'],
])('clips of real drivers, %s', (_, licence) => {
  const folder = temporaryFolder();
  let found: { found: Found[]; files: Set<string> };
  let summaries: { file: string; frames: number; facesFound: number }[];

  beforeAll(async () => {
    const [out, settings] = [join(folder, 'out.jsonl'), join(folder, 'settings.yaml')];
    writeFileSync(settings, `models:\n  licence: ${licence}\n`);
    const ran = await commandLine(folder).run(['replay', CLIPS, '--config', settings, '--json', out]);
    expect(ran).toMatchObject({ status: 0, err: '' });
    const text = readFileSync(out, 'utf8');
    found = readFoundLines(text, 'out.jsonl');
    summaries = text
      .split('\n')
      .filter((line) => line.startsWith('{"type":"summary"'))
      .map((line) => JSON.parse(line) as (typeof summaries)[number]);
  });

  it('finds the yawns of two and none in the others', () => {
    const truths = truthIn(join(CLIPS, 'events.csv'));
    // "talk" in talking-face.mp4: nobody yawns there.
    const all = [...truths, { file: 'talking-face.mp4', kind: 'no_yawn', startS: 0, endS: 30 }];
    expect(scoreOf('yawn', scoreKinds(found, all))).toMatchObject({ truths: 2, found: 2, falsePositives: 0 });
  });

  it('finds the face in nearly every frame', () => {
    expect(summaries.map(({ file }) => file)).toEqual([
      'talking-face.mp4',
      'yawdd-1.mp4',
      'yawdd-2.mp4',
      'yawdd-4.mp4',
    ]);
    for (const { frames, facesFound } of summaries) {
      expect(frames).toBeGreaterThan(400);
      expect(facesFound / frames).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('cries neither microsleep, sleep nor distraction', () => {
    const grave = ['microsleep', 'sleep', 'distraction', 'repeated-glances', 'drowsiness'];
    expect(found.found.filter(({ type, kind }) => type === 'alert' && grave.includes(kind))).toEqual([]);
  });

  it('counts the blinks of half a minute as an eye does', () => {
    const truths = truthIn(join(ROOT, 'tests/fixtures/talking-face.blinks.csv'));
    const score = scoreOf('blink', scoreKinds(found, truths));
    const { found: hits = 0, missed = 0, falsePositives = 0, startErrorS = null } = score ?? {};
    expect(score?.truths).toBe(truths.filter(({ kind }) => kind === 'blink').length);
    expect((2 * hits) / (2 * hits + missed + falsePositives)).toBeGreaterThanOrEqual(0.95);
    expect(startErrorS?.max).toBeLessThanOrEqual(0.1);
  });
});
