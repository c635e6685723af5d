/**
 * A broker, for ever: one session after the other, with full-jitter back-off between them, MQTT 5 first and
 * 3.1.1 where the broker knows no 5. In: address and handlers. Out: sessions. Each change is told once, in
 * one sentence; a fault that stays the same is not told again.
 *
 * Lifecycle: `openConnection` -> (`onSession` -> `onEnd`)* -> `close`.
 */
import type { Logger } from 'pino';
import { createBackoff } from './backoff.ts';
import { faultSentence, refusesVersion, type SessionEnd } from './faults.ts';
import {
  openSession,
  type OpenSession,
  type Protocol,
  type Session,
  type SessionHandlers,
  type SessionOptions,
} from './session.ts';

export interface ConnectionOptions extends Omit<SessionOptions, 'protocol'> {
  readonly protocol: 'auto' | Protocol;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** Evenly in [0, 1). */
  readonly random: () => number;
  /** Monotonic [ms]. */
  readonly nowMs: () => number;
}

export interface ConnectionHandlers {
  /** There is a connection and every subscription is answered. */
  onSession(session: Session): void;
  /** That session is over. */
  onEnd(): void;
  onMessage: SessionHandlers['onMessage'];
}

export interface Connection {
  readonly session: Session | null;
  /** Why there is no session; `null` while there is one, or before the first try has failed. */
  readonly fault: string | null;
  /**
   * Ends for good.
   * @param farewell what to publish first; given up after a second
   */
  close(farewell?: (session: Session) => Promise<void>): Promise<void>;
}

/** Together with the DISCONNECT a clean stop stays below 2 s. */
const FAREWELL_TIMEOUT_MS = 1000;

/** Begins to connect. Never throws. */
export function openConnection(
  options: ConnectionOptions,
  handlers: ConnectionHandlers,
  log: Logger,
): Connection {
  const backoff = createBackoff(options.backoffMinMs, options.backoffMaxMs, options.random);
  const versions = protocolChoice(options.protocol);
  const names = {
    address: options.broker,
    clientId: options.clientId,
    hasPassword: options.password !== undefined,
  };
  let open: OpenSession | null = null;
  let session: Session | null = null;
  let upAtMs = 0;
  let fault: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const up = (opened: Session) => {
    session = opened;
    upAtMs = options.nowMs();
    fault = null;
    versions.worked();
    log.info(`connected to ${options.broker} (MQTT ${opened.protocol})`);
    for (const topic of opened.refusedTopics) {
      log.warn(`the broker at ${options.broker} does not let ${options.clientId} read ${topic}`);
    }
    handlers.onSession(opened);
  };
  const down = (end: SessionEnd) => {
    const livedMs = session === null ? 0 : options.nowMs() - upAtMs;
    const wasUp = session !== null;
    session = null;
    open = null;
    if (wasUp) handlers.onEnd();
    if (closed) return;
    if (versions.fallBack(end)) {
      start();
      return;
    }
    const sentence = faultSentence(end, names);
    if (sentence !== fault) log.warn(`${sentence}; tried again for ever`);
    fault = sentence;
    timer = setTimeout(start, backoff.next(livedMs));
  };
  const start = () => {
    const protocol = versions.next();
    open = openSession({ ...options, protocol }, { onUp: up, onMessage: handlers.onMessage, onDown: down });
  };

  start();
  return {
    get session() {
      return session;
    },
    get fault() {
      return fault;
    },
    async close(farewell) {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      if (session !== null && farewell !== undefined) await atMost(FAREWELL_TIMEOUT_MS, farewell(session));
      await open?.end();
    },
  };
}

/** Which version to try. */
interface ProtocolChoice {
  next(): Protocol;
  worked(): void;
  /** @returns true when the other version is to be tried at once */
  fallBack(end: SessionEnd): boolean;
}

/**
 * auto: a broker that refuses MQTT 5 in so many words gets 3.1.1 from then on. One that hangs up without a
 * word may be old, or may be dying: it gets the versions in turn, and MQTT 5 again after a connection.
 */
function protocolChoice(wanted: 'auto' | Protocol): ProtocolChoice {
  if (wanted !== 'auto') return { next: () => wanted, worked: () => undefined, fallBack: () => false };
  let version: Protocol = '5';
  let refused = false;
  return {
    next: () => version,
    worked() {
      if (!refused) version = '5';
    },
    fallBack(end) {
      const inWords = refusesVersion(end);
      if (refused || end.accepted || (end.error !== null && !inWords)) return false;
      version = version === '5' ? '3.1.1' : '5';
      refused = inWords && version === '3.1.1';
      return refused;
    },
  };
}

/** Waits for work, but not for ever; its failure is of no matter any more. */
async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
