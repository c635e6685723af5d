/**
 * Watch's end of the local socket: measurements, alerts and health out to every reader; context,
 * acknowledgements, trip marks and the uplink's state in.
 *
 * Lifecycle: `startLinkServer` -> `publish` any number of times -> `close`. Nothing here waits for a
 * reader: one that is slow loses measurements, one that is hopeless loses its connection (the uplink then
 * reconnects and reads the alerts from the store, so none is lost by it).
 */
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { takeIncoming } from './incoming.ts';
import { listenAt } from './listen.ts';
import {
  lineOf,
  type FromWatch,
  type LinkAck,
  type LinkContext,
  type LinkTrip,
  type LinkUplink,
  type ToWatch,
  type Unversioned,
} from './messages.ts';

/** Called for each checked message, on watch's main thread: must return at once. */
export interface LinkServerHandlers {
  onContext(message: LinkContext): void;
  onAck(message: LinkAck): void;
  onTrip(message: LinkTrip): void;
  onUplink(message: LinkUplink): void;
}

/** Counts since the start. */
export interface LinkServerStats {
  readonly readers: number;
  /** Lines that were not a message. */
  readonly badLines: number;
  /** Measurements not written to a slow reader. */
  readonly measurementsDropped: number;
  /** Connections closed because the reader was too slow for alerts, or too many had come. */
  readonly readersClosed: number;
}

export interface LinkServer {
  /** Writes to every reader; never waits. */
  publish(message: Unversioned<FromWatch>): void;
  stats(): LinkServerStats;
  close(): Promise<void>;
}

/** Uplink, console and a person looking on; more is a fault. */
const MAX_READERS = 16;
/** Some 6 s of measurements (about 1 kB each at 10 Hz): further ones are stale before they are read. */
const SLOW_BYTES = 64 * 1024;
/** Hundreds of alerts unread. */
const HOPELESS_BYTES = 1024 * 1024;
/**
 * Listens at `path` (mode 0660). A socket file left by a watch that died is removed; one that somebody
 * listens at is not.
 * @throws Error in one sentence when the path cannot be used or another watch listens there
 */
export async function startLinkServer(
  path: string,
  handlers: LinkServerHandlers,
  log: Logger,
): Promise<LinkServer> {
  const readers = new Set<Socket>();
  const counts = { badLines: 0, measurementsDropped: 0, readersClosed: 0 };
  let lastHealth: string | null = null;

  const dispatch = (message: ToWatch): void => {
    switch (message.type) {
      case 'context':
        handlers.onContext(message);
        break;
      case 'ack':
        handlers.onAck(message);
        break;
      case 'trip':
        handlers.onTrip(message);
        break;
      case 'uplink':
        handlers.onUplink(message);
        break;
    }
  };
  const welcome = (socket: Socket) => {
    if (readers.size >= MAX_READERS) {
      turnAway(socket, `link: more than ${MAX_READERS} readers`);
      return;
    }
    let complained = false;
    readers.add(socket);
    socket.once('close', () => readers.delete(socket));
    // EPIPE and ECONNRESET: the reader went; `close` follows.
    socket.on('error', () => undefined);
    takeIncoming(socket, {
      onMessage: dispatch,
      onBadLine(fault, fatal) {
        counts.badLines += 1;
        if (fatal || !complained)
          log.warn(`link: a line was not understood (${fault})${fatal ? '; the connection is closed' : ''}`);
        complained = true;
      },
    });
    if (lastHealth !== null) socket.write(lastHealth);
  };
  const turnAway = (socket: Socket, why: string) => {
    counts.readersClosed += 1;
    log.warn(`${why}; a connection is closed`);
    socket.on('error', () => undefined);
    socket.destroy();
  };
  const write = (socket: Socket, line: string, droppable: boolean) => {
    if (droppable && socket.writableLength > SLOW_BYTES) {
      counts.measurementsDropped += 1;
    } else if (socket.writableLength > HOPELESS_BYTES) {
      turnAway(socket, 'link: a reader does not read');
    } else {
      socket.write(line);
    }
  };

  const server = await listenAt(path, welcome);
  return {
    publish(message) {
      const line = lineOf(message);
      if (message.type === 'health') lastHealth = line;
      for (const socket of readers) write(socket, line, message.type === 'measurement');
    },
    stats: () => ({ readers: readers.size, ...counts }),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of readers) socket.destroy();
      return closed;
    },
  };
}
