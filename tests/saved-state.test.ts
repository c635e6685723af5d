import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSavedState } from '../agent/saved-state.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'cabinwatch-saved-')), 'run');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const open = (bootId = 'boot-1', version = '1') => openSavedState(folder, bootId, version);
const STATE = { level: 2, perclos: [0.1, null], trip: { active: true } };

it('gives back what was saved last, to another process of the same boot', () => {
  open().save({ level: 0 }, 1000);
  open().save(STATE, 3000);
  expect(open().restore(4000, 60_000)).toEqual(STATE);
});

it('begins anew where nothing was saved', () => {
  expect(open().restore(0, 60_000)).toBeNull();
});

it('forgets what is older than allowed, and takes what is just as old', () => {
  open().save(STATE, 1000);
  expect(open().restore(61_000, 60_000)).toEqual(STATE);
  expect(open().restore(61_001, 60_000)).toBeNull();
});

it('takes nothing from another boot, another version or the future', () => {
  open().save(STATE, 5000);
  expect(open('boot-2').restore(6000, 60_000)).toBeNull();
  expect(open('boot-1', '2').restore(6000, 60_000)).toBeNull();
  expect(open().restore(4999, 60_000)).toBeNull();
});

it('begins anew after a run that ended by itself', () => {
  const saved = open();
  saved.save(STATE, 1000);
  saved.forget();
  saved.forget();
  expect(open().restore(1000, 60_000)).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

it('takes the state before when it was killed in the middle of writing', () => {
  open().save(STATE, 1000);
  writeFileSync(join(folder, 'judge.json.new'), '{"version":"1","boot');
  expect(open().restore(2000, 60_000)).toEqual(STATE);
  open().save({ level: 1 }, 2000);
  expect(open().restore(2000, 60_000)).toEqual({ level: 1 });
});

it('begins anew when the file is damaged', () => {
  open().save(STATE, 1000);
  truncateSync(join(folder, 'judge.json'), 20);
  expect(open().restore(1000, 60_000)).toBeNull();
  writeFileSync(join(folder, 'judge.json'), 'null');
  expect(open().restore(1000, 60_000)).toBeNull();
});
