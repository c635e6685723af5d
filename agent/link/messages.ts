/**
 * What passes over the local socket between watch (which listens) and the other roles. One JSON object a
 * line, each with its version `v` and `type`. Both directions are checked when read: the roles may be of
 * different releases for the length of an update, and what comes in to watch is untrusted.
 *
 * Units are in the names; times are monotonic milliseconds of the device.
 */
import { z } from 'zod';
import { alertMessage, CLOCK_STATES, driverMeasures, healthMessage } from '../contract/index.ts';
import type { Measures } from '../judge/outcome.ts';

/** Version of this layout. A line of another version is a bad line. */
export const LINK_VERSION = 1;

const heading = { v: z.literal(LINK_VERSION) };
const known = z.number().nullable();
const share = z.number().min(0).max(1);
const position = alertMessage.shape.position;
const speedKmh = alertMessage.shape.speedKmh;

const measures: z.ZodType<Measures> = z.object({
  atMs: z.number(),
  tripActive: z.boolean(),
  level: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  faceSeen: z.boolean(),
  eyesSeen: z.boolean(),
  closure: known,
  ear: known,
  mar: known,
  yawDeg: known,
  pitchDeg: known,
  rollDeg: known,
  yawFromNeutralDeg: known,
  pitchFromNeutralDeg: known,
  perclos60: known,
  perclos180: known,
  perclos60Fill: share,
  perclos180Fill: share,
  kssEstimate: known,
  kssConfidence: known,
  blinksPerMinute: known,
  meanBlinkMs: known,
  strain: known,
  speech: z.boolean().nullable(),
  calibration: z.enum(['none', 'calibrating', 'done']),
  calibrationProgress: share,
  fps: known,
  switchedOff: z.array(z.string()),
});

/** Out, at `link.measurementHz`: what watch measures now. May be dropped for a slow reader. */
const measurement = z.object({
  ...heading,
  type: z.literal('measurement'),
  measures,
  tripId: z.uuid().nullable(),
  /** Since the start; null where the camera does not count. */
  framesDropped: z.number().int().min(0).nullable(),
  speedKmh,
  position,
  /** Resident memory of watch [MB]. */
  memoryMb: z.number().min(0),
  /** What face and voice express; null unless the profile is `research`. */
  affect: driverMeasures.shape.affect.default(null),
});

/** Out: an alert was committed. Never dropped. */
const alert = z.object({ ...heading, type: z.literal('alert'), alert: alertMessage });

/** Out, on change and now and then: condition of the parts. Never dropped; a newcomer gets the last one. */
const health = z.object({
  ...heading,
  type: z.literal('health'),
  ...healthMessage.pick({ status: true, parts: true, counters: true }).shape,
});

/** In: what one source says of the vehicle, null where it is no news; `clock` says nothing but the clock. */
const context = z.strictObject({
  ...heading,
  type: z.literal('context'),
  source: z.enum(['gpsd', 'mqtt', 'obd', 'clock']),
  speedKmh,
  ignitionOn: z.boolean().nullable(),
  position,
  clock: z.enum(CLOCK_STATES),
  /** Why the source tells nothing, one sentence; null while all is well. */
  fault: z.string().max(512).nullable(),
  /** Readings dropped as absurd or unreadable, since the start of the source. */
  dropped: z.number().int().min(0),
});

/** In: somebody acknowledged. */
const ack = z.strictObject({ ...heading, type: z.literal('ack'), origin: z.enum(['command', 'page']) });

/** In: somebody who knows starts or ends a trip. */
const trip = z.strictObject({ ...heading, type: z.literal('trip'), phase: z.enum(['start', 'end']) });

/** In: how the broker link does; passed on in `health`. */
const uplink = z.strictObject({
  ...heading,
  type: z.literal('uplink'),
  /** A broker is configured at all. */
  configured: z.boolean(),
  connected: z.boolean(),
  /** Messages that wait for acknowledgement; null when the store cannot be read. */
  outboxDepth: z.number().int().min(0).nullable(),
  /** One sentence; null while all is well. */
  lastError: z.string().max(512).nullable(),
});

/** What watch sends. */
export const fromWatch = z.discriminatedUnion('type', [measurement, alert, health]);
/** What watch takes. */
export const toWatch = z.discriminatedUnion('type', [context, ack, trip, uplink]);

export type FromWatch = z.output<typeof fromWatch>;
export type ToWatch = z.output<typeof toWatch>;
export type LinkMeasurement = z.output<typeof measurement>;
export type LinkAlert = z.output<typeof alert>;
export type LinkHealth = z.output<typeof health>;
export type LinkContext = z.output<typeof context>;
export type LinkAck = z.output<typeof ack>;
export type LinkTrip = z.output<typeof trip>;
export type LinkUplink = z.output<typeof uplink>;

/** A message without its version: what senders give. */
export type Unversioned<T> = T extends unknown ? Omit<T, 'v'> : never;

/** The line of a message, newline included. */
export function lineOf(message: Unversioned<FromWatch> | Unversioned<ToWatch>): string {
  return `${JSON.stringify({ v: LINK_VERSION, ...message })}\n`;
}

/** A line that was read, or one sentence saying what is wrong with it. */
export type LineResult<T> = { readonly message: T } | { readonly fault: string };

/** Reads one line (without its newline). Never throws. */
export function readLine<T>(schema: z.ZodType<T>, line: string): LineResult<T> {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    return { fault: 'not JSON' };
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return { message: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return { fault: `${field === '' ? '' : `field ${field}: `}${issue?.message ?? 'not valid'}` };
}
