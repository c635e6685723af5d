/**
 * Fields that several messages share, each with its unit. Zod is the one truth; JSON Schema and the
 * AsyncAPI document are generated from it.
 *
 * Objects sent by a device are read tolerantly (a consumer skips fields it does not know, so that a
 * newer device may add some within a version); commands to a device are read strictly.
 */
import { z } from 'zod';
import { DEVICE_ID_PATTERN, SCHEMA_VERSION } from './topics.ts';

export const schemaVersion = z.literal(SCHEMA_VERSION).describe('Version of this layout');

export const messageId = z
  .uuidv7()
  .describe('Unique for ever, one per message (UUIDv7): duplicates are removed by it');

export const deviceId = z.string().regex(DEVICE_ID_PATTERN).describe('Name of the vehicle at the fleet');

export const epoch = z
  .uuid()
  .describe('Made with the database of the device; seq counts within it, acknowledgements hold for it alone');

export const seq = z.number().int().min(1).describe('Number of the message within the epoch, without gaps');

export const oldestSeq = seq
  .optional()
  .describe(
    'The lowest number that waited for acknowledgement when this was sent: a consumer that knows nothing of this epoch begins to count here, and a lower number that did not come will not come any more',
  );

export const bootId = z
  .string()
  .min(1)
  .max(64)
  .describe('Boot of the device; monotonic times compare only within one boot');

export const tripId = z.uuid().nullable().describe('The trip; null outside of any');

export const monotonicMs = z.number();

export const capturedAtMs = monotonicMs.describe(
  'Monotonic capture time of the observation that led to this message [ms]',
);

export const wallTime = z.iso
  .datetime()
  .describe('UTC wall time when the message was made (ISO 8601); as good as `clock` says');

export const wallTimeCorrected = z.iso
  .datetime()
  .optional()
  .describe(
    'UTC wall time of the capture, reckoned once the clock was synchronised (ISO 8601); only where `clock` was not, and within the same boot. wallTime keeps what the clock said',
  );

/** How far the wall time can be trusted. */
export const CLOCK_STATES = ['synchronised', 'unsynchronised', 'unknown'] as const;
export const clock = z.enum(CLOCK_STATES).describe('State of the wall clock when the message was made');

export const historical = z
  .boolean()
  .describe('true when it waited for a connection and is sent as a record, not as news');

export const softwareVersion = z.string().min(1).max(64).describe('Version of Cabinwatch');

export const modelVersions = z
  .record(z.string().max(64), z.string().max(128))
  .describe('Networks in use: name to version');

export const severity = z
  .union([z.literal(1), z.literal(2), z.literal(3)])
  .describe('1 notice, 2 warning, 3 critical');

export const level = z
  .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
  .describe('Attention level, 0 attentive to 3; another thing than severity');

export const speedKmh = z.number().min(0).nullable().describe('Speed [km/h]; null when unknown');

export const position = z
  .object({
    latitudeDeg: z.number().min(-90).max(90),
    longitudeDeg: z.number().min(-180).max(180),
    accuracyM: z.number().min(0).nullable().describe('Radius of uncertainty [m]; null when unknown'),
  })
  .nullable()
  .describe('WGS 84; null when unknown');

/** The clock's state, as the contract spells it. */
export type ClockState = z.output<typeof clock>;
export type Severity = z.output<typeof severity>;
export type AttentionLevel = z.output<typeof level>;
export type Position = NonNullable<z.output<typeof position>>;
