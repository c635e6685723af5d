/** The driver simulator itself: repeatable, within what is measured, and able to tell a bad judge from a good one. */
import { expect, it } from 'vitest';
import { isFrame } from '../drive.ts';
import { judgeConfig } from '../play.ts';
import { momentOf } from './effects.ts';
import { falseAlerts, figuresOf } from './figures.ts';
import { HABITS } from './habits.ts';
import { jobsOf } from './jobs.ts';
import { judgeSetUp, numberAt } from './judges.ts';
import { measureDrive } from './measure.ts';
import type { Findings } from './measure.ts';
import { planDrive } from './plan.ts';
import { clipStatistics } from './statistics.ts';
import { plotSweep } from './sweep-plot.ts';
import { SWEEP, sweepJobs, sweepPoints, sweptJudge } from './sweep.ts';
import { traceOf } from './trace.ts';

const TEN_MINUTES_MS = 600_000;
const FPS = 15;

it('draws the same drive from the same seed, and another from another', () => {
  const trace = (seed: number) => [...traceOf(planDrive('lapses', TEN_MINUTES_MS, seed), FPS)];
  const first = trace(5);
  expect(trace(5)).toEqual(first);
  expect(trace(6)).not.toEqual(first);
});

it('gives observations in order of time, finite, with ticks every 50 ms', () => {
  const trace = [...traceOf(planDrive('attentive', TEN_MINUTES_MS, 3), FPS)];
  const times = trace.map((seen) => seen.atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(trace.filter((seen) => seen.kind === 'tick')).toHaveLength(TEN_MINUTES_MS / 50 + 1);
  for (const seen of trace) {
    if (seen.kind !== 'face-seen') continue;
    const values = [
      seen.leftEye.ear,
      seen.rightEye.ear,
      seen.mouth.mar,
      seen.pose.yawDeg,
      seen.pose.pitchDeg,
    ];
    expect(values.every(Number.isFinite)).toBe(true);
  }
  const frames = trace.filter(isFrame).length;
  expect(frames / (FPS * 600)).toBeGreaterThan(0.9);
  expect(frames / (FPS * 600)).toBeLessThanOrEqual(1);
});

it('stands on statistics within what eyes and heads can be', () => {
  expect(clipStatistics.length).toBeGreaterThanOrEqual(3);
  for (const clip of clipStatistics) {
    expect(clip.openEar).toBeGreaterThan(0.2);
    expect(clip.openEar).toBeLessThan(0.4);
    expect(clip.earNoise).toBeGreaterThan(0);
    expect(clip.earNoise).toBeLessThan(clip.openEar / 5);
    expect(clip.yaw.sd).toBeGreaterThan(clip.yaw.noise);
    expect(clip.eyesUnseenShare).toBeLessThanOrEqual(1);
  }
  expect(clipStatistics.filter((clip) => clip.eyesUnseenShare <= 0.2).length).toBeGreaterThanOrEqual(2);
});

it('keeps everything that a driver does to at most one head and one mouth at a time', () => {
  const { doings } = planDrive('attentive', 6 * TEN_MINUTES_MS, 4);
  expect(new Set(doings.map((doing) => doing.name)).size).toBeGreaterThan(HABITS.length / 2);
  for (const channel of ['head', 'mouth', 'light', 'road'] as const) {
    const ofChannel = doings.filter((doing) => doing.channel === channel);
    ofChannel.slice(1).forEach((doing, index) => {
      expect(doing.startMs).toBeGreaterThan(ofChannel[index]!.endMs);
    });
  }
});

it('shuts the eyes for the whole of an injected sleep, and turns nothing else meanwhile', () => {
  const plan = planDrive('lapses', TEN_MINUTES_MS, 8);
  const sleeps = plan.injected.filter((one) => one.kind === 'sleep');
  expect(sleeps.length).toBeGreaterThan(1);
  for (const { startMs, endMs } of sleeps) {
    for (let atMs = startMs; atMs < endMs; atMs += 100) {
      expect(momentOf(plan.effects, atMs)).toMatchObject({ leftClosure: 1, rightClosure: 1, yawDeg: 0 });
    }
  }
});

it('finds what is injected where the eyes are seen, and blames judges that are weakened', () => {
  const lapses = measureDrive(planDrive('lapses', TEN_MINUTES_MS, clearSeed()), FPS, ['asItIs'], judgeConfig);
  const { events } = figuresOf(lapses);
  for (const kind of ['microsleep', 'sleep', 'distraction']) {
    expect(events[kind]!.n).toBeGreaterThan(1);
    expect(events[kind]!.found).toBe(events[kind]!.n);
  }
  const attentive = measureDrive(
    planDrive('attentive', TEN_MINUTES_MS, clearSeed()),
    FPS,
    ['asItIs', 'thresholdsHalved'],
    judgeConfig,
  );
  const warnings = (index: number) => falseAlerts([attentive[index]!]).falseWarningsPerHour;
  expect(warnings(1)).toBeGreaterThan(1);
  expect(warnings(1)).toBeGreaterThan(warnings(0));
});

it('counts warnings, notices and missed events an hour', () => {
  const of: Findings = {
    judge: 'asItIs',
    kind: 'attentive',
    seed: 1,
    hours: 0.5,
    glasses: false,
    night: false,
    badMounting: false,
    speedKnown: true,
    raised: [
      { kind: 'distraction', severity: 2, startMs: 0, atMs: 3000, doing: 'radio' },
      { kind: 'face-lost', severity: 1, startMs: 0, atMs: 8000, doing: 'reversing' },
    ],
    looked: [],
  };
  const missed: Findings = {
    ...of,
    kind: 'lapses',
    raised: [],
    looked: [
      { kind: 'sleep', startMs: 0, lastedMs: 4000, delayMs: 3000, seen: true },
      { kind: 'sleep', startMs: 9000, lastedMs: 4000, delayMs: null, seen: true },
      { kind: 'sleep', startMs: 19_000, lastedMs: 4000, delayMs: null, seen: false },
    ],
  };
  const figures = figuresOf([of, missed]);
  expect(figures.attentive).toEqual({
    hours: 0.5,
    falseWarningsPerHour: 2,
    noticesPerHour: 2,
    perKind: { distraction: 2, 'face-lost': 2 },
  });
  expect(figures.events['sleep']).toEqual({
    n: 2,
    found: 1,
    delayMs: { median: 3000, p95: 3000, max: 3000 },
  });
  expect(figures.details.unseenEvents['sleep']).toBe(1);
  expect(figures.details.missed).toEqual([{ kind: 'sleep', seed: 1, startMs: 9000 }]);
});

it('plays N attentive hours and N hours with events, whatever the number of cores', () => {
  const jobs = jobsOf(100, 1, FPS);
  const hours = (wanted: (job: (typeof jobs)[number]) => boolean) =>
    jobs.filter(wanted).reduce((sum, job) => sum + job.lengthMs, 0) / 3_600_000;
  expect(hours((job) => job.kind === 'attentive' && job.speedKnown)).toBe(100);
  expect(hours((job) => job.kind !== 'attentive')).toBe(100);
  expect(new Set(jobs.map((job) => `${job.seed}${String(job.speedKnown)}`)).size).toBe(jobs.length);
});

it('sweeps thresholds that the config has, its own value among those tried', () => {
  for (const { path, values } of SWEEP) {
    expect(values, path).toContain(numberAt(judgeConfig, path));
    expect(judgeSetUp(sweptJudge(path, values[0]!), judgeConfig, 'left').config).not.toEqual(judgeConfig);
  }
  expect(() => numberAt(judgeConfig, 'eyes.nothing')).toThrow('no number "eyes.nothing"');
});

it('draws a point for each value that was swept', () => {
  const jobs = sweepJobs(0.5, 1, FPS);
  expect(new Set(jobs.map((job) => job.kind))).toEqual(new Set(['attentive', 'lapses', 'drowsy']));
  const points = sweepPoints([]);
  expect(points).toHaveLength(SWEEP.flatMap(({ values }) => values).length);
  const plot = plotSweep(points, { 'eyes.closedAt': 0.8 }, 'about');
  expect(plot.match(/<polyline/g)).toHaveLength(3 * SWEEP.length);
  expect(plot).toContain('font-weight="bold" text-anchor="middle">0.8<');
});

/** The first drive by day without glasses. */
function clearSeed(): number {
  for (let seed = 1; ; seed++) {
    const { glasses, night } = planDrive('attentive', 1000, seed).driver;
    if (!glasses && !night) return seed;
  }
}
