/**
 * The other roles' end of the local socket. Connects for ever, with a short back-off: watch may start
 * later, be restarted or be updated. What is sent while there is no connection is dropped and said so;
 * whoever sends a state sends it again in `onConnected`.
 */
import { connect, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { createLineSplitter } from './line-splitter.ts';
import {
  fromWatch,
  lineOf,
  readLine,
  type FromWatch,
  type LinkAlert,
  type LinkHealth,
  type LinkMeasurement,
  type ToWatch,
  type Unversioned,
} from './messages.ts';

/** All are optional: a role takes what it needs. */
export interface LinkClientHandlers {
  onMeasurement?(message: LinkMeasurement): void;
  onAlert?(message: LinkAlert): void;
  onHealth?(message: LinkHealth): void;
  /** Watch is there. */
  onConnected?(): void;
  /** Watch is not there (any more); called once per loss, and once when the first try fails. */
  onLost?(reason: string): void;
}

export interface LinkClient {
  readonly connected: boolean;
  /** @returns false when it could not be handed to watch (no connection, or watch does not read) */
  send(message: Unversioned<ToWatch>): boolean;
  /** Lines that were not understood, since the start. */
  badLines(): number;
  close(): void;
}

/** An alert may carry much evidence; anything near this is no message of ours. */
const MAX_LINE_BYTES = 1024 * 1024;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
const MAX_UNSENT_BYTES = 64 * 1024;

/** Starts connecting at once; never throws. */
export function connectLink(path: string, handlers: LinkClientHandlers, log: Logger): LinkClient {
  let socket: Socket | null = null;
  let retry: NodeJS.Timeout | null = null;
  let retryMs = FIRST_RETRY_MS;
  let known: 'yes' | 'no' | 'not yet' = 'not yet';
  let badLines = 0;
  let closed = false;

  const dispatch = (message: FromWatch): void => {
    switch (message.type) {
      case 'measurement':
        return handlers.onMeasurement?.(message);
      case 'alert':
        return handlers.onAlert?.(message);
      case 'health':
        return handlers.onHealth?.(message);
    }
  };
  const take = (line: string) => {
    const read = readLine(fromWatch, line);
    if ('message' in read) {
      dispatch(read.message);
      return;
    }
    badLines += 1;
    if (badLines === 1) log.warn(`link: a line of watch was not understood (${read.fault})`);
  };
  const up = () => {
    known = 'yes';
    retryMs = FIRST_RETRY_MS;
    log.info('link: watch is there');
    handlers.onConnected?.();
  };
  const down = (reason: string) => {
    socket = null;
    if (closed) return;
    if (known !== 'no') {
      log.warn(`link: watch is not reached at ${path} (${reason}); tried again`);
      handlers.onLost?.(reason);
    }
    known = 'no';
    retry = setTimeout(open, retryMs);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  };
  const open = () => {
    const opened = connect(path);
    const splitter = createLineSplitter(MAX_LINE_BYTES);
    let reason = 'the connection was closed';
    socket = opened;
    opened.once('connect', up);
    opened.on('data', (chunk: Buffer) => {
      const lines = splitter.push(chunk);
      if (lines === null) opened.destroy(new Error('a line is too long'));
      else lines.forEach(take);
    });
    opened.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message));
    opened.once('close', () => down(reason));
  };

  open();
  return {
    get connected() {
      return known === 'yes';
    },
    send(message) {
      if (known !== 'yes' || socket === null || socket.writableLength > MAX_UNSENT_BYTES) return false;
      socket.write(lineOf(message));
      return true;
    },
    badLines: () => badLines,
    close() {
      closed = true;
      known = 'no';
      if (retry !== null) clearTimeout(retry);
      socket?.destroy();
    },
  };
}
