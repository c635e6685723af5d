/** How the broker link does, told to watch over the local link: on each change, and now and then. */
import type { LinkUplink } from '../link/messages.ts';
import type { Connection } from './connection.ts';

type Status = Omit<LinkUplink, 'v' | 'type'>;

export interface StatusReportOptions {
  readonly send: (status: Status) => boolean;
  readonly connection: () => Connection | null;
  readonly fault: () => string | null;
  readonly depth: () => number;
  readonly configured: boolean;
}

export interface StatusReport {
  /** Called often. @param now tell even what is unchanged, and look at the depth */
  send(now: boolean): void;
}

/** Counting the outbox takes longer the fuller it is. */
const CALLS_BETWEEN_COUNTS = 10;

export function openStatusReport(options: StatusReportOptions): StatusReport {
  let told = '';
  let outboxDepth: number | null = null;
  let calls = 0;

  const count = () => {
    try {
      return options.depth();
    } catch {
      return null;
    }
  };
  return {
    send(now) {
      if (now || calls % CALLS_BETWEEN_COUNTS === 0) outboxDepth = count();
      calls += 1;
      const connection = options.connection();
      const status: Status = {
        configured: options.configured,
        connected: connection?.session != null,
        outboxDepth,
        lastError: (connection?.fault ?? options.fault())?.slice(0, 512) ?? null,
      };
      const text = JSON.stringify(status);
      if ((now || text !== told) && options.send(status)) told = text;
    },
  };
}
