/**
 * Voice activity: Silero VAD v5, frame by frame (models/manifest.ts has its ports).
 * In:  mono samples at 16 kHz, in order. Out: the probability of speech of each whole frame of 32 ms.
 */
import { floatsOf, type Network } from '../../models/engines/engine.ts';

/** Samples of one frame: the network takes no other length at 16 kHz. */
export const VAD_FRAME = 512;
/** Samples of the frame before that the network wants in front of the new ones. */
const CONTEXT = 64;
const SAMPLE_RATE_HZ = 16_000;
export const VAD_FRAME_MS = (VAD_FRAME * 1000) / SAMPLE_RATE_HZ;

export interface Vad {
  /** Probabilities of the frames that these samples complete; a rest waits for the next call. */
  hear(samples: Float32Array): Promise<number[]>;
  /** The sound begins anew: nothing of what was heard counts. */
  reset(): void;
}

/** @param network `silero-vad` */
export function createVad(network: Network): Vad {
  const input = new Float32Array(CONTEXT + VAD_FRAME);
  const feeds = {
    input: { data: input, dims: [1, CONTEXT + VAD_FRAME] },
    state: { data: new Float32Array(2 * 128), dims: [2, 1, 128] },
    sr: { data: BigInt64Array.of(BigInt(SAMPLE_RATE_HZ)), dims: [] },
  };
  let filled = 0;

  const runFrame = async (): Promise<number> => {
    const outputs = await network.run(feeds);
    feeds.state.data.set(floatsOf(outputs, 'stateN'));
    input.copyWithin(0, VAD_FRAME);
    filled = 0;
    return floatsOf(outputs, 'output')[0]!;
  };
  return {
    async hear(samples) {
      const probabilities: number[] = [];
      for (let from = 0; from < samples.length;) {
        const part = samples.subarray(from, from + VAD_FRAME - filled);
        input.set(part, CONTEXT + filled);
        filled += part.length;
        from += part.length;
        if (filled === VAD_FRAME) probabilities.push(await runFrame());
      }
      return probabilities;
    },
    reset() {
      input.fill(0);
      feeds.state.data.fill(0);
      filled = 0;
    },
  };
}
