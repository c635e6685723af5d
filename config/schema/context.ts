/** What the vehicle tells: speed, position, ignition, and where each comes from. */
import { z } from 'zod';
import { count, ms, section } from './units.ts';

/** Where a speed can come from. */
export const SPEED_SOURCES = ['obd', 'mqtt', 'gpsd'] as const;

const topic = (text: string) =>
  z
    .string()
    .regex(/^[^#+\0]{1,256}$/, 'an MQTT topic of 1-256 signs without + and #')
    .describe(text);

export const contextConfig = section(
  {
    speed: z
      .array(z.enum(SPEED_SOURCES))
      .refine((names) => new Set(names).size === names.length, 'each source once')
      .default([])
      .describe(
        'Where the speed comes from, the best first: a later one counts while no earlier one tells a fresh speed; [] = nowhere (the strictest limits hold)',
      ),
    position: z.enum(['gpsd', 'none']).default('none').describe('Where the position comes from'),
    ignition: z
      .enum(['mqtt', 'none'])
      .default('none')
      .describe('Where the state of the ignition comes from over a network'),
    staleAfterMs: ms(
      10_000,
      1000,
      60_000,
      'A speed or position older than this is unknown (GPS practice, as judge.speed.staleAfterMs)',
    ),
    maxSpeedKmh: z
      .number()
      .min(50)
      .max(500)
      .default(250)
      .describe('A faster speed is dropped as absurd [km/h] (choice; OBD-II tells at most 255)'),
    gpsd: section(
      {
        host: z
          .string()
          .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or an address, without a port')
          .default('127.0.0.1')
          .describe('Host of gpsd'),
        port: count(2947, 1, 65_535, 'Port of gpsd'),
      },
      'gpsd: speed and position from a satellite receiver',
    ),
    mqtt: section(
      {
        broker: z
          .string()
          // User and password have fields of their own: this one is logged.
          .regex(/^mqtts?:\/\/[^/\s@?#]+$/, 'mqtt://host:port or mqtts://host:port')
          .refine((address) => URL.canParse(address), 'mqtt://host:port with a port of 1-65535')
          .default('mqtt://127.0.0.1:1883')
          .describe("Address of the vehicle's own broker (may be that of the fleet)"),
        username: z.string().optional().describe('User name at that broker'),
        password: z.string().optional().describe('Password at that broker').meta({ secret: true }),
        speedTopic: topic(
          'Topic of the speed in km/h: a number, or JSON with a field "value" (VSS Vehicle.Speed)',
        ).default('Vehicle/Speed'),
        ignitionTopic: topic(
          'Topic of the ignition: true / false, 1 / 0, ON / OFF or a VSS Vehicle.LowVoltageSystemState',
        ).default('Vehicle/LowVoltageSystemState'),
      },
      'MQTT: signals of the vehicle from a broker, named as VSS names them',
    ),
    obd: section(
      {
        interface: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,15}$/, 'the name of a network interface, such as can0')
          .default('can0')
          .describe('SocketCAN interface'),
        addressing: z
          .enum(['11-bit', '29-bit'])
          .default('11-bit')
          .describe('11-bit: 0x7DF / 0x7E8; 29-bit: 0x18DB33F1 / 0x18DAF1xx (ISO 15765-4)'),
        everyMs: ms(500, 200, 5000, 'The speed is asked for so often'),
      },
      'OBD-II over SocketCAN, by the role "can" and the programs of can-utils',
    ),
  },
  'What the vehicle tells',
);

export type ContextConfig = z.output<typeof contextConfig>;
