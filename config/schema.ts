/**
 * The only truth about settings: defaults, bounds, descriptions with units and sources.
 * JSON Schema for editors, the checks and the documentation come from here.
 */
import { z } from 'zod';
import { cameraConfig, microphoneConfig } from './schema/capture.ts';
import { contextConfig } from './schema/context.ts';
import { consoleConfig, linkConfig, storeConfig, uplinkConfig } from './schema/deliver.ts';
import { gpioConfig } from './schema/gpio.ts';
import { judgeConfig } from './schema/judge.ts';
import { modelsConfig } from './schema/models.ts';
import { perceiveConfig } from './schema/perceive.ts';
import { warnConfig } from './schema/warn.ts';

export const CONFIG_VERSION = 1;

export const configSchema = z.strictObject({
  configVersion: z.literal(CONFIG_VERSION).default(CONFIG_VERSION).describe('Version of this layout'),
  deviceId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, '1-64 letters, digits, _ and - (other signs do not survive every broker)')
    .default('cabinwatch-dev')
    .describe('Name of this vehicle at the fleet'),
  dataDir: z
    .string()
    .optional()
    .describe(
      'Folder of the database and settings.yaml; left out = /var/lib/cabinwatch when installed, else ~/.local/state/cabinwatch',
    ),
  runtimeDir: z
    .string()
    .optional()
    .describe('Folder of sockets and the saved state (tmpfs on a vehicle); left out = "run" in dataDir'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least level that is logged'),
  camera: cameraConfig,
  microphone: microphoneConfig,
  models: modelsConfig,
  perceive: perceiveConfig,
  judge: judgeConfig,
  warn: warnConfig,
  gpio: gpioConfig,
  store: storeConfig,
  uplink: uplinkConfig,
  console: consoleConfig,
  link: linkConfig,
  context: contextConfig,
});

/** The whole, validated configuration. */
export type Config = z.output<typeof configSchema>;
export type { CameraConfig, MicrophoneConfig } from './schema/capture.ts';
export type { ContextConfig } from './schema/context.ts';
export type { ConsoleConfig, LinkConfig, StoreConfig, UplinkConfig } from './schema/deliver.ts';
export type { ButtonConfig, GpioConfig, GpioOutputConfig, IgnitionConfig } from './schema/gpio.ts';
export type { JudgeConfig } from './schema/judge.ts';
export type { ModelsConfig } from './schema/models.ts';
export type { PerceiveConfig } from './schema/perceive.ts';
export type { WarnConfig } from './schema/warn.ts';
