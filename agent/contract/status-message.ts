/** What a device says of itself and of the driver at a steady rate or on change: state, telemetry, health. */
import { z } from 'zod';
import * as f from './fields.ts';

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

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

/**
 * Retained. `offline` is the last will: the broker speaks for a device that is gone, so it carries no
 * time and no id of its own.
 */
export const stateMessage = z
  .discriminatedUnion('status', [
    z.object({
      ...heading,
      status: z.enum(['online', 'stopped']),
      epoch: f.epoch,
      outboxDepth: count.describe('Messages that wait for acknowledgement'),
    }),
    z.object({
      schemaVersion: f.schemaVersion,
      deviceId: f.deviceId,
      bootId: f.bootId,
      status: z.literal('offline'),
    }),
  ])
  .describe('Whether the device is there: online, stopped (a clean end) or offline (last will)');

const probability = share;
/** Probabilities of one face or voice; never more than a sign of how a person feels. */
export const affectMeasures = z
  .object({
    probabilities: z.object({
      angry: probability,
      disgust: probability,
      fear: probability,
      happy: probability,
      neutral: probability,
      sad: probability,
      surprise: probability,
    }),
    female: probability.nullable().describe('Probability that it is a woman'),
  })
  .describe('Calibrated probabilities of emotions, sum 1');

/** Measures of the driver; null = not known now. */
export const driverMeasures = z
  .object({
    level: f.level,
    faceSeen: z.boolean(),
    eyesSeen: z.boolean(),
    perclos60: share
      .nullable()
      .describe('Share of the last 60 s with eyes closed, of the time eyes were seen'),
    perclos60Fill: share.describe('Share of that window in which eyes were seen'),
    perclos180: share.nullable().describe('The same over 180 s'),
    perclos180Fill: share.describe('Share of that window in which eyes were seen'),
    kssEstimate: z
      .number()
      .min(1)
      .max(9)
      .nullable()
      .describe('Estimate on the Karolinska sleepiness scale; drivers report it, we estimate it'),
    kssConfidence: share.nullable(),
    blinksPerMinute: z.number().min(0).nullable().describe('Blinks [1/min]'),
    meanBlinkMs: z.number().min(0).nullable().describe('Mean length of a blink [ms]'),
    yawDeg: z.number().nullable().describe("Head, positive to the driver's left [deg]"),
    pitchDeg: z.number().nullable().describe('Head, positive up [deg]'),
    rollDeg: z.number().nullable().describe("Head, positive to the driver's right shoulder [deg]"),
    speech: z.boolean().nullable().describe('Speech was heard'),
    calibration: z.enum(['none', 'calibrating', 'done']),
    affect: z
      .object({ face: affectMeasures.nullable(), voice: affectMeasures.nullable() })
      .nullable()
      .describe('What face and voice express: always null in the profile "fleet"'),
  })
  .describe('Measures of the driver; null = not known now');

/** Measures of the device itself; null = not known. */
export const deviceMeasures = z
  .object({
    fps: z.number().min(0).nullable().describe('Frames a second that were judged'),
    framesDropped: count.nullable().describe('Frames dropped since the start'),
    cpuPercent: z.number().min(0).nullable().describe('Load of the whole device, 100 = all cores'),
    temperatureC: z.number().nullable().describe('Hottest sensor of the processor [deg C]'),
    memoryMb: z.number().min(0).nullable().describe('Resident memory of all roles [MB]'),
    outboxDepth: count.describe('Messages that wait for acknowledgement'),
  })
  .describe('Measures of the device; null = not known');

export const telemetryMessage = z
  .object({
    ...heading,
    capturedAtMs: f.capturedAtMs,
    driver: driverMeasures.nullable().describe('null while the watching role is not reached'),
    device: deviceMeasures,
    speedKmh: f.speedKmh,
    position: f.position,
    historical: f.historical,
    wallTimeCorrected: f.wallTimeCorrected,
  })
  .describe('Measures of driver and device at a steady rate');

/** ok; degraded: works with less; failed: does not work. */
export const condition = z.enum(['ok', 'degraded', 'failed']);

export const healthMessage = z
  .object({
    ...heading,
    status: condition.describe('The worst of the parts'),
    parts: z
      .record(
        z.string().max(64),
        z.object({
          status: condition,
          reason: z.string().max(512).nullable().describe('One sentence; null when ok'),
        }),
      )
      .describe('Parts by name: camera, microphone, perceive, store, uplink, ...'),
    counters: z.record(z.string().max(64), z.number()).describe('Counts since the start, by name'),
  })
  .describe('Condition of the parts of the device');

export type StateMessage = z.output<typeof stateMessage>;
export type DriverMeasures = z.output<typeof driverMeasures>;
export type DeviceMeasures = z.output<typeof deviceMeasures>;
export type TelemetryMessage = z.output<typeof telemetryMessage>;
export type Condition = z.output<typeof condition>;
export type HealthMessage = z.output<typeof healthMessage>;
