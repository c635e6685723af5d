/**
 * The perceive worker: all networks of the watch role run in this thread, one inference at a time.
 *
 * In (messages): a slot number with its frame's facts, or a window of sound. Pixels are read where the
 * camera wrote them, in the shared ring. Out: the observation, or why there is none.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngines } from '../../models/engines/load.ts';
import type { ModelsConfig, PerceiveConfig } from '../../config/schema.ts';
import type { FrameMeta } from '../../hardware/camera/camera.ts';
import type { AudioWindow } from '../capture/audio-window.ts';
import { slotBytesOf } from '../capture/frame-ring.ts';
import type { FaceSeen, NoFace, VoiceSeen } from './observation.ts';
import { loadAffect } from './load-affect.ts';
import { loadStates } from './load-states.ts';
import { createNetworkOpener } from './network-opener.ts';
import type { NetworkVersions } from './network-opener.ts';
import { createPerceiver } from './perceiver.ts';
import { createVad } from './vad.ts';
import { createVoice } from './voice.ts';

/** What the worker is started with. */
export interface WorkerStart {
  readonly ring: { readonly buffer: SharedArrayBuffer; readonly slotBytes: number; readonly slots: number };
  readonly models: ModelsConfig;
  readonly perceive: PerceiveConfig;
  readonly clippedAt: number;
}

export type WorkerRequest =
  | { readonly id: number; readonly frame: { readonly slot: number; readonly meta: FrameMeta } }
  | { readonly id: number; readonly window: AudioWindow };

/** What the worker works with. */
export interface LoadedNetworks {
  readonly versions: NetworkVersions;
  /** What the licence or the settings leave out, a sentence each. */
  readonly switchedOff: readonly string[];
}

export type WorkerReply =
  | { readonly ready: true; readonly loaded: LoadedNetworks }
  | { readonly startFault: string }
  | { readonly id: number; readonly seen: FaceSeen | NoFace | VoiceSeen }
  | { readonly id: number; readonly fault: string };

async function start(port: NonNullable<typeof parentPort>): Promise<void> {
  const { ring, models, perceive, clippedAt } = workerData as WorkerStart;
  const engines = createEngines(models);
  const opener = createNetworkOpener(models, engines);
  const files = { blazeface: await opener.file('blazeface'), 'face-mesh': await opener.file('face-mesh') };
  const vad = createVad(await opener.open('silero-vad'));
  const affect = await loadAffect(perceive, opener);
  const states = await loadStates(perceive, opener);
  const engine = engines.onnx;
  const perceiver = await createPerceiver({ engine, files, config: perceive, affect: affect.face, states });
  const { vadThreshold, affectSpeechShare } = perceive;
  const voice = createVoice(vad, { vadThreshold, clippedAt, affect: affect.voice, affectSpeechShare });
  const slots = Array.from({ length: ring.slots }, (_, slot) =>
    slotBytesOf(ring.buffer, ring.slotBytes, slot),
  );

  const answer = (request: WorkerRequest): Promise<FaceSeen | NoFace | VoiceSeen> => {
    if ('window' in request) return voice.hear(request.window);
    const { slot, meta } = request.frame;
    return perceiver.face({ ...meta, pixels: slots[slot]! }, meta.atMs);
  };
  // One after the other, in the order of asking: the tracked face is carried from frame to frame.
  let last = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    last = last.then(async () => {
      try {
        port.postMessage({ id: request.id, seen: await answer(request) } satisfies WorkerReply);
      } catch (error) {
        port.postMessage({ id: request.id, fault: (error as Error).message } satisfies WorkerReply);
      }
    });
  });
  port.postMessage({
    ready: true,
    loaded: { versions: opener.versions(), switchedOff: [...states.switchedOff, ...affect.switchedOff] },
  } satisfies WorkerReply);
}

if (parentPort !== null) {
  const port = parentPort;
  start(port).catch((error: unknown) =>
    port.postMessage({ startFault: (error as Error).message } satisfies WorkerReply),
  );
}
