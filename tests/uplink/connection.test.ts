/** Connections to real brokers: versions, refusals, what is said and how often. */
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openConnection, type Connection } from '../../agent/uplink/connection.ts';
import { faultSentence } from '../../agent/uplink/faults.ts';
import { PublishRefused, type Session } from '../../agent/uplink/session.ts';
import { logger, until } from '../link/fixtures.ts';
import { freePort, hasMosquitto, settings, startAedes, startMosquitto } from './brokers.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

type Settings = ReturnType<typeof settings>;
interface Extras {
  readonly clientId?: string;
  readonly topics?: readonly string[];
}

function open(config: Settings, { clientId = 'car-1', topics = [] }: Extras = {}) {
  const { log, lines } = logger();
  const sessions: Session[] = [];
  const messages: string[] = [];
  const connection: Connection = openConnection(
    {
      ...config,
      clientId,
      subscriptions: topics.map((topic) => ({ topic, qos: 1 })),
      random: () => 0.5,
      nowMs: () => performance.now(),
    },
    {
      onSession: (session) => void sessions.push(session),
      onEnd: () => undefined,
      onMessage: (topic, payload) => void messages.push(`${topic} ${Buffer.from(payload).toString()}`),
    },
    log,
  );
  endings.push(() => connection.close());
  return { connection, lines, sessions, messages };
}

async function aedes(...args: Parameters<typeof startAedes>) {
  const broker = await startAedes(...args);
  endings.push(() => broker.kill());
  return broker;
}

async function mosquitto(...args: Parameters<typeof startMosquitto>) {
  const broker = await startMosquitto(...args);
  endings.push(() => broker.kill());
  return broker;
}

describe('a connection', () => {
  it('falls back to 3.1.1 at once where the broker knows no MQTT 5, and remembers', async () => {
    const broker = await aedes(await freePort());
    const { sessions, lines } = open(settings(broker.url));
    await until(() => sessions.length === 1);
    broker.clients()[0]?.close();
    await until(() => sessions.length === 2);
    expect(sessions.map(({ protocol }) => protocol)).toEqual(['3.1.1', '3.1.1']);
    expect(lines).toEqual([
      `connected to ${broker.url} (MQTT 3.1.1)`,
      `the broker at ${broker.url} closed the connection; tried again for ever`,
      `connected to ${broker.url} (MQTT 3.1.1)`,
    ]);
  });

  it('falls back where an old broker hangs up without a word', async () => {
    const { broker } = await aedes(await freePort());
    const port = await freePort();
    // The 7th byte of CONNECT behind a length of one byte is the protocol's version.
    const server = createServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        if (chunk[8] === 5) {
          socket.destroy();
          return;
        }
        socket.pause();
        socket.unshift(chunk);
        broker.handle(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    endings.push(() => server.close());
    const { sessions } = open(settings(`mqtt://127.0.0.1:${String(port)}`));
    await until(() => sessions.length === 1);
    expect(sessions[0]?.protocol).toBe('3.1.1');
  });

  it('does not fall back when it is told to speak MQTT 5', async () => {
    const broker = await aedes(await freePort());
    const { connection } = open(settings(broker.url, { protocol: '5' }));
    await until(() => connection.fault !== null);
    expect(connection.fault).toBe(`the broker at ${broker.url} does not speak this version of MQTT`);
  });

  it('says once that no broker listens, however often it tries, and finds it when it comes', async () => {
    const port = await freePort();
    const { connection, lines, sessions } = open(settings(`mqtt://127.0.0.1:${String(port)}`));
    await until(() => connection.fault !== null);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(lines).toEqual([`no broker listens at mqtt://127.0.0.1:${String(port)}; tried again for ever`]);
    await aedes(port);
    await until(() => sessions.length === 1);
    expect(connection.fault).toBeNull();
  });

  it.each([
    [{ username: 'car', password: 'wrong' }, 'refuses the user name or the password'],
    [{}, 'wants a user name and a password'],
  ])('says that the broker refuses %j, once, and goes on trying', async (credentials, words) => {
    let tries = 0;
    const broker = await aedes(await freePort(), {
      authenticate(_client, _username, password, done) {
        tries += 1;
        if (tries > 3 || password?.toString() === 'right') done(null, true);
        else done(Object.assign(new Error('no'), { returnCode: 4 }), null);
      },
    });
    const { lines, sessions } = open(settings(broker.url, credentials));
    await until(() => sessions.length === 1);
    expect(tries).toBe(4);
    expect(lines[0]).toBe(`the broker at ${broker.url} ${words}; tried again for ever`);
    expect(lines).toHaveLength(2);
  });

  it('says that what answers is no broker', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { connection } = open(settings(`mqtt://127.0.0.1:${String(port)}`));
    await until(() => connection.fault !== null);
    expect(connection.fault).toMatch(/does not speak MQTT|closed the connection/);
  });

  it('waits longer each time it is thrown out behind the CONNACK', async () => {
    const broker = await aedes(await freePort());
    const waits: number[] = [];
    let downAtMs = 0;
    broker.broker.on('clientReady', (client) => {
      if (downAtMs > 0) waits.push(performance.now() - downAtMs);
      client.close();
      downAtMs = performance.now();
    });
    open(settings(broker.url, { backoffMinMs: 50, backoffMaxMs: 60_000 }));
    await until(() => waits.length === 4);
    // random is 0.5, so the waits are at least 25, 50, 100, 200 ms; a fixed wait would stay at 25.
    expect(waits[3]).toBeGreaterThan(150);
  });

  it('is not confused by two clients of one name, and both keep trying', async () => {
    const broker = await aedes(await freePort());
    const first = open(settings(broker.url));
    await until(() => first.sessions.length === 1);
    const second = open(settings(broker.url));
    await until(() => first.sessions.length > 1 && second.sessions.length > 0);
    expect(broker.clients()).toHaveLength(1);
  });

  it('stops for good when it is closed while the broker is away', async () => {
    const port = await freePort();
    const { connection } = open(settings(`mqtt://127.0.0.1:${String(port)}`));
    await until(() => connection.fault !== null);
    await connection.close();
    const broker = await aedes(port);
    const { sessions } = open(settings(broker.url), { clientId: 'car-2' });
    await until(() => sessions.length === 1);
    expect(broker.clients().map(({ id }) => id)).toEqual(['car-2']);
  });

  it('delivers messages that wait at the broker', async () => {
    const broker = await aedes(await freePort());
    const retained = {
      topic: 'a/b',
      payload: 'kept',
      qos: 1,
      retain: true,
      cmd: 'publish',
      dup: false,
    } as const;
    await new Promise<void>((resolve) => broker.broker.publish(retained, () => resolve()));
    const { messages } = open(settings(broker.url), { topics: ['a/#'] });
    await until(() => messages.length === 1);
    expect(messages).toEqual(['a/b kept']);
  });
});

describe.skipIf(!hasMosquitto)('a connection to a broker that speaks MQTT 5', () => {
  it('uses it', async () => {
    const broker = await mosquitto(await freePort());
    const { sessions, lines } = open(settings(broker.url), { topics: ['a'] });
    await until(() => sessions.length === 1);
    expect(lines).toEqual([`connected to ${broker.url} (MQTT 5)`]);
  });

  it('tells wrong credentials', async () => {
    const broker = await mosquitto(await freePort(), ['allow_anonymous false']);
    const { connection } = open(settings(broker.url, { username: 'car', password: 'wrong' }));
    await until(() => connection.fault !== null);
    expect(connection.fault).toBe(`the broker at ${broker.url} refuses the user name or the password`);
  });

  it('learns of a publish that the broker refuses', async () => {
    const rules = { acl: 'topic read #\ntopic write good\n' };
    const broker = await mosquitto(await freePort(), ['allow_anonymous true', 'acl_file DIR/acl'], rules);
    const { sessions } = open(settings(broker.url));
    await until(() => sessions.length === 1);
    await sessions[0]!.publish('good', 'x', { qos: 1 });
    await expect(sessions[0]!.publish('bad', 'x', { qos: 1 })).rejects.toThrow(PublishRefused);
  });
});

/**
 * A broker of few words: CONNACK of MQTT 5 with a receive maximum of 2, PUBACK when the test says so.
 * Reads only packets below 128 bytes, which is what the test sends.
 */
async function slowBroker() {
  const unanswered: Buffer[] = [];
  let answer = (): void => undefined;
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 2 && bytes.length >= 2 + bytes[1]!) {
        const packet = bytes.subarray(0, 2 + bytes[1]!);
        bytes = bytes.subarray(packet.length);
        if (packet[0] === 0x10) socket.write(Buffer.from([0x20, 6, 0, 0, 3, 0x21, 0, 2]));
        // PUBLISH at QoS 1; its id lies behind a topic of one letter.
        if (packet[0] === 0x32) unanswered.push(packet.subarray(5, 7));
      }
    });
    answer = () => {
      for (const id of unanswered.splice(0)) socket.write(Buffer.concat([Buffer.from([0x40, 2]), id]));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `mqtt://127.0.0.1:${String(port)}`, unanswered, answer: () => answer() };
}

describe('a session', () => {
  it('never has more unanswered than the broker takes, and sends the rest as it answers', async () => {
    const broker = await slowBroker();
    const { sessions } = open(settings(broker.url));
    await until(() => sessions.length === 1);
    let done = 0;
    const all = Array.from({ length: 9 }, (_, n) =>
      sessions[0]!.publish('a', String(n), { qos: 1 }).then(() => (done += 1)),
    );
    for (let answered = 0; answered < 9; answered += 2) {
      await until(() => done === answered && broker.unanswered.length >= Math.min(2, 9 - answered));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(broker.unanswered.length).toBeLessThanOrEqual(2);
      broker.answer();
    }
    await Promise.all(all);
  });

  it('gives up what waits for an answer, and for its turn, when the connection ends', async () => {
    const broker = await slowBroker();
    const { sessions, connection } = open(settings(broker.url));
    await until(() => sessions.length === 1);
    const all = Array.from({ length: 4 }, (_, n) => sessions[0]!.publish('a', String(n), { qos: 1 }));
    const results = Promise.allSettled(all);
    await connection.close();
    expect((await results).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  });
});

describe('a fault in words', () => {
  const names = { address: 'mqtt://fleet:1883', clientId: 'car-1', hasPassword: true };
  const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
  it.each([
    [system('ENOTFOUND'), 'the name in mqtt://fleet:1883 is not known to the name service'],
    [system('EHOSTUNREACH'), 'there is no way to mqtt://fleet:1883 now (EHOSTUNREACH)'],
    [system('ETIMEDOUT'), 'the broker at mqtt://fleet:1883 does not answer'],
    [new Error('connack timeout'), 'the broker at mqtt://fleet:1883 does not answer'],
    [new Error('Keepalive timeout'), 'the broker at mqtt://fleet:1883 has fallen silent'],
    [
      system('DEPTH_ZERO_SELF_SIGNED_CERT'),
      'the certificate of the broker at mqtt://fleet:1883 cannot be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      Object.assign(new Error('taken over'), { code: 142 }),
      'another client of the broker at mqtt://fleet:1883 calls itself car-1',
    ],
  ])('%s', (error, sentence) => {
    expect(faultSentence({ error, accepted: false }, names)).toBe(sentence);
  });
});
