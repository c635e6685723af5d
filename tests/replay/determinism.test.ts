/** Two replays of one file by the real command line, at the same time on the same machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandLine, ROOT, temporaryFolder } from '../cli/command-line.ts';
import { makeMedia } from '../hardware/media.ts';

const DRIVE = join(ROOT, 'tests/fixtures/drive.mp4');
const folder = temporaryFolder();
const cabinwatch = commandLine(folder);

/** A blink, then the microsleep. */
const stretch = makeMedia(
  ...['-ss', '205', '-t', '6', '-i', DRIVE, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18'],
  ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', join(folder, 'stretch.mp4')],
);

async function replayed(name: string) {
  const [json, csv] = [join(folder, `${name}.jsonl`), join(folder, `${name}.csv`)];
  const ran = await cabinwatch.run(['replay', stretch, '--json', json, '--measurements', csv]);
  expect(ran).toMatchObject({ status: 0, err: '' });
  return { lines: readFileSync(json, 'utf8'), rows: readFileSync(csv, 'utf8') };
}

it('writes the same bytes twice, but for how fast it was', async () => {
  const [one, two] = await Promise.all([replayed('one'), replayed('two')]);
  const timeless = (lines: string) => lines.replace(/"realTimeFactor":[\d.]+\}\n$/, '"realTimeFactor":0}\n');
  expect(timeless(one.lines)).toBe(timeless(two.lines));
  expect(timeless(one.lines)).toMatch(/"realTimeFactor":0\}\n$/);
  expect(one.rows).toBe(two.rows);

  // Not the same for want of content.
  expect(one.lines).toMatch(/"type":"alert","file":"stretch\.mp4","kind":"microsleep"/);
  const summary = JSON.parse(one.lines.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>;
  expect(summary['soundWindows']).toBeGreaterThan(3);
  expect(one.rows.trimEnd().split('\n')).toHaveLength((summary['frames'] ?? 0) + 1);

  // Nothing that another run or another day would change.
  expect(one.lines).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\dT|\d{11}/);
});
