/** Sentences that explain an alert, from its message alone. */
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../agent/contract/examples.ts';
import { explainAlert, explainEvidence, explainMessages, explainPhases } from '../../agent/contract/index.ts';
import type { AlertMessage, OutboxMessage } from '../../agent/contract/index.ts';
import { drive } from '../stories/drive.ts';
import { play } from '../stories/play.ts';

const example = (name: string): OutboxMessage => EXAMPLES.alert[name]!;
const raised = example('microsleep') as AlertMessage;
const cleared = example('cleared') as AlertMessage;
const drowsy = {
  kssEstimate: 8.2,
  kssConfidence: 0.9,
  movedMostBy: 'perclos',
  kssByPerclos: 5,
  kssByClosures: 0.2,
  kssByHour: 0,
  perclos60: 0.2,
  perclos180: 0.12,
  meanBlinkMs: 260,
  hourOfDay: null,
  perclos60Fill: 0.8,
  perclos180Fill: 0.9,
  thresholdKss: 8,
  thresholdFrom: 'judge.drowsiness.warnFromKss',
  marginKss: 0.2,
  marginShare: 0.03,
  windowMs: 60_000,
  windowFrom: 'judge.perclos.shortWindowMs',
  fps: 9.5,
  blinkStatistics: 'off: frame rate too low',
};

describe('an alert explained', () => {
  it('says what, when, measured, threshold, window, what was not seen and what was known', () => {
    expect(explainAlert(raised, { tripStartMs: 800_000 })).toEqual([
      'microsleep (critical), raised.',
      'It began 1 min 52.3 s into the trip and was said 1.0 s later, at 2026-03-01T06:12:09.480Z (clock synchronised).',
      'The eyes were closed for 1.0 s, at most to 0.98 (0 open, 1 shut).',
      'The threshold is 1.0 s, set at judge.eyes.microsleepMs; it was just reached.',
      'It was measured from the first observation that showed it.',
      'The lids had to pass 0.80, set at judge.eyes.closedAt; it was 0.18 beyond that.',
      'Nothing of it was out of sight.',
      'Known of the driver: open eyes are 0.310 high for their width (from 240.0 s of open eyes).',
      'The attention level was 1 of 3; the speed was 93 km/h.',
    ]);
  });

  it('tells the device clock where the trip is not known', () => {
    expect(explainAlert(raised)[1]).toMatch(/^It began at 912\.3 s of the device's own clock/);
  });

  it('says how far the threshold was passed once it is over', () => {
    expect(explainAlert(cleared).join(' ')).toContain('it was 0.7 s (68 %) above it');
  });

  it('names the parts of drowsiness, the one that moved it most, and what was not seen', () => {
    expect(explainEvidence('drowsiness', drowsy)).toEqual([
      'Sleepiness was estimated at 8.2 on the Karolinska scale from 1 to 9, confidence 0.90 of 1.',
      'What moved it: eyes closed (PERCLOS) +5.0 (20 % of the last minute, 12 % of the last three); slow blinks +0.2 (mean 260 ms); hour of day +0.0 (not known: the clock is not synchronised).',
      'It was moved most by eyes closed (PERCLOS).',
      'The threshold is 8.0 on that scale, set at judge.drowsiness.warnFromKss; it was 0.2 on that scale (3 %) above it.',
      'It was measured over a window of 60.0 s, set at judge.perclos.shortWindowMs.',
      'Not seen: the eyes in 20 % of the last minute and 10 % of the last three; single blinks (at 9.5 frames a second they are not counted).',
    ]);
  });

  it('invents nothing for a message that carries no evidence', () => {
    expect(explainEvidence('microsleep', {})).toEqual(['Its threshold was not recorded.']);
    expect(explainAlert({ ...raised, speedKmh: null, evidence: {} }).at(-1)).toBe(
      'The attention level was 1 of 3; the speed was unknown, so the strictest limits held.',
    );
  });

  it('tells a gap as what it is', () => {
    expect(explainAlert(example('gap'))).toEqual([
      '12 earlier message(s) are gone (evicted): numbers that will never come.',
    ]);
  });
});

describe('the phases of an alert', () => {
  it('are told in order, with why it was cleared', () => {
    expect(explainPhases([raised, cleared])).toEqual([
      'raised 1.0 s after it began: microsleep (critical), attention level 1.',
      'cleared 1.7 s after it began: microsleep (critical), attention level 0, over.',
    ]);
  });

  it('of another boot have no distance', () => {
    const restarted: AlertMessage = { ...cleared, bootId: 'another', cleared: 'restart' };
    expect(explainPhases([raised, restarted])[1]).toMatch(
      /^cleared after a restart: .*the monitor was restarted\.$/,
    );
  });

  it('come with the message that was asked for first', () => {
    const { sentences, found, evidence } = explainMessages(cleared, [raised, cleared]);
    expect(sentences[0]).toBe('microsleep (critical), cleared.');
    expect(sentences.slice(-2)).toEqual(explainPhases([raised, cleared]));
    expect(found).toEqual([cleared, raised]);
    expect(evidence).toBe(cleared.evidence);
  });
});

describe('what the judge says', () => {
  const acts = [
    { fromS: 40, toS: 44, does: 'close-eyes' },
    { fromS: 60, toS: 66, does: 'look', yawDeg: -28 },
    { fromS: 80, toS: 92, does: 'leave' },
    { fromS: 110, toS: 114, does: 'open-mouth', mar: 0.6 },
  ] as const;
  const { outcomes } = play(drive({ seconds: 130, acts }));

  it('can be explained without a question mark, whatever it is', () => {
    expect(new Set(outcomes.map((o) => o.kind)).size).toBeGreaterThan(5);
    for (const { kind, evidence } of outcomes) {
      const text = explainEvidence(kind, evidence).join(' ');
      expect(text, kind).not.toContain('?');
      expect(text, kind).not.toMatch(/NaN|undefined|null/);
      expect(text, kind).toMatch(/^The .*The threshold is .*judge\./);
    }
  });

  it('tells right from left and up from down', () => {
    const looked = outcomes.find((o) => o.kind === 'distraction')!;
    expect(explainEvidence('distraction', looked.evidence)[0]).toContain('28 degrees right');
  });
});
