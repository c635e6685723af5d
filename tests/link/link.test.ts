/** Both ends of the link together: what arrives, who is dropped, who comes back. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLink, type LinkClientHandlers } from '../../agent/link/client.ts';
import { startLinkServer, type LinkServer } from '../../agent/link/server.ts';
import type { FromWatch, ToWatch } from '../../agent/link/messages.ts';
import { alert, health, logger, measurement, until } from './fixtures.ts';

let folder: string;
let path: string;
const endings: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  path = join(folder, 'watch.sock');
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(): Promise<{ server: LinkServer; came: ToWatch[]; lines: string[] }> {
  const came: ToWatch[] = [];
  const take = (message: ToWatch) => void came.push(message);
  const { log, lines } = logger();
  const server = await startLinkServer(
    path,
    { onContext: take, onAck: take, onTrip: take, onUplink: take },
    log,
  );
  endings.push(() => server.close());
  return { server, came, lines };
}

function enter(handlers: LinkClientHandlers = {}) {
  const came: FromWatch[] = [];
  const { log, lines } = logger();
  const take = (message: FromWatch) => void came.push(message);
  const client = connectLink(path, { onMeasurement: take, onAlert: take, onHealth: take, ...handlers }, log);
  endings.push(() => client.close());
  return { client, came, lines };
}

describe('the link', () => {
  it('carries every kind of message, both ways, in order', async () => {
    const { server, came: toWatch } = await serve();
    const { client, came } = enter();
    await until(() => server.stats().readers === 1 && client.connected);
    const out = [measurement(1), alert(1), health, measurement(2)];
    for (const message of out) server.publish(message);
    const back = [
      {
        type: 'context',
        source: 'mqtt',
        speedKmh: 50,
        ignitionOn: true,
        position: null,
        clock: 'synchronised',
        fault: null,
        dropped: 0,
      },
      { type: 'ack', origin: 'command' },
      { type: 'trip', phase: 'end' },
      { type: 'uplink', configured: true, connected: false, outboxDepth: 3, lastError: 'no broker' },
    ] as const;
    for (const message of back) expect(client.send(message)).toBe(true);
    await until(() => came.length === 4 && toWatch.length === 4);
    expect(came).toEqual(out.map((message) => ({ v: 1, ...message })));
    expect(toWatch).toEqual(back.map((message) => ({ v: 1, ...message })));
  });

  it('gives a newcomer the last health', async () => {
    const { server } = await serve();
    server.publish(health);
    const { came } = enter();
    await until(() => came.length === 1);
    expect(came[0]?.type).toBe('health');
  });

  it('may be used by the common group and nobody else', async () => {
    await serve();
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });

  it('removes the socket file of a watch that was killed', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).toBe(true);
    const { server } = await serve();
    const { client } = enter();
    await until(() => client.connected);
    expect(server.stats().readers).toBeLessThanOrEqual(1);
  });

  it('leaves the socket of a watch that lives alone', async () => {
    await serve();
    await expect(serve()).rejects.toThrow(`another watch listens at ${path}`);
    const { client } = enter();
    await until(() => client.connected);
  });

  it.each([
    ['a file that is no socket', () => (writeFileSync(path, ''), path), /exists and is no socket/],
    ['a folder that is not there', () => join(folder, 'none', 'watch.sock'), /its folder does not exist/],
    ['a path that is too long', () => join(folder, 'x'.repeat(120)), /a socket's path has at most 107/],
  ])('says in one sentence that it cannot listen at %s', async (_, make, sentence) => {
    path = make();
    await expect(serve()).rejects.toThrow(sentence);
  });

  it('is found by a client that came first, and again after a restart of watch', async () => {
    const transitions: string[] = [];
    const { client, lines } = enter({
      onConnected: () => transitions.push('up'),
      onLost: () => transitions.push('lost'),
    });
    await until(() => transitions.length === 1);
    expect(client.send({ type: 'ack', origin: 'page' })).toBe(false);
    const first = await serve();
    await until(() => client.connected);
    await first.server.close();
    await until(() => transitions.length === 3);
    const second = await serve();
    await until(() => client.connected && second.server.stats().readers === 1);
    expect(transitions).toEqual(['lost', 'up', 'lost', 'up']);
    expect(lines).toHaveLength(4);
  });

  it('ends a client for good when it is closed while watch is away', async () => {
    const { client } = enter();
    client.close();
    const { server } = await serve();
    const { client: other } = enter();
    await until(() => other.connected && server.stats().readers === 1);
    expect(client.connected).toBe(false);
  });

  it('tells a client of another release which line it did not understand, and goes on', async () => {
    const server = createServer((socket) => {
      socket.write('{"v":2,"type":"alert"}\n');
      socket.write(`${JSON.stringify({ v: 1, ...health })}\n`);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    endings.push(() => new Promise((resolve) => server.close(resolve)));
    const { client, came, lines } = enter();
    await until(() => came.length === 1);
    expect(client.badLines()).toBe(1);
    expect(lines.some((line) => line.includes('field v'))).toBe(true);
  });
});
