/**
 * What travels on the alert topic: alerts, and records of gaps in their numbering. Both are rows of the
 * outbox: numbered by `epoch` and `seq`, sent until acknowledged.
 *
 * A *draft* is what is known before the commit; the store adds epoch, seq and `soundedBeforeCommit`.
 */
import { z } from 'zod';
import * as f from './fields.ts';

/** Behaviours an alert can be about. */
export const ALERT_KINDS = [
  'microsleep',
  'sleep',
  'distraction',
  'repeated-glances',
  'drowsiness',
  'unresponsive',
  'lockout',
  'stress',
  'eyes-not-seen',
  'face-lost',
  'camera-blocked',
] as const;

/** Why an alert was cleared. */
export const CLEARED_REASONS = ['ended', 'trip-end', 'restart', 'acknowledged'] as const;

const heading = {
  schemaVersion: f.schemaVersion,
  messageId: f.messageId,
  deviceId: f.deviceId,
  bootId: f.bootId,
  tripId: f.tripId,
  wallTime: f.wallTime,
  clock: f.clock,
  softwareVersion: f.softwareVersion,
};

/** What the commit adds. */
const numbering = { epoch: f.epoch, seq: f.seq };

/** What whoever sends it adds, each time anew. */
const sending = {
  historical: f.historical,
  oldestSeq: f.oldestSeq,
  wallTimeCorrected: f.wallTimeCorrected,
};

const alertFields = {
  ...heading,
  alertId: z.uuid().describe('The alert; its phases share it (UUIDv5 of device and alert key)'),
  kind: z.enum(ALERT_KINDS).describe('The behaviour'),
  phase: z
    .enum(['raised', 'updated', 'cleared'])
    .describe('raised once, updated on change, cleared at the end'),
  cleared: z.enum(CLEARED_REASONS).optional().describe('Why it was cleared; only with phase cleared'),
  severity: f.severity,
  level: f.level,
  startedAtMs: f.monotonicMs.describe('Monotonic time of the first observation of the behaviour [ms]'),
  capturedAtMs: f.capturedAtMs,
  evidence: z
    .record(z.string().max(64), z.union([z.number(), z.string().max(256), z.boolean(), z.null()]))
    .describe(
      'What was measured, over which window, against which threshold, how close, what was not seen; keys carry their unit (README.md has the keys that all kinds share)',
    ),
  modelVersions: f.modelVersions,
  speedKmh: f.speedKmh,
  position: f.position,
  test: z.boolean().describe('true for an alert that somebody asked for to try the line'),
};

const gapFields = {
  ...heading,
  kind: z.literal('gap').describe('Numbers that will never come'),
  reason: z.enum(['evicted', 'expired', 'salvaged']).describe('Why the messages are gone'),
  dropped: z.number().int().min(1).describe('How many numbers it names'),
  ranges: z
    .array(
      z.object({
        epoch: f.epoch,
        firstSeq: f.seq,
        lastSeq: f.seq,
      }),
    )
    .min(1)
    .describe('Numbers it stands for, both ends included; an earlier epoch after a salvage'),
};

export const alertDraft = z
  .object(alertFields)
  .refine((alert) => (alert.phase === 'cleared') === (alert.cleared !== undefined), {
    path: ['cleared'],
    message: 'goes with phase cleared, and only with it',
  });
export const gapDraft = z.object(gapFields);
export const outboxDraft = z.union([gapDraft, alertDraft]);

export const alertMessage = z
  .object({
    ...alertFields,
    ...numbering,
    soundedBeforeCommit: z
      .boolean()
      .describe('true when storage was slow and the sound went out before the message was safe'),
    ...sending,
  })
  .describe('An alert was raised, updated or cleared');
export const gapMessage = z
  .object({ ...gapFields, ...numbering, ...sending })
  .describe('Messages were dropped on the device; counted and named, never silent');
export const outboxMessage = z.discriminatedUnion('kind', [alertMessage, gapMessage]);

export type AlertKind = (typeof ALERT_KINDS)[number];
export type AlertDraft = z.output<typeof alertDraft>;
export type GapDraft = z.output<typeof gapDraft>;
/** A row before its commit. */
export type OutboxDraft = AlertDraft | GapDraft;
export type AlertMessage = z.output<typeof alertMessage>;
export type GapMessage = z.output<typeof gapMessage>;
/** What is published on the alert topic. */
export type OutboxMessage = AlertMessage | GapMessage;
