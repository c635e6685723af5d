/**
 * What is heard in a window of sound: speech or not, how loud, clipped, with holes.
 *
 * Windows overlap; each frame of sound is run through the voice activity detector once, and its
 * probability is kept as long as a window can reach back.
 */
import type { AudioWindow } from '../capture/audio-window.ts';
import type { VoiceAffect } from './affect.ts';
import { clippedShare, levelDbfs } from './level.ts';
import type { VoiceSeen } from './observation.ts';
import { VAD_FRAME, VAD_FRAME_MS, type Vad } from './vad.ts';

export interface VoiceOptions {
  /** Probability from which a frame is speech. */
  readonly vadThreshold: number;
  /** Absolute sample value that counts as clipped. */
  readonly clippedAt: number;
  /** Reads what a voice expresses where there is speech enough; left out or `null` = nothing does. */
  readonly affect?: VoiceAffect | null;
  /** Share of speech from which a window is read; below it silence and noise express nothing. */
  readonly affectSpeechShare: number;
}

export interface Voice {
  /** Windows of one stream, in order. */
  hear(window: AudioWindow): Promise<VoiceSeen>;
}

interface HeardFrame {
  readonly endMs: number;
  readonly speech: boolean;
}

/** A hole that a time base following its clock does not explain [ms]. */
const JUMP_MS = 100;

export function createVoice(vad: Vad, options: VoiceOptions): Voice {
  let heard: HeardFrame[] = [];
  /** Until when the detector has heard the stream [ms]; `null` before the first window. */
  let untilMs: number | null = null;
  /** Sound that the detector holds back until its frame is whole [samples]. */
  let heldSamples = 0;

  const fresh = (window: AudioWindow): Float32Array => {
    const { samples, sampleRateHz, atMs, windowMs } = window;
    const jumped =
      untilMs === null || window.gap || untilMs < atMs - windowMs - JUMP_MS || untilMs > atMs + JUMP_MS;
    if (jumped) {
      vad.reset();
      heard = [];
      heldSamples = 0;
      return samples;
    }
    const count = Math.round(((atMs - (untilMs ?? 0)) * sampleRateHz) / 1000);
    return samples.subarray(Math.max(0, samples.length - Math.max(0, count)));
  };
  return {
    async hear(window) {
      const { samples, sampleRateHz, atMs, windowMs, gap } = window;
      const unheard = fresh(window);
      const startMs = atMs - (unheard.length * 1000) / sampleRateHz - (heldSamples * 1000) / sampleRateHz;
      const probabilities = await vad.hear(unheard);
      heldSamples = Math.max(0, heldSamples + unheard.length - probabilities.length * VAD_FRAME);
      untilMs = atMs;
      heard.push(
        ...probabilities.map((probability, index) => ({
          endMs: startMs + (index + 1) * VAD_FRAME_MS,
          speech: probability >= options.vadThreshold,
        })),
      );
      heard = heard.filter((frame) => frame.endMs > atMs - windowMs);
      const speechShare = heard.filter((frame) => frame.speech).length / Math.max(1, heard.length);
      const isRead = speechShare >= options.affectSpeechShare && !gap;
      const affect = isRead ? ((await options.affect?.read(window)) ?? null) : null;
      return {
        kind: 'voice-seen',
        atMs,
        windowMs,
        speechShare,
        levelDbfs: levelDbfs(samples),
        clippedShare: clippedShare(samples, options.clippedAt),
        gap,
        ...(affect === null ? {} : { affect }),
      };
    },
  };
}
