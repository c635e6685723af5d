/** Keeping, sending, showing. */
import { z } from 'zod';
import { count, ms, section } from './units.ts';

const host = z
  .string()
  // User and password have fields of their own: this one is logged.
  .regex(/^mqtts?:\/\/[^/\s@?#]+$/, 'mqtt://host:port or mqtts://host:port')
  .refine((address) => URL.canParse(address), 'mqtt://host:port with a port of 1-65535');

export const storeConfig = section(
  {
    maxBytes: count(256 * 1024 * 1024, 1024 * 1024, 64 * 1024 ** 3, 'Largest database [bytes]'),
    keepDays: z
      .number()
      .min(0.01)
      .max(365)
      .default(14)
      .describe('Without a broker alerts are kept so long [days]'),
    canaryEveryMs: ms(300_000, 1000, 3_600_000, 'An idle commit proves the disk so often'),
    telemetrySpillEveryMs: ms(
      300_000,
      1000,
      3_600_000,
      'Offline telemetry is written to disk at most so often',
    ),
    deleteBatchEveryMs: ms(
      1000,
      100,
      60_000,
      'Acknowledged rows are deleted in batches at least so far apart',
    ),
    busyTimeoutMs: ms(10_000, 100, 120_000, "Longest wait for another role's lock on the database"),
    stalledAfterMs: ms(1000, 100, 60_000, 'A commit that takes longer is reported in health'),
    queueMax: count(1000, 64, 100_000, 'Alerts that may wait in memory for a slow or failing disk'),
    recentAlerts: count(200, 100, 10_000, 'Acknowledged alerts that stay readable for the page'),
    telemetryRows: count(8640, 10, 1_000_000, 'Telemetry kept on disk while offline (8640 = a day at 10 s)'),
    keepTrips: count(1000, 1, 100_000, 'Trips that are kept'),
  },
  'The store',
);

export const uplinkConfig = section(
  {
    profile: z
      .enum(['fleet', 'research'])
      .default('fleet')
      .describe(
        'fleet: fatigue, attention and stress alone leave the vehicle; research: emotion and sex of face and voice too, where those who drive have agreed (EU AI Act Art. 5(1)(f): no emotions at the workplace)',
      ),
    broker: host
      .optional()
      .describe('Address of the MQTT broker; left out = no broker (alerts are kept, bounded)'),
    username: z.string().optional().describe('User name at the broker'),
    password: z.string().optional().describe('Password at the broker').meta({ secret: true }),
    protocol: z
      .enum(['auto', '5', '3.1.1'])
      .default('auto')
      .describe('auto: MQTT 5, and 3.1.1 where the broker knows no 5'),
    ack: z
      .enum(['puback', 'consumer'])
      .default('puback')
      .describe(
        "What deletes a row: the broker's PUBACK, or the fleet consumer's own acknowledgement (survives a broker's crash)",
      ),
    inFlight: count(20, 1, 1000, 'Alerts on their way at once'),
    resendAfterMs: ms(
      10_000,
      500,
      600_000,
      'consumer: an alert that is not acknowledged is sent again after',
    ),
    keepAliveS: z.number().int().min(5).max(600).default(30).describe('MQTT keep-alive [s]'),
    backoffMinMs: ms(1000, 50, 60_000, 'First back-off (full jitter)'),
    backoffMaxMs: ms(60_000, 100, 3_600_000, 'Longest back-off (full jitter)'),
    telemetryEveryMs: ms(10_000, 500, 3_600_000, 'Distance of two telemetry messages'),
    telemetryExpiryS: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(600)
      .describe('MQTT 5 expiry of telemetry, never of alerts [s]'),
  },
  'Delivery over MQTT',
);

export const consoleConfig = section(
  {
    enabled: z.boolean().default(true).describe('Serve the page'),
    host: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1').describe('Loopback only'),
    port: count(8077, 0, 65_535, 'Port of the page; 0 = any free one'),
  },
  'The page',
);

export const linkConfig = section(
  {
    socket: z
      .string()
      .optional()
      .describe('Path of the local socket; left out = watch.sock in the runtime folder'),
    measurementHz: z.number().min(0.2).max(30).default(10).describe('Rate of measurements on the link [1/s]'),
  },
  'The local socket between the roles',
);
export type StoreConfig = z.output<typeof storeConfig>;
export type UplinkConfig = z.output<typeof uplinkConfig>;
export type ConsoleConfig = z.output<typeof consoleConfig>;
export type LinkConfig = z.output<typeof linkConfig>;
