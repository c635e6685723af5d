/**
 * Brokers for tests, on random loopback ports: aedes in this process (MQTT 3.1.1) and mosquitto as a child
 * (MQTT 5). Both can be killed and started again at the same port.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { uplinkConfig } from '../../config/schema/deliver.ts';
import type { UplinkConfig } from '../../config/schema.ts';

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  /** At once, without a word to its clients. */
  kill(): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface AedesBroker extends TestBroker {
  readonly broker: Aedes;
  /** Clients that are connected now. */
  clients(): Client[];
}

export async function startAedes(port: number, options: AedesOptions = {}): Promise<AedesBroker> {
  const broker = await Aedes.createBroker(options);
  const sockets = new Set<Socket>();
  const clients = new Set<Client>();
  broker.on('client', (client) => clients.add(client));
  broker.on('clientDisconnect', (client) => clients.delete(client));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${String(port)}`,
    port,
    broker,
    clients: () => [...clients],
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}

const MOSQUITTO = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'mosquitto'))
  .find((path) => existsSync(path));

/** False where mosquitto is not installed; says so once. */
export const hasMosquitto = MOSQUITTO !== undefined;
if (!hasMosquitto) console.log('skipped: what needs MQTT 5, for mosquitto is not installed');

export interface MosquittoBroker extends TestBroker {
  /** It stands still: its connections stay, and nothing answers. Only `kill` ends that. */
  freeze(): void;
}

/** @param settings further lines of mosquitto.conf */
export async function startMosquitto(
  port: number,
  settings: readonly string[] = ['allow_anonymous true'],
  files: Readonly<Record<string, string>> = {},
): Promise<MosquittoBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const lines = [
    `listener ${String(port)} 127.0.0.1`,
    ...settings.map((line) => line.replace('DIR', folder)),
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  // Started by root it becomes another user, who must read its files.
  chmodSync(folder, 0o755);
  const child = spawn(MOSQUITTO!, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await answering(port, child);
  return {
    url: `mqtt://127.0.0.1:${String(port)}`,
    port,
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  let answers = false;
  while (!answers && child.exitCode === null) {
    answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(() => resolve(false), 20));
    });
  }
  if (child.exitCode !== null) throw new Error(`mosquitto ended with ${String(child.exitCode)}`);
}

/** Delivery settings with waits that suit a test. */
export const settings = (broker: string, changes: Partial<UplinkConfig> = {}) => ({
  ...uplinkConfig.parse({ broker, backoffMinMs: 50, backoffMaxMs: 100, resendAfterMs: 500 }),
  ...changes,
  broker,
});
