/**
 * The role `can`: the vehicle's speed by OBD-II over SocketCAN, told to watch. A role of its own, for it is the
 * only one that needs the address family of CAN: no camera, no store, no other network.
 *
 * CAN -> obd -> link
 */
import type { Logger } from 'pino';
import type { ContextConfig } from '../config/schema.ts';
import { runObd, type ObdEnd } from '../hardware/context/obd.ts';
import { keepOpen, type DeviceRun, type RetryConfig } from './capture/keep-open.ts';
import type { Clock } from './clock.ts';
import { connectLink } from './link/client.ts';
import { openContextTeller } from './link/context-teller.ts';

export interface CanOptions {
  readonly config: Pick<ContextConfig, 'obd' | 'maxSpeedKmh'>;
  /** Path of watch's socket. */
  readonly link: string;
  readonly clock: Pick<Clock, 'monotonicMs' | 'state'>;
  readonly log: Logger;
  /** Ends the role. */
  readonly signal: AbortSignal;
  /** Left out = the waits of a vehicle. */
  readonly retry?: RetryConfig;
}

/** With the ignition off no control unit answers: it is asked again at this pace for ever. */
const RETRY: RetryConfig = { retryMinMs: 1000, retryMaxMs: 10_000, silentAfterMs: 5000 };

/** Runs until the signal aborts. Never rejects: an absent interface, vehicle or watch is waited for. */
export async function runCan(options: CanOptions): Promise<void> {
  const { config, log, signal, retry = RETRY } = options;
  let fault: string | null = null;
  const link = connectLink(options.link, {}, log);
  const teller = openContextTeller({
    source: 'obd',
    maxSpeedKmh: config.maxSpeedKmh,
    clock: options.clock,
    send: (message) => link.send(message),
    fault: () => fault,
  });
  const makeRun = (): DeviceRun<ObdEnd> => ({
    endless: true,
    run: (signs, inner) => runObd(config.obd, teller, () => signs.alive(), inner),
  });
  await keepOpen({
    makeRun,
    retry,
    signal,
    onHealth(health) {
      fault = health.state === 'ok' ? null : `OBD-II: ${health.reason}`;
      if (fault === null) log.info(`OBD-II on ${config.obd.interface} answers`);
      else log.warn(fault);
    },
  });
  teller.close();
  link.close();
}
