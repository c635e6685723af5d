/**
 * A vehicle on the bench: a folder of its own with configuration and data, the drive before its camera, the
 * store's own record of what was committed.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig, type ResolvedConfig } from '../../../config/load.ts';
import { databaseFile, openStore } from '../../../agent/store/database.ts';
import type { Store } from '../../../agent/store/store.ts';
import { freePort } from '../../uplink/brokers.ts';
import { makeDrive, type Drive } from './drive.ts';
import type { Committed } from './oracle.ts';

export const DEVICE = 'rig';
/** More rows than any run makes: acknowledged ones stay, as the record to compare with. */
const KEPT_ROWS = 10_000;
export interface VehicleOptions {
  /** How often the stretch of the drive is shown. */
  readonly times: number;
  readonly pace: 'own' | 'lossless';
  readonly brokerPort: number;
  /** Where the sound goes; left out = a line nobody reads. */
  readonly warn?: { readonly sound: 'aplay'; readonly folder: string };
}

export interface Vehicle {
  readonly folder: string;
  readonly configFile: string;
  readonly config: ResolvedConfig;
  readonly drive: Drive;
  /** Path of the database. */
  readonly database: string;
  /** The drive has begun and is over: the judge's saved state came and went. To be asked all along. */
  isDriveOver(): boolean;
  committed(): Committed;
  /** Messages that wait for acknowledgement. */
  waiting(): number;
  remove(): void;
}

export async function openVehicle(options: VehicleOptions): Promise<Vehicle> {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-rig-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const drive = await makeDrive(folder, options.times);
    const configFile = join(folder, 'config.yaml');
    writeFileSync(configFile, stringify(settings(options, drive.file, await freePort())));
    const { config } = loadConfig({ file: configFile, environment: {} });
    return { folder, configFile, drive, remove, config, ...recordOf(config) };
  } catch (error) {
    remove();
    throw error;
  }
}

function settings({ pace, brokerPort, warn }: VehicleOptions, file: string, port: number) {
  return {
    deviceId: DEVICE,
    dataDir: 'data',
    logLevel: 'error',
    camera: { driver: 'recorded', file, pace },
    microphone: { driver: 'recorded' },
    warn: warn ?? { sound: 'none' },
    store: { recentAlerts: KEPT_ROWS },
    // Short waits: what is shown is that all comes, not how long a fleet spares its broker.
    uplink: {
      broker: `mqtt://127.0.0.1:${brokerPort}`,
      ack: 'consumer',
      resendAfterMs: 1000,
      backoffMinMs: 200,
      backoffMaxMs: 1000,
      telemetryEveryMs: 500,
    },
    console: { port },
  };
}

function recordOf(config: ResolvedConfig) {
  const database = databaseFile(config.dataDir);
  const savedState = join(config.runtimeDir, 'judge.json');
  let begun = false;
  const read = <T>(question: (store: Store) => T): T => {
    const store = openStore(database, config.store, 'reader');
    try {
      return question(store);
    } finally {
      store.close();
    }
  };
  return {
    database,
    isDriveOver() {
      const isSaved = existsSync(savedState);
      begun ||= isSaved;
      return begun && !isSaved;
    },
    committed: () =>
      read((store) => ({
        epoch: store.epoch,
        lastSeq: store.lastSeq(),
        messages: store.lastAlerts(KEPT_ROWS).toReversed(),
      })),
    waiting: () => read((store) => store.depth()),
  };
}
