/** What every microphone driver must keep of the contract in hardware/microphone/microphone.ts. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Microphone, MicrophoneEnd } from '../../hardware/microphone/microphone.ts';
import { MicrophoneError } from '../../hardware/microphone/microphone.ts';
import { children, openPipes } from '../hardware/media.ts';

/** Sources for one driver. */
export interface MicrophoneUnderTest {
  /** A ramp: sample n is `n / samples`. */
  readonly ramp: () => Microphone;
  readonly samples: number;
  /** How the ramp ends; a device never `finishes`. */
  readonly ending: Omit<MicrophoneEnd, 'samples'>;
  /** A source that goes on for longer than any test. */
  readonly unending: () => Microphone;
  /** A source without any sound, which is all right. */
  readonly silent: () => Microphone;
  /** A source that cannot be read, and what is said of it. */
  readonly broken: () => Microphone;
  readonly complaint: RegExp;
}

/** Runs the suite; `source` is called once a test. */
export function microphoneContract(name: string, source: () => MicrophoneUnderTest): void {
  describe(`microphone contract: ${name}`, () => {
    it('delivers every sample once and in order', async () => {
      const { ramp, samples, ending } = source();
      const { sound, end } = await listen(ramp());
      expect(end).toEqual({ ...ending, samples });
      expect(sound.length).toBe(samples);
      const worst = sound.reduce((most, value, n) => Math.max(most, Math.abs(value - n / samples)), 0);
      expect(worst).toBeLessThan(1e-4); // 16 bits
    });

    it('gives each chunk the time of its first sample, without holes or overlaps', async () => {
      const { chunks } = await listen(source().ramp());
      let endMs = chunks[0]?.atMs ?? Number.NaN;
      for (const { atMs, length } of chunks) {
        expect(atMs).toBeCloseTo(endMs, 1);
        endMs = atMs + length / 16;
      }
    });

    it('waits for a slow taker and loses nothing', async () => {
      const { ramp, samples } = source();
      const { sound } = await listen(ramp(), () => pause(4));
      expect(sound.length).toBe(samples);
    });

    it('says that there is sound, and at which rate', async () => {
      expect(await source().ramp().open(never())).toEqual({ kind: 'sound', sampleRateHz: 16_000 });
    });

    it('takes a source without sound as a value', async () => {
      const found = await source().silent().open(never());
      expect(found.kind).toBe('silent');
    });

    it('ends on the signal and hands over nothing after it', async () => {
      const stop = new AbortController();
      const microphone = source().unending();
      await microphone.open(stop.signal);
      let taken = 0;
      const end = await microphone.chunks((chunk) => {
        taken += chunk.samples.length;
        if (taken >= 1000) stop.abort();
      }, stop.signal);
      expect(end).toEqual({ kind: 'aborted', samples: taken });
      expect(taken).toBeLessThan(2000);
    });

    it('ends at once when the signal came before', async () => {
      const microphone = source().unending();
      await microphone.open(never());
      const end = await microphone.chunks(() => expect.unreachable('no chunk'), AbortSignal.abort());
      expect(end).toEqual({ kind: 'aborted', samples: 0 });
    });

    it('leaves no process, no zombie and no descriptor, however it ends', async () => {
      const { ramp, unending, broken } = source();
      await listen(ramp());
      const before = openPipes();
      for (const make of [ramp, broken]) await listen(make()).catch(() => undefined);
      for (const afterMs of [0, 30, 200]) {
        const stop = new AbortController();
        const microphone = unending();
        await microphone.open(stop.signal);
        const running = microphone.chunks(() => undefined, stop.signal);
        await pause(afterMs);
        stop.abort();
        await running;
      }
      // The event loop may close the last descriptor a turn later.
      await vi.waitFor(() => expect([children(), openPipes()]).toEqual([[], before]));
    });

    it('says in one sentence why a source cannot be read', async () => {
      const { broken, complaint } = source();
      const reason = await listen(broken()).then(
        ({ end }) => (end.kind === 'failed' ? end.reason : `no failure: ${JSON.stringify(end)}`),
        (error: unknown) => (error instanceof MicrophoneError ? error.message : String(error)),
      );
      expect(reason).toMatch(complaint);
      expect(reason).not.toContain('\n');
    });
  });
}

function never(): AbortSignal {
  return new AbortController().signal;
}

interface Heard {
  readonly sound: Float32Array;
  readonly chunks: readonly { readonly atMs: number; readonly length: number }[];
  readonly end: MicrophoneEnd;
}

async function listen(microphone: Microphone, wait?: () => Promise<unknown>): Promise<Heard> {
  await microphone.open(never());
  const parts: number[] = [];
  const chunks: { atMs: number; length: number }[] = [];
  const end = await microphone.chunks(async ({ samples, atMs }) => {
    await wait?.();
    parts.push(...samples); // after the wait: the chunk must still be ours
    chunks.push({ atMs, length: samples.length });
  }, never());
  return { sound: Float32Array.from(parts), chunks, end };
}
