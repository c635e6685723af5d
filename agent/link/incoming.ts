/**
 * What comes in to watch over one connection: untrusted. Lines are bounded in length, checked, and taken
 * at a bounded rate: whoever sends more waits at its own end, so no peer can keep watch from its work.
 *
 * A bad line is counted and skipped; a line that is too long, or too many bad ones, ends the connection.
 */
import type { Socket } from 'node:net';
import { createLineSplitter } from './line-splitter.ts';
import { readLine, toWatch, type ToWatch } from './messages.ts';

/** The longest message to watch (`uplink` with its sentence) stays below 1 kB. */
const MAX_LINE_BYTES = 4096;
/** Speed comes at 1-10 Hz, everything else less often. */
const LINES_PER_SECOND = 200;
/** A peer of another release sends some; one that sends only those does not speak our language. */
const MAX_BAD_LINES = 100;

export interface IncomingHandlers {
  onMessage(message: ToWatch): void;
  /** @param fault one sentence; @param fatal the connection is about to be closed for it */
  onBadLine(fault: string, fatal: boolean): void;
}

/** Reads a connection until it closes. */
export function takeIncoming(socket: Socket, handlers: IncomingHandlers): void {
  const splitter = createLineSplitter(MAX_LINE_BYTES);
  let waiting: string[] = [];
  let budget = LINES_PER_SECOND;
  let badLines = 0;

  const bad = (fault: string, fatal: boolean) => {
    handlers.onBadLine(fault, fatal);
    if (fatal) socket.destroy();
  };
  const take = (line: string) => {
    const read = readLine(toWatch, line);
    if ('message' in read) {
      handlers.onMessage(read.message);
      return;
    }
    badLines += 1;
    bad(read.fault, badLines >= MAX_BAD_LINES);
  };
  const work = () => {
    const now = waiting.slice(0, budget);
    waiting = waiting.slice(budget);
    budget -= now.length;
    for (const line of now) {
      if (socket.destroyed) return;
      take(line);
    }
    if (waiting.length > 0) socket.pause();
    else socket.resume();
  };
  const refill = setInterval(() => {
    budget = LINES_PER_SECOND;
    if (waiting.length > 0) work();
  }, 1000);

  socket.on('data', (chunk: Buffer) => {
    const lines = splitter.push(chunk);
    if (lines === null) {
      bad(`a line is longer than ${MAX_LINE_BYTES} bytes`, true);
      return;
    }
    waiting = waiting.concat(lines);
    work();
  });
  socket.once('close', () => clearInterval(refill));
}
