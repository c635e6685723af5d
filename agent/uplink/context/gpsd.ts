/**
 * Speed and position from gpsd, over TCP. Connects for ever; no fix, no receiver, silence and no gpsd are
 * faults of their own. In: the address. Out: readings about once a second.
 */
import { connect } from 'node:net';
import { keepOpen, type DeviceRun, type RetryConfig, type RunEnd } from '../../capture/keep-open.ts';
import type { ContextSource, ContextSourceHandlers } from '../../../hardware/context/context-source.ts';
import { createLineSplitter } from '../../link/line-splitter.ts';
import { readGpsdLine } from './gpsd-report.ts';

export interface GpsdOptions {
  readonly host: string;
  readonly port: number;
  /** Left out = the waits of a vehicle. */
  readonly retry?: RetryConfig;
}

const WATCH = '?WATCH={"enable":true,"json":true};\n';
/** SKY with many satellites takes a few kB; the protocol's own bound is 4096 characters a line, often passed. */
const MAX_LINE_BYTES = 64 * 1024;
/** gpsd tries the receiver's rates in turn, which takes up to a minute with an old one. */
const RETRY: RetryConfig = { retryMinMs: 1000, retryMaxMs: 30_000, silentAfterMs: 30_000 };

/** Begins to connect. Never throws. */
export function openGpsd(
  { host, port, retry = RETRY }: GpsdOptions,
  to: ContextSourceHandlers,
): ContextSource {
  const stop = new AbortController();
  const name = `gpsd at ${host}:${port}`;
  let fault: string | null = null;

  const makeRun = (): DeviceRun<RunEnd> => ({
    endless: true,
    run: (signs, signal) =>
      new Promise((resolve) => {
        const socket = connect(port, host);
        const splitter = createLineSplitter(MAX_LINE_BYTES);
        let reason = 'closed the connection';
        const abort = () => socket.destroy();
        const take = (line: string) => {
          const report = readGpsdLine(line);
          if (report.kind === 'reading') {
            signs.alive();
            to.onReading(report.reading);
          } else if (report.kind === 'fault') signs.alive(report.fault);
          else if (report.kind === 'unreadable') to.onUnreadable();
        };
        signal.addEventListener('abort', abort, { once: true });
        socket.once('connect', () => socket.write(WATCH));
        socket.on('data', (chunk: Buffer) => {
          const lines = splitter.push(chunk);
          if (lines !== null) lines.forEach(take);
          else socket.destroy(new Error('what answers is no gpsd: a line is too long'));
        });
        socket.on('error', (error: NodeJS.ErrnoException) => (reason = connectFault(error)));
        socket.once('close', () => {
          signal.removeEventListener('abort', abort);
          resolve(signal.aborted ? { kind: 'aborted' } : { kind: 'failed', reason });
        });
        if (signal.aborted) abort();
      }),
  });
  const over = keepOpen({
    makeRun,
    retry,
    signal: stop.signal,
    onHealth: (health) => (fault = health.state === 'ok' ? null : `${name}: ${health.reason}`),
  });
  return {
    get fault() {
      return fault;
    },
    async close() {
      stop.abort();
      await over;
    },
  };
}

function connectFault(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'nobody listens there';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'the name is not known';
  return error.code === undefined ? error.message : `it is not reached (${error.code})`;
}
