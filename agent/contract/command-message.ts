/**
 * What passes between the fleet and one device: commands, their results, acknowledgements of alerts.
 * Commands are read strictly: an unknown field is refused, for it may have meant something.
 */
import { z } from 'zod';
import * as f from './fields.ts';

const commandHeading = {
  schemaVersion: f.schemaVersion,
  commandId: z.uuid().describe('Made by the sender; a repeated one is not carried out again'),
  issuedAt: z.iso.datetime().describe('UTC wall time of the sender (ISO 8601)'),
};

const setting = z.union([z.number(), z.string().max(256), z.boolean()]);

export const commandMessage = z
  .discriminatedUnion('command', [
    z.strictObject({ ...commandHeading, command: z.literal('acknowledge') }),
    z.strictObject({
      ...commandHeading,
      command: z.literal('set'),
      settings: z
        .record(z.string().max(128), setting)
        .describe('Path in the configuration (a.b.c) to value; within its bounds'),
    }),
    z.strictObject({ ...commandHeading, command: z.literal('request-state') }),
    z.strictObject({
      ...commandHeading,
      command: z.literal('request-log'),
      lines: z.number().int().min(1).max(1000).describe('How many of the last lines'),
    }),
    z.strictObject({
      ...commandHeading,
      command: z.literal('start-update'),
      version: z.string().min(1).max(64),
    }),
  ])
  .describe('A request to one device');

export const resultMessage = z
  .object({
    schemaVersion: f.schemaVersion,
    messageId: f.messageId,
    deviceId: f.deviceId,
    commandId: z.string().max(64).nullable().describe('The command; null when it could not be read'),
    outcome: z.enum(['done', 'refused', 'failed']),
    reason: z.string().max(512).nullable().describe('One sentence; null when done'),
    data: z.record(z.string(), z.json()).optional().describe('What was asked for'),
    wallTime: f.wallTime,
    clock: f.clock,
  })
  .describe('The answer to a command');

export const ackMessage = z
  .object({
    epoch: f.epoch,
    ackedSeq: z.number().int().min(0).describe('Every number up to this one is stored by the fleet'),
  })
  .describe("The fleet's cumulative acknowledgement; of another epoch it is ignored");

export type CommandMessage = z.output<typeof commandMessage>;
export type ResultMessage = z.output<typeof resultMessage>;
export type AckMessage = z.output<typeof ackMessage>;
