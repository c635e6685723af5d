/**
 * A line of gpsd's JSON protocol (https://gpsd.gitlab.io/gpsd/gpsd_json.html, tried with 3.22): speed in m/s
 * becomes km/h. In: one line, untrusted. Out: a reading, a fault, nothing of ours, or unreadable.
 */
import { z } from 'zod';
import type { Reading } from '../../../hardware/context/context-source.ts';

export type GpsdReport =
  | { readonly kind: 'reading'; readonly reading: Reading }
  /** gpsd is there and cannot help: one sentence's end. */
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable' };

/** Time, position, velocity. `mode`: 0 and 1 no fix, 2 without and 3 with altitude. */
const tpv = z.object({
  class: z.literal('TPV'),
  mode: z.number().int().min(0).max(3),
  /** [m/s] */
  speed: z.number().optional(),
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
  /** Estimated horizontal error [m]. */
  eph: z.number().min(0).optional().catch(undefined),
});
const devices = z.object({ class: z.literal('DEVICES'), devices: z.array(z.unknown()) });
const FIX = 2;
const KMH_PER_MPS = 3.6;

/** Never throws. */
export function readGpsdLine(line: string): GpsdReport {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    return { kind: 'unreadable' };
  }
  const kind = (content as { class?: unknown } | null)?.class;
  if (kind === 'TPV') return readFix(content);
  if (kind === 'DEVICES' && devices.safeParse(content).data?.devices.length === 0)
    return { kind: 'fault', fault: 'knows no receiver' };
  return { kind: 'other' };
}

function readFix(content: unknown): GpsdReport {
  const fix = tpv.safeParse(content).data;
  if (fix === undefined) return { kind: 'unreadable' };
  if (fix.mode < FIX) return { kind: 'fault', fault: 'has no fix' };
  const { speed, lat, lon, eph = null } = fix;
  return {
    kind: 'reading',
    reading: {
      // Two decimals are finer than any receiver.
      ...(speed === undefined ? {} : { speedKmh: Math.round(speed * KMH_PER_MPS * 100) / 100 }),
      ...(lat === undefined || lon === undefined
        ? {}
        : { position: { latitudeDeg: lat, longitudeDeg: lon, accuracyM: eph } }),
    },
  };
}
