/**
 * `scripts/demo`: a drive becomes alerts. All three roles run as on a bench (`cabinwatch run`), a broker
 * is embedded, and the fleet's reference consumer prints each alert as it arrives.
 *
 * With the demo drive, exit 0 only when every alert that the drive's own list of events names has arrived.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Aedes } from 'aedes';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { ALERT_KINDS } from '../agent/judge/index.ts';
import type { OutboxMessage } from '../agent/contract/index.ts';
import { consumeFleet } from '../agent/fleet/consume.ts';
import { alertLine } from '../agent/fleet/words.ts';
import { configSchema } from '../config/schema.ts';
import { readTruth } from '../agent/replay/score-input.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DRIVE = join(ROOT, 'tests/fixtures/drive.mp4');
const DEVICE = 'demo';
const USAGE = `scripts/demo [--fast] [--video FILE] [--camera] [--broker mqtt://HOST:PORT]
  --fast     as fast as the networks take the drive, instead of at its own pace
  --video    another recording
  --camera   look through /dev/video0 until Ctrl-C
  --broker   deliver to this broker instead of the embedded one`;

interface Wishes {
  readonly fast: boolean;
  readonly camera: boolean;
  readonly video: string;
  readonly broker: string | undefined;
}

function wishesFrom(argv: readonly string[]): Wishes | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      fast: { type: 'boolean' },
      camera: { type: 'boolean' },
      video: { type: 'string' },
      broker: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  const { fast = false, camera = false, video = DRIVE, broker } = values;
  return { fast, camera, video: resolve(video), broker };
}

async function demo(wishes: Wishes): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-demo-'));
  const embedded = wishes.broker === undefined ? await embeddedBroker() : null;
  const broker = wishes.broker ?? embedded?.address ?? '';
  const arrived: OutboxMessage[] = [];
  const consumer = consumeFleet({
    broker: { ...configSchema.shape.uplink.parse({ broker }), broker },
    deviceId: DEVICE,
    ack: true,
    onAlert(message) {
      arrived.push(message);
      process.stdout.write(`${alertLine(message)}\n`);
    },
    onMissing: (_, { firstSeq, lastSeq }) =>
      void process.stdout.write(`MISSING: ${firstSeq} to ${lastSeq}\n`),
    log: pino({ level: 'silent' }),
  });
  try {
    const config = join(folder, 'config.yaml');
    writeFileSync(config, stringify(settings(wishes, broker, await freePort(8077))));
    const code = await runRoles(config);
    return verdict(code, wishes, arrived, consumer.stats());
  } finally {
    await consumer.close();
    await embedded?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings(wishes: Wishes, broker: string, port: number) {
  const recorded = { driver: 'recorded', file: wishes.video, pace: wishes.fast ? 'lossless' : 'own' };
  say(`page: http://127.0.0.1:${port}   broker: ${broker}`);
  say(
    wishes.camera
      ? 'looking through the camera; Ctrl-C ends it'
      : `playing ${wishes.video}${wishes.fast ? ' as fast as it goes' : ''}`,
  );
  return {
    deviceId: DEVICE,
    dataDir: 'data',
    logLevel: 'error',
    camera: wishes.camera ? { driver: 'pipe' } : recorded,
    microphone: wishes.camera ? { enabled: false } : { driver: 'recorded' },
    uplink: { broker, ack: 'consumer', telemetryEveryMs: 2000 },
    console: { port },
  };
}

/** The roles in a process of their own, as `cabinwatch run`; Ctrl-C reaches it too. */
function runRoles(config: string): Promise<number> {
  const roles = spawn(process.execPath, [join(ROOT, 'agent/main.ts'), 'run', '--config', config], {
    stdio: 'inherit',
  });
  const pass = (): void => void roles.kill('SIGTERM');
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  return new Promise((done) => roles.once('exit', (code) => done(code ?? 1)));
}

/** The expected alerts come from the drive's own list, which the drive's maker wrote. */
function verdict(
  code: number,
  wishes: Wishes,
  arrived: readonly OutboxMessage[],
  stats: { missing: number },
): number {
  const raised = new Set(arrived.map((message) => message.kind));
  const ids = new Set(arrived.map((message) => message.messageId));
  say(`${arrived.length} messages arrived, each once (${ids.size} ids), ${stats.missing} missing`);
  if (code !== 0) return code;
  if (wishes.video !== DRIVE || wishes.camera) return stats.missing === 0 ? 0 : 1;
  const truth = readTruth(readFileSync(DRIVE.replace(/\.mp4$/, '.events.csv'), 'utf8'), 'drive.events.csv');
  const expected = ALERT_KINDS.filter((kind) => truth.some((event) => event.kind === kind));
  const absent = expected.filter((kind) => !raised.has(kind));
  say(
    absent.length === 0
      ? `all expected alerts came: ${expected.join(', ')}`
      : `NOT come: ${absent.join(', ')}`,
  );
  return absent.length === 0 && stats.missing === 0 ? 0 : 1;
}

async function embeddedBroker(): Promise<{ address: string; close(): Promise<void> }> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle.bind(aedes));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((closed) => {
      aedes.close(() => server.close(() => closed()));
    });
  return { address: `mqtt://127.0.0.1:${port}`, close };
}

/** The wanted port if nobody has it, else any. */
function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  return new Promise((found) => {
    probe.once('error', () => probe.listen(0, '127.0.0.1'));
    probe.once('listening', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : wanted));
    });
    probe.listen(wanted, '127.0.0.1');
  });
}

const say = (text: string): void => void process.stdout.write(`demo: ${text}\n`);

const wishes = wishesFrom(process.argv.slice(2));
if (wishes === null) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await demo(wishes);
