/** The page's server, asked as a browser asks it and as others might. */
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openLiveState } from '../../agent/console/live.ts';
import { startConsole, type ConsoleServer } from '../../agent/console/server.ts';
import type { OutboxMessage } from '../../agent/contract/index.ts';
import { alert, alertMessage, health, logger, measurement } from '../link/fixtures.ts';

let server: ConsoleServer | undefined;
afterEach(() => server?.close());

async function start(options: { lastAlerts?: () => readonly OutboxMessage[]; linked?: boolean } = {}) {
  const live = openLiveState();
  const sent: unknown[] = [];
  const send = (message: unknown): boolean => {
    sent.push(message);
    return options.linked ?? true;
  };
  server = await startConsole({
    config: configSchema.parse({ console: { port: 0 } }).console,
    live,
    link: { send },
    lastAlerts: options.lastAlerts ?? (() => []),
    log: logger().log,
  });
  return { live, sent, address: server.address };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** fetch cannot say another host than it calls. */
function ask(address: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(new URL(path, address), { headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', reject).end();
  });
}

describe('the page', () => {
  it.each(['/', '/page.js', '/page.css', '/api/now'])(
    'forbids %s to load or run anything else',
    async (path) => {
      const { address } = await start();
      const answer = await fetch(address + path);
      const policy = answer.headers.get('content-security-policy');
      expect(answer.status).toBe(200);
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('holds no script, style or address but those beside it', async () => {
    const { address } = await start();
    const page = await (await fetch(address)).text();
    expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'page.css',
      'page.js',
    ]);
    expect(page).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|style="/);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '192.168.0.7', 'localhost.'])(
    'is not served to the name %s',
    async (host) => {
      const { address } = await start();
      for (const path of ['/', '/api/now', '/api/live']) {
        const answer = await ask(address, path, { host });
        expect([path, answer.status]).toEqual([path, 403]);
        expect(answer.text).not.toContain('watchReached');
      }
    },
  );

  it.each(['localhost:8077', '127.0.0.1', '[::1]:8077'])('is served to the name %s', async (host) => {
    const { address } = await start();
    expect((await ask(address, '/', { host })).status).toBe(200);
  });

  it('says in one sentence that its port is taken', async () => {
    const { address } = await start();
    const port = Number(new URL(address).port);
    const config = configSchema.parse({ console: { port } }).console;
    const again = startConsole({
      config,
      live: openLiveState(),
      link: { send: () => true },
      lastAlerts: () => [],
      log: logger().log,
    });
    await expect(again).rejects.toThrow(`console.port: ${port} is taken; choose another (0 = any free one)`);
  });
});

describe('/api/now', () => {
  it('knows nothing before watch has spoken', async () => {
    const { address } = await start();
    expect(await (await fetch(`${address}/api/now`)).json()).toEqual({
      watchReached: false,
      measurement: null,
      health: null,
      alerts: [],
      storeFault: null,
    });
  });

  it('gives everything at once: the last of each, and the alerts in words', async () => {
    const { address, live } = await start({ lastAlerts: () => [alertMessage(8), alertMessage(7)] });
    live.handlers.onConnected?.();
    live.handlers.onMeasurement?.({ v: 1, ...measurement(1000) });
    live.handlers.onMeasurement?.({ v: 1, ...measurement(2000) });
    live.handlers.onHealth?.({ v: 1, ...health });
    expect(await (await fetch(`${address}/api/now`)).json()).toMatchObject({
      watchReached: true,
      measurement: { measures: { atMs: 2000 } },
      health: { parts: { camera: { status: 'degraded', reason: 'no frame for 2 s' } } },
      alerts: [{ seq: 8, words: 'microsleep (critical): eyes closed 1.0 s' }, { seq: 7 }],
      storeFault: null,
    });
  });

  it('forgets the measures when watch is gone: old ones would look like new ones', async () => {
    const { address, live } = await start();
    live.handlers.onConnected?.();
    live.handlers.onMeasurement?.({ v: 1, ...measurement(1000) });
    live.handlers.onLost?.('ECONNREFUSED');
    expect(await (await fetch(`${address}/api/now`)).json()).toMatchObject({
      watchReached: false,
      measurement: null,
    });
  });

  it('says that the store cannot be read, and serves the rest', async () => {
    const { address } = await start({
      lastAlerts: () => {
        throw new Error('store: /x/cabinwatch.db does not exist yet; watch makes it');
      },
    });
    const answer = await fetch(`${address}/api/now`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      alerts: [],
      storeFault: 'store: /x/cabinwatch.db does not exist yet; watch makes it',
    });
  });
});

/** Server-sent events, one after the other. */
async function* eventsOf(address: string): AsyncGenerator<{ name: string; data: unknown }> {
  const answer = await fetch(`${address}/api/live`);
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, name = '', data = ''] = /^event: (\S+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (name !== '') yield { name, data: JSON.parse(data) as unknown };
    }
  }
}

describe('/api/live', () => {
  it('passes on measurements, alerts and health as they come, to every page', async () => {
    const { address, live } = await start();
    const pages = [eventsOf(address), eventsOf(address)];
    const first = pages.map((page) => page.next());
    // A page that is not connected yet hears nothing: repeated until each has heard one.
    const repeat = setInterval(() => live.handlers.onMeasurement?.({ v: 1, ...measurement(1000) }), 20);
    for (const one of await Promise.all(first))
      expect(one.value).toMatchObject({ name: 'measurement', data: { measures: { atMs: 1000 } } });
    clearInterval(repeat);
    live.handlers.onAlert?.({ v: 1, ...alert(9) });
    live.handlers.onHealth?.({ v: 1, ...health });
    for (const page of pages) {
      const heard: { name: string; data: unknown }[] = [];
      for await (const event of page) {
        if (event.name !== 'measurement') heard.push(event);
        if (heard.length === 2) break;
      }
      expect(heard).toMatchObject([
        { name: 'alert', data: { seq: 9, words: 'microsleep (critical): eyes closed 1.0 s' } },
        { name: 'health', data: { status: 'degraded' } },
      ]);
    }
  });

  it('keeps hostile text one line of data: it can begin no event of its own', async () => {
    const { address, live } = await start();
    const page = eventsOf(address);
    const next = page.next();
    const hostile = 'x\n\nevent: watch\ndata: {"watchReached":false}\n\n<img src=x onerror=alert(1)>';
    const repeat = setInterval(() => live.handlers.onAlert?.({ v: 1, ...alert(9, hostile) }), 20);
    const value = (await next).value as unknown;
    clearInterval(repeat);
    expect(value).toMatchObject({ name: 'alert', data: { evidence: { text: hostile } } });
    await page.return(undefined);
  });

  it('does not hold up the end of the server', async () => {
    const { address, live } = await start();
    const page = eventsOf(address);
    const next = page.next();
    const repeat = setInterval(() => live.handlers.onMeasurement?.({ v: 1, ...measurement(1) }), 20);
    await next;
    clearInterval(repeat);
    const rest = page.next().catch(() => 'cut off');
    await server?.close();
    await rest;
    await expect(fetch(address)).rejects.toThrow();
  });
});

describe('/api/ack', () => {
  const post = (address: string, headers: Record<string, string>) =>
    fetch(`${address}/api/ack`, { method: 'POST', headers });

  it('passes an acknowledgement of the page on to watch', async () => {
    const { address, sent } = await start();
    expect((await post(address, { 'x-cabinwatch': 'page' })).status).toBe(202);
    expect(sent).toEqual([{ type: 'ack', origin: 'page' }]);
  });

  it('passes nothing on without the header that only the page sends', async () => {
    const { address, sent } = await start();
    expect((await post(address, {})).status).toBe(403);
    expect((await post(address, { 'x-cabinwatch': 'form' })).status).toBe(403);
    expect((await fetch(`${address}/api/ack`, { headers: { 'x-cabinwatch': 'page' } })).status).toBe(404);
    expect(sent).toEqual([]);
  });

  it('says that watch is not reached', async () => {
    const { address } = await start({ linked: false });
    const answer = await post(address, { 'x-cabinwatch': 'page' });
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'watch is not reached' }]);
  });
});
