/** A gpsd for tests, in this process: it greets, waits for WATCH, then says what it is told to. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface FakeGpsd {
  readonly port: number;
  /** To everyone who watches. */
  say(...reports: (object | string)[]): void;
  watchers(): number;
  /** At once, without a word. */
  kill(): Promise<void>;
}

const VERSION = { class: 'VERSION', release: '3.22', rev: '3.22', proto_major: 3, proto_minor: 14 };
const lineOf = (report: object | string) =>
  `${typeof report === 'string' ? report : JSON.stringify(report)}\r\n`;

export async function startGpsd(port = 0, devices: readonly object[] = [{}]): Promise<FakeGpsd> {
  const sockets = new Set<Socket>();
  const watching = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      watching.delete(socket);
    });
    socket.write(lineOf(VERSION));
    socket.on('data', (command: Buffer) => {
      if (!/^\?WATCH=\{"enable":true,"json":true\};/.test(command.toString())) return;
      socket.write(lineOf({ class: 'DEVICES', devices }));
      watching.add(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    say: (...reports) => watching.forEach((socket) => socket.write(reports.map(lineOf).join(''))),
    watchers: () => watching.size,
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** A fix. */
export const tpv = (speedMps: number, changes: object = {}) => ({
  class: 'TPV',
  device: '/dev/ttyACM0',
  mode: 3,
  time: '2026-11-22T12:35:04.000Z',
  lat: 48.117966667,
  lon: 11.516666667,
  speed: speedMps,
  eph: 17.1,
  ...changes,
});
