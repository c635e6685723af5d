import { expect, it, vi } from 'vitest';
import type { Cue, Speaker } from '../../hardware/speaker/index.ts';
import type { AlertOutcome } from '../../agent/judge/outcome.ts';
import { openWarner } from '../../agent/warn/warner.ts';

const alert = (changes: Partial<AlertOutcome> = {}): AlertOutcome => ({
  type: 'alert',
  phase: 'raised',
  alertKey: 'run:1',
  kind: 'microsleep',
  severity: 3,
  level: 1,
  startMs: 0,
  atMs: 1000,
  evidence: {},
  ...changes,
});

function fakeSpeaker(): Speaker & { heard: Cue[] } {
  const heard: Cue[] = [];
  return { heard, sound: (cue) => void heard.push(cue), close: () => undefined };
}

it('waits for the commit before it sounds', async () => {
  const speaker = fakeSpeaker();
  const commit = Promise.withResolvers<undefined>();
  const soundedFirst = vi.fn();
  const warned = openWarner(speaker, 60_000).warn(alert(), commit.promise, soundedFirst);
  await Promise.resolve();
  expect(speaker.heard).toEqual([]);
  commit.resolve(undefined);
  await warned;
  expect(speaker.heard).toEqual([{ kind: 'microsleep', severity: 3 }]);
  expect(soundedFirst).not.toHaveBeenCalled();
});

it('sounds anyway when the commit does not come, and says so', async () => {
  const speaker = fakeSpeaker();
  const soundedFirst = vi.fn();
  await openWarner(speaker, 10).warn(alert(), new Promise(() => undefined), soundedFirst);
  expect(speaker.heard).toHaveLength(1);
  expect(soundedFirst).toHaveBeenCalledOnce();
});

it('sounds anyway when the commit fails, and says so', async () => {
  const speaker = fakeSpeaker();
  const soundedFirst = vi.fn();
  await openWarner(speaker, 60_000).warn(alert(), Promise.reject(new Error('disk')), soundedFirst);
  expect(speaker.heard).toHaveLength(1);
  expect(soundedFirst).toHaveBeenCalledOnce();
});

it('sounds again only when an alert becomes more severe', async () => {
  const speaker = fakeSpeaker();
  const warner = openWarner(speaker, 1000);
  const commit = Promise.resolve();
  const phases: Partial<AlertOutcome>[] = [
    { severity: 2 },
    { phase: 'updated', severity: 2 },
    { phase: 'updated', severity: 3, kind: 'sleep' },
    { phase: 'cleared', severity: 3, cleared: 'ended' },
  ];
  for (const phase of phases) await warner.warn(alert(phase), commit, () => undefined);
  expect(speaker.heard.map((cue) => cue.severity)).toEqual([2, 3]);
});
