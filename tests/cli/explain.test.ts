/** `explain`: from a store, from a replay's lines, from a fleet's messages. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { command } from '../../agent/cli/explain.ts';
import { toMessage } from '../../agent/contract/index.ts';
import { collectLines } from '../../agent/replay/lines.ts';
import { openStore } from '../../agent/store/database.ts';
import { drive } from '../stories/drive.ts';
import { play } from '../stories/play.ts';
import { draft, storeConfig, tripMark } from '../store/drafts.ts';
import { temporaryFolder } from './command-line.ts';

const folder = temporaryFolder();
const evidence = {
  closedMs: 1000,
  peakClosure: 0.97,
  unseenMs: 0,
  thresholdMs: 1000,
  thresholdFrom: 'judge.eyes.microsleepMs',
  marginMs: 0,
  marginShare: 0,
  windowMs: null,
};

async function explained(...argv: string[]): Promise<string[]> {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  const status = await command.run(argv).finally(() => write.mockRestore());
  expect(status).toBe(0);
  return written.join('').trimEnd().split('\n');
}

describe('a message of the store', () => {
  const file = join(folder, 'data', 'cabinwatch.db');
  mkdirSync(join(folder, 'data'));
  const store = openStore(file, storeConfig(), 'watch');
  const mark = tripMark(400);
  store.saveTripStart(mark);
  const about = { tripId: mark.tripId, wallTime: '2026-03-01T10:00:02.000Z' };
  const raised = { ...draft(1, { severity: 3, level: 1, evidence }), ...about };
  const over = {
    ...draft(1, { phase: 'cleared', cleared: 'ended', severity: 3, level: 0, atMs: 2600, evidence }),
    ...about,
  };
  const other = draft(2, { evidence });
  for (const one of [raised, other, over]) store.append(one);
  store.close();

  it('is explained with its trip time, its phases and the words of the configuration', async () => {
    const lines = await explained(raised.messageId, '--db', file);
    expect(lines[0]).toBe('microsleep (critical), raised.');
    expect(lines[1]).toMatch(
      /^It began 0 min 0\.6 s into the trip and was said 1\.0 s later, at 2026-03-01T10:00:02/,
    );
    expect(lines).toContain('The threshold is 1.0 s, set at judge.eyes.microsleepMs; it was just reached.');
    expect(lines.filter((line) => /^(raised|cleared) /.test(line))).toHaveLength(2);
    expect(lines.at(-1)).toBe(
      'judge.eyes.microsleepMs: Closure from which it is a microsleep (Euro NCAP: 1-2 s).',
    );
  });

  it('is found by the id of its alert as well, and given to a program as JSON', async () => {
    const json = join(folder, 'why.json');
    await explained(raised.alertId, '--db', file, '--json', json);
    const why = JSON.parse(readFileSync(json, 'utf8')) as { sentences: string[]; found: { seq: number }[] };
    expect(why.found.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(why.sentences[0]).toBe('microsleep (critical), raised.');
  });

  it('is looked for in the data folder of the configuration', async () => {
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'configVersion: 1\ndataDir: data\n');
    expect((await explained(over.messageId, '--config', config))[0]).toBe('microsleep (critical), cleared.');
  });

  it('that is not there is one sentence and a fault', async () => {
    await expect(command.run(['nobody', '--db', file])).rejects.toThrow(
      `nobody: ${file} has no message or alert of this id`,
    );
    const none = join(folder, 'none.db');
    await expect(command.run(['nobody', '--db', none])).rejects.toThrow(`${none} does not exist yet`);
  });
});

describe('a line of a file', () => {
  const replayed = join(folder, 'replay.jsonl');
  const collector = collectLines('drive.mp4');
  const { outcomes } = play(drive({ seconds: 60, acts: [{ fromS: 40, toS: 43.5, does: 'close-eyes' }] }));
  const lines = outcomes.flatMap((o) => collector.take(o) ?? []);
  writeFileSync(replayed, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const alertLine = String(lines.findIndex((line) => line.type === 'alert') + 1);
  const eventLine = String(lines.findIndex((line) => line.kind === 'blink') + 1);

  it('of a replay is named by its number, alerts with their phases', async () => {
    const why = await explained(alertLine, '--file', replayed);
    expect(why[0]).toBe('sleep (critical), told.');
    expect(why[1]).toMatch(
      /^It began at 40\.\d s of drive\.mp4 and was said 1\.\d s later; it ended at 43\.\d s\.$/,
    );
    expect(why.filter((line) => /^(raised|updated|cleared) /.test(line))).toHaveLength(3);
    expect((await explained(eventLine, '--file', replayed))[0]).toBe('blink, recorded.');
  });

  it('that is not there, or no line of ours, is one sentence and a fault', async () => {
    await expect(command.run(['999', '--file', replayed])).rejects.toThrow(
      `its lines are 1 to ${lines.length}`,
    );
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, '{"a":1}\nnonsense\n');
    await expect(command.run(['1', '--file', broken])).rejects.toThrow(`${broken}, line 2: not JSON`);
    writeFileSync(broken, '{"a":1}\n');
    await expect(command.run(['1', '--file', broken])).rejects.toThrow(
      `${broken}, line 1: neither an event nor an alert`,
    );
    await expect(command.run(['1', '--file', join(folder, 'no.jsonl')])).rejects.toThrow(
      'cannot be read (ENOENT)',
    );
  });

  it('of a fleet is named by the id of its message', async () => {
    const fleet = join(folder, 'fleet.jsonl');
    const epoch = '7a0c1f52-9d7b-4f0e-8a3e-2f6f1f0f5b10';
    const message = toMessage(draft(5, { evidence }), { epoch, seq: 5, soundedBeforeCommit: false });
    writeFileSync(fleet, `${JSON.stringify(message)}\n`);
    expect((await explained(message.messageId, '--file', fleet))[0]).toBe('microsleep (warning), raised.');
  });
});

it('says in one sentence how it is called', async () => {
  await expect(command.run([])).rejects.toThrow('name one message, alert or line');
  await expect(command.run(['1', '--db', 'a', '--file', 'b'])).rejects.toThrow(
    '--db and --file exclude each other',
  );
});
