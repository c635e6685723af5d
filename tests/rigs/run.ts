/**
 * Runs a rig's parts one after the other, so that none disturbs another's times.
 *
 * In:  the rig, what is asked of it.
 * Out: lines for people, the last of them `rig NAME: ok ...` or `rig NAME: failed ...`; the whole as data.
 */
import type { Part, PartResult, Rig, RigOptions } from './rig.ts';

export interface RigReport {
  readonly rig: string;
  readonly ok: boolean;
  readonly full: boolean;
  readonly seed: number;
  readonly seconds: number;
  readonly parts: Readonly<Record<string, PartResult & { readonly seconds: number }>>;
}

/** @param only name of the one part to run; it must exist */
export async function runRig(name: string, rig: Rig, options: RigOptions, only?: string): Promise<RigReport> {
  const startMs = performance.now();
  const parts: Record<string, PartResult & { seconds: number }> = {};
  for (const part of rig.parts.filter((one) => only === undefined || one.name === only)) {
    options.say(`${part.name}: ${part.shows}`);
    parts[part.name] = await runPart(part, options);
  }
  const ok = Object.values(parts).every(({ faults }) => faults.length === 0);
  const report = {
    rig: name,
    ok,
    full: options.full,
    seed: options.seed,
    seconds: secondsSince(startMs),
    parts,
  };
  options.say(verdict(report, only));
  return report;
}

async function runPart(part: Part, options: RigOptions): Promise<PartResult & { seconds: number }> {
  const startMs = performance.now();
  const result = await part.run(options).catch((error: unknown): PartResult => ({
    counts: {},
    faults: [error instanceof Error ? error.message : String(error)],
  }));
  const seconds = secondsSince(startMs);
  const counts = Object.entries(result.counts).map(([name, value]) => `  ${name}: ${value}`);
  const faults = result.faults.map((fault) => `  FAULT: ${fault}`);
  for (const line of [...counts, ...faults, `  took ${seconds} s`]) options.say(line);
  return { ...result, seconds };
}

function verdict({ rig, ok, full, seed, seconds, parts }: RigReport, only: string | undefined): string {
  const how = `${full ? 'full form, ' : ''}${only === undefined ? '' : `only ${only}, `}seed ${seed}, ${seconds} s`;
  const failed = Object.entries(parts).filter(([, { faults }]) => faults.length > 0);
  const count = Object.keys(parts).length;
  if (ok) return `rig ${rig}: ok, ${count} part(s): ${Object.keys(parts).join(', ')} (${how})`;
  const names = failed.map(([name, { faults }]) => `${name} (${faults.length} fault(s))`);
  return `rig ${rig}: failed, ${failed.length} of ${count} part(s): ${names.join(', ')} (${how})`;
}

const secondsSince = (startMs: number): number => Math.round((performance.now() - startMs) / 100) / 10;
