/**
 * Condition of the device, passed on from watch to the broker: the newest one, at most one a second. While
 * watch itself is not there, that is the condition.
 */
import { topicOf, TOPICS, type HealthMessage } from '../contract/index.ts';
import type { LinkHealth } from '../link/messages.ts';
import { headingNow, type Speaker } from './heading.ts';
import type { Session } from './session.ts';

type Condition = Pick<HealthMessage, 'status' | 'parts' | 'counters'>;

export interface HealthRelay {
  take(health: LinkHealth): void;
  /** Watch is not there. */
  watchLost(): void;
  begin(session: Session): void;
  end(): void;
  /** Called a few times a second. */
  tick(): void;
}

const LEAST_DISTANCE_MS = 1000;

/** @param tripId the trip that was last told */
export function createHealthRelay(speaker: Speaker, tripId: () => string | null): HealthRelay {
  const topic = topicOf(speaker.deviceId, 'health');
  const { monotonicMs } = speaker.clock;
  let newest: Condition | null = null;
  let told = true;
  let underWay = false;
  let session: Session | null = null;
  let toldAtMs = -Infinity;

  const set = (condition: Condition) => {
    newest = condition;
    told = false;
  };
  return {
    take: ({ status, parts, counters }) => set({ status, parts, counters }),
    watchLost() {
      const reason = 'the watching role is not reached';
      set({ status: 'failed', parts: { watch: { status: 'failed', reason } }, counters: {} });
    },
    begin(opened) {
      session = opened;
      told = false;
    },
    end: () => void (session = null),
    tick() {
      if (session === null || newest === null || told || underWay) return;
      if (monotonicMs() - toldAtMs < LEAST_DISTANCE_MS) return;
      told = true;
      underWay = true;
      toldAtMs = monotonicMs();
      const message: HealthMessage = { ...headingNow(speaker, tripId()), ...newest };
      session
        .publish(topic, JSON.stringify(message), { qos: TOPICS.health.publishQos })
        .catch(() => (told = false))
        .finally(() => (underWay = false));
    },
  };
}
