/** Peers that do not read, and peers that send what they should not: watch goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLineSplitter } from '../../agent/link/line-splitter.ts';
import { readLine, toWatch, type ToWatch } from '../../agent/link/messages.ts';
import { startLinkServer, type LinkServer } from '../../agent/link/server.ts';
import { alert, logger, measurement, until } from './fixtures.ts';

let folder: string;
let path: string;
let server: LinkServer;
let came: ToWatch[];
let lines: string[];
let peers: Socket[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  path = join(folder, 'watch.sock');
  came = [];
  peers = [];
  const take = (message: ToWatch) => void came.push(message);
  const logged = logger();
  lines = logged.lines;
  server = await startLinkServer(
    path,
    { onContext: take, onAck: take, onTrip: take, onUplink: take },
    logged.log,
  );
});
afterEach(async () => {
  for (const peer of peers) peer.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function peer(): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => undefined);
  peers.push(socket);
  const before = server.stats().readers;
  await until(() => server.stats().readers > before);
  return socket;
}

const ACK = '{"v":1,"type":"ack","origin":"page"}\n';

describe('a reader that does not read', () => {
  it('loses measurements, gets every alert, and holds up nobody', async () => {
    const slow = (await peer()).pause();
    const quick = await peer();
    let quickBytes = 0;
    quick.on('data', (chunk) => (quickBytes += chunk.length));
    let sent = 0;
    while (server.stats().measurementsDropped < 50) {
      server.publish(measurement(sent++));
      await new Promise(setImmediate);
    }
    for (let seq = 1; seq <= 100; seq += 1) server.publish(alert(seq));
    const got: string[] = [];
    const splitter = createLineSplitter(1e6);
    slow.on('data', (chunk: Buffer) => got.push(...(splitter.push(chunk) ?? [])));
    slow.resume();
    const seqs = () =>
      got.map((line) => JSON.parse(line) as { alert?: { seq: number } }).flatMap((m) => m.alert?.seq ?? []);
    await until(() => got.length > 0 && seqs().length === 100);
    expect(seqs()).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const measurements = got.length - 100;
    expect(measurements).toBe(sent - server.stats().measurementsDropped);
    expect(quickBytes).toBeGreaterThan(0);
    expect(server.stats().readers).toBe(2);
  });

  it('is closed once even the alerts pile up, while others go on', async () => {
    const slow = (await peer()).pause();
    const quick = await peer();
    quick.resume();
    const text = 'x'.repeat(250);
    for (let seq = 1; server.stats().readersClosed === 0; seq += 1) {
      server.publish(alert(seq, text));
      if (seq % 100 === 0) await new Promise(setImmediate);
    }
    await until(() => server.stats().readers === 1);
    slow.destroy();
    quick.write(ACK);
    await until(() => came.length === 1);
    expect(lines.filter((line) => line.includes('does not read'))).toHaveLength(1);
  });
});

describe('a peer that sends what it should not', () => {
  it('gets bad lines counted and skipped, with one line in the log', async () => {
    const bad = [
      'not json',
      '[]',
      'null',
      '{"v":1}',
      '{"v":2,"type":"ack","origin":"page"}',
      '{"v":1,"type":"ack","origin":"page","more":1}',
      '{"v":1,"type":"measurement"}',
      '{"v":1,"type":"context","speedKmh":"fast","ignitionOn":null,"position":null,"clock":"unknown"}',
      '{"v":1,"type":"context","speedKmh":-1,"ignitionOn":null,"position":null,"clock":"unknown"}',
      '\u0000\u0001',
      '',
    ];
    (await peer()).write(`${bad.join('\n')}\n${ACK}`);
    await until(() => came.length === 1);
    expect(server.stats()).toMatchObject({ badLines: bad.length, readers: 1 });
    expect(lines).toHaveLength(1);
  });

  it('is closed for a line without end', async () => {
    const socket = await peer();
    socket.write('x'.repeat(10_000));
    await until(() => server.stats().readers === 0);
    expect(lines).toEqual([
      'link: a line was not understood (a line is longer than 4096 bytes); the connection is closed',
    ]);
  });

  it('is closed when it sends nothing else', async () => {
    (await peer()).write('rubbish\n'.repeat(500));
    await until(() => server.stats().readers === 0);
    expect(server.stats().badLines).toBe(100);
    expect(came).toHaveLength(0);
  });

  it('has to wait when it sends too much, and is heard in the end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      (await peer()).write(ACK.repeat(450));
      for (const heard of [200, 400, 450]) {
        await until(() => came.length > heard - 200);
        expect(came).toHaveLength(heard);
        vi.advanceTimersByTime(1000);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves room for others: at most 16 connections', async () => {
    for (let count = 0; count < 16; count += 1) await peer();
    const extra = connect(path);
    extra.on('error', () => undefined);
    peers.push(extra);
    await new Promise((resolve) => extra.once('close', resolve));
    expect(server.stats().readers).toBe(16);
  });

  it('is never a message when it is anything but one', () => {
    const wild = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(wild, (line) => {
        expect(readLine(toWatch, line)).toHaveProperty('fault');
      }),
    );
  });
});

describe('lines', () => {
  it('come out the same however the bytes were cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.infiniteStream(fc.nat(9)), (texts, sizes) => {
        const wanted = texts.map((text) => text.replaceAll('\n', ' '));
        const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''));
        const splitter = createLineSplitter(4096);
        const got: string[] = [];
        for (let from = 0; from < bytes.length;) {
          const size = 1 + (sizes.next().value as number);
          got.push(...(splitter.push(bytes.subarray(from, from + size)) ?? []));
          from += size;
        }
        expect(got).toEqual(wanted);
      }),
    );
  });
});
