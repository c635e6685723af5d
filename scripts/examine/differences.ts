/** What was stored of an examination against the same made again. Output: one sentence for each difference. */
import type { Entry, Examined } from '../../models/examine/examined.ts';

/**
 * The same files on the same processor give the same numbers; another processor rounds otherwise, and then a few
 * answers in a thousand change.
 */
const ALLOWED = 0.01;

export function differences(stored: Examined | null, found: Examined): string[] {
  const { network } = found;
  if (stored === null) return [`${network} was never examined; add --write to store what was found`];
  const of = (on: string): Entry | undefined => stored.entries.find((entry) => entry.on === on);
  const missing = found.entries.filter(({ on }) => of(on) === undefined);
  return [
    ...missing.map(({ on }) => `${network}: nothing is stored of '${on}'`),
    ...found.entries.flatMap((entry) => {
      const before = of(entry.on);
      return before === undefined ? [] : entryDifferences(network, before, entry);
    }),
  ];
}

function entryDifferences(network: string, stored: Entry, found: Entry): string[] {
  const where = `${network}, ${found.on}`;
  if (stored.data.sha256 !== found.data.sha256) {
    return [`${where}: the data are not those that were examined (${found.n} rows now, ${stored.n} then)`];
  }
  return (['fp32', 'int8'] as const).flatMap((precision) => {
    const [then, now] = [stored[precision], found[precision]];
    if (then === undefined || now === undefined) return [];
    return (['accuracy', 'uar'] as const)
      .filter((measure) => Math.abs(then[measure] - now[measure]) > ALLOWED)
      .map(
        (measure) =>
          `${where}, ${precision}: ${measure} ${then[measure]} is stored, ${now[measure]} is found`,
      );
  });
}
