/**
 * Measures of driver and device, every `telemetryEveryMs`. Sent at once while there is a connection; kept
 * in memory, bounded, while there is none, and spilled to the store in few large batches (each write wears
 * the card). What waited is sent later as history, one at a time, so that it never holds up an alert.
 */
import type { Logger } from 'pino';
import { topicOf, TOPICS, type DriverMeasures, type TelemetryMessage } from '../contract/index.ts';
import type { LinkMeasurement } from '../link/messages.ts';
import type { Store } from '../store/store.ts';
import { correctedWallTime } from './corrected-time.ts';
import type { DeviceLoad } from './device.ts';
import { headingNow, type Speaker } from './heading.ts';
import type { Session } from './session.ts';

export interface TelemetryOptions {
  readonly speaker: Speaker;
  readonly store: Pick<Store, 'depth' | 'spillTelemetry' | 'takeTelemetry'>;
  readonly expiryS: number;
  readonly spillEveryMs: number;
  /** What watch measures now; `null` while it is not reached. */
  readonly measurement: () => LinkMeasurement | null;
  readonly tripId: () => string | null;
  readonly profile: 'fleet' | 'research';
  readonly load: () => Promise<DeviceLoad>;
  readonly log: Logger;
}

export interface Telemetry {
  begin(session: Session): void;
  end(): void;
  /** Takes one sample and sends or keeps it. Called at a steady rate. Never rejects. */
  sample(): Promise<void>;
  /** Hands what is in memory to the store. */
  close(): void;
}

/** Some 2 MB; reached only when the store does not take them. */
const MAX_IN_MEMORY = 2000;
/** Read from the store at once when the connection is back. */
const BATCH = 50;

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { speaker, store, log } = options;
  const topic = topicOf(speaker.deviceId, 'telemetry');
  let kept: TelemetryMessage[] = [];
  let session: Session | null = null;
  let spilledAtMs = speaker.clock.monotonicMs();
  let sampling = false;

  const publish = (on: Session, message: TelemetryMessage) =>
    on.publish(topic, JSON.stringify(message), {
      qos: TOPICS.telemetry.publishQos,
      expiryS: options.expiryS,
    });
  const keep = (messages: readonly TelemetryMessage[]) => {
    kept = [...kept, ...messages].slice(-MAX_IN_MEMORY);
  };
  const spill = () => {
    spilledAtMs = speaker.clock.monotonicMs();
    try {
      store.spillTelemetry(kept);
      kept = [];
    } catch (error) {
      log.warn(`telemetry stays in memory: ${(error as Error).message}`);
    }
  };
  const sendOrKeep = async (message: TelemetryMessage) => {
    const on = session;
    if (on !== null) {
      const sent = await publish(on, message).then(
        () => true,
        () => false,
      );
      if (sent) return;
    }
    keep([message]);
    if (speaker.clock.monotonicMs() - spilledAtMs >= options.spillEveryMs) spill();
  };
  /** Oldest first: what the store has, then what is in memory. Stops when the session ends. */
  const replay = async (on: Session) => {
    for (;;) {
      const stored = store.takeTelemetry(BATCH);
      const batch = stored.length > 0 ? stored : kept.splice(0, BATCH);
      if (batch.length === 0) return;
      for (const [index, message] of batch.entries()) {
        try {
          await publish(on, asHistory(message, speaker.clock));
        } catch {
          kept = [...batch.slice(index), ...kept];
          return;
        }
      }
    }
  };

  return {
    begin(opened) {
      session = opened;
      replay(opened).catch((error: unknown) =>
        log.warn(`telemetry that waited: ${(error as Error).message}`),
      );
    },
    end() {
      session = null;
      spilledAtMs = speaker.clock.monotonicMs();
    },
    async sample() {
      if (sampling) return;
      sampling = true;
      try {
        await sendOrKeep(await compose(options));
      } catch (error) {
        log.warn(`telemetry: ${(error as Error).message}`);
      } finally {
        sampling = false;
      }
    },
    close() {
      session = null;
      if (kept.length > 0) spill();
    },
  };
}

function asHistory(message: TelemetryMessage, clock: Speaker['clock']): TelemetryMessage {
  const wallTimeCorrected = correctedWallTime(message, clock);
  return { ...message, historical: true, ...(wallTimeCorrected === null ? {} : { wallTimeCorrected }) };
}

async function compose({
  speaker,
  store,
  measurement,
  tripId,
  profile,
  load,
}: TelemetryOptions): Promise<TelemetryMessage> {
  const { cpuPercent, temperatureC } = await load();
  const seen = measurement();
  return {
    ...headingNow(speaker, tripId()),
    capturedAtMs: seen?.measures.atMs ?? speaker.clock.monotonicMs(),
    driver: seen === null ? null : driverOf(seen, profile),
    device: {
      fps: seen?.measures.fps ?? null,
      framesDropped: seen?.framesDropped ?? null,
      cpuPercent,
      temperatureC,
      memoryMb: seen === null ? null : Math.round(seen.memoryMb + process.memoryUsage.rss() / 1e6),
      outboxDepth: store.depth(),
    },
    speedKmh: seen?.speedKmh ?? null,
    position: seen?.position ?? null,
    historical: false,
  };
}

function driverOf(
  { measures, affect }: LinkMeasurement,
  profile: TelemetryOptions['profile'],
): DriverMeasures {
  return {
    level: measures.level,
    faceSeen: measures.faceSeen,
    eyesSeen: measures.eyesSeen,
    perclos60: measures.perclos60,
    perclos60Fill: measures.perclos60Fill,
    perclos180: measures.perclos180,
    perclos180Fill: measures.perclos180Fill,
    kssEstimate: measures.kssEstimate,
    kssConfidence: measures.kssConfidence,
    blinksPerMinute: measures.blinksPerMinute,
    meanBlinkMs: measures.meanBlinkMs,
    yawDeg: measures.yawDeg,
    pitchDeg: measures.pitchDeg,
    rollDeg: measures.rollDeg,
    speech: measures.speech,
    calibration: measures.calibration,
    // Watch does not tell in the profile fleet; this is the second lock on the same door.
    affect: profile === 'research' ? affect : null,
  };
}
