/**
 * The console role: one plain page on loopback. It reads the store and listens to the link; it holds no
 * state of its own that matters and never writes to the store.
 *
 * In:  the link's measurements, alerts and health; the newest alerts of the store.
 * Out: HTTP: `/` (page), `/api/now` (everything at once), `/api/live` (server-sent events), `/api/ack`.
 */
import { readFileSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ConsoleConfig } from '../../config/schema.ts';
import { alertInWords, type OutboxMessage } from '../contract/index.ts';
import type { LinkClient } from '../link/client.ts';
import type { LiveState } from './live.ts';

export interface ConsoleOptions {
  readonly config: ConsoleConfig;
  readonly live: LiveState;
  readonly link: Pick<LinkClient, 'send'>;
  /** Newest first; throws when the store cannot be read now. */
  readonly lastAlerts: (limit: number) => readonly OutboxMessage[];
  readonly log: Logger;
}

export interface ConsoleServer {
  /** `http://127.0.0.1:8077` */
  readonly address: string;
  close(): Promise<void>;
}

const SHOWN_ALERTS = 50;
const PAGES = [
  ['/', 'page.html', 'text/html; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
] as const;

/** Nothing from elsewhere, no inline script: what an alert says can never run. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** @throws Error in one sentence when the port is taken */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleServer> {
  const { config } = options;
  const server = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(HEADERS);
    // Another site's page in the same browser must not reach the loopback server by a name of its own.
    if (isLoopbackName(request.hostname)) done();
    else void reply.code(403).send({ error: 'this page answers to localhost only' });
  });
  servePages(server);
  serveApi(server, options);
  try {
    const address = await server.listen({ host: config.host, port: config.port });
    return { address, close: () => server.close() };
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const why = taken
      ? 'is taken; choose another (0 = any free one)'
      : `cannot be used (${(cause as Error).message})`;
    throw new Error(`console.port: ${config.port} ${why}`, { cause });
  }
}

const isLoopbackName = (name: string): boolean => ['localhost', '127.0.0.1', '[::1]', '::1'].includes(name);

function servePages(server: FastifyInstance): void {
  for (const [path, file, type] of PAGES) {
    const content = readFileSync(new URL(`./page/${file}`, import.meta.url), 'utf8');
    server.get(path, (_request, reply) => reply.type(type).send(content));
  }
}

function serveApi(server: FastifyInstance, { live, link, lastAlerts, log }: ConsoleOptions): void {
  server.get('/api/now', () => ({ ...live.now(), ...alertsNow(lastAlerts, log) }));
  server.get('/api/live', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const stop = live.subscribe((name, data) => {
      // A page that does not read loses events; it asks for everything again when it comes back.
      if (reply.raw.writableLength < MAX_UNREAD_BYTES)
        reply.raw.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    request.raw.once('close', stop);
  });
  // A custom header cannot be sent by another site's form.
  server.post('/api/ack', (request, reply) => {
    if (request.headers['x-cabinwatch'] !== 'page')
      return reply.code(403).send({ error: 'this request does not come from the page' });
    const sent = link.send({ type: 'ack', origin: 'page' });
    return reply.code(sent ? 202 : 503).send(sent ? { sent } : { error: 'watch is not reached' });
  });
}

const MAX_UNREAD_BYTES = 256 * 1024;

function alertsNow(lastAlerts: ConsoleOptions['lastAlerts'], log: Logger) {
  try {
    const alerts = lastAlerts(SHOWN_ALERTS);
    return { alerts: alerts.map((alert) => ({ ...alert, words: alertInWords(alert) })), storeFault: null };
  } catch (error) {
    log.debug({ err: error }, 'the store cannot be read');
    return { alerts: [], storeFault: (error as Error).message };
  }
}
