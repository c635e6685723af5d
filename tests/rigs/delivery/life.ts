/**
 * Signs of life of the three roles, each by the work it is there for: watch sees a face, uplink reaches the
 * broker, the console serves its page.
 */
import { connect } from 'mqtt';
import { pino } from 'pino';
import { systemClock } from '../../../agent/clock.ts';
import { topicOf } from '../../../agent/contract/index.ts';
import { connectLink } from '../../../agent/link/client.ts';
import type { Role } from '../../../agent/supervise.ts';
import { DEVICE, type Vehicle } from './vehicle.ts';

export interface Life {
  /** When the role last did its work, monotonic [ms]; -Infinity before the first time. */
  lastSignMs(role: Role): number;
  /** Alerts that watch showed on the link so far: each was committed a moment before. */
  alerts(): number;
  close(): Promise<void>;
}

const ASK_PAGE_EVERY_MS = 300;

export function watchLife({ config }: Vehicle, brokerPort: number): Life {
  const { monotonicMs } = systemClock();
  const signs = new Map<Role, number>();
  const sign = (role: Role): void => void signs.set(role, monotonicMs());
  let alerts = 0;
  const link = connectLink(
    config.link.socket,
    {
      onMeasurement({ measures }) {
        if (measures.faceSeen) sign('watch');
      },
      onAlert: () => void (alerts += 1),
    },
    pino({ level: 'silent' }),
  );
  const client = connect(`mqtt://127.0.0.1:${brokerPort}`, { protocolVersion: 5, reconnectPeriod: 100 });
  client.on('error', () => undefined); // the rig kills the broker, too
  client.on('connect', () => void client.subscribe(topicOf(DEVICE, 'telemetry')));
  client.on('message', () => sign('uplink'));
  const askPage = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${config.console.port}/api/now`).catch(() => null);
    if (answer?.ok === true) sign('console');
    await answer?.body?.cancel();
  };
  const asking = setInterval(() => void askPage(), ASK_PAGE_EVERY_MS);
  return {
    lastSignMs: (role) => signs.get(role) ?? -Infinity,
    alerts: () => alerts,
    async close() {
      clearInterval(asking);
      link.close();
      await client.endAsync(true);
    },
  };
}
