/** The shipped networks against their stored scores: a few hundred test samples each, where the data are. */
import { describe, expect, it } from 'vitest';
import { isByChance } from '../../models/examine/chance.ts';
import { readStored } from '../../models/examine/stored.ts';
import { OURS } from '../../models/examine/table.ts';
import { hasWeights } from '../../models/network-file.ts';
import type { Reader } from '../../scripts/examine/examination.ts';
import { createSampleReader, rescore } from '../../scripts/examine/rescore.ts';
import { whyNoData } from '../../scripts/examine/test-data.ts';

const COUNT = 300;
const shipped = OURS.filter((name) => hasWeights(name));
const why = whyNoData();
if (why !== null) console.log(`the networks are not scored again: ${why}`);

describe.each(shipped)('%s', (name) => {
  it('has scores, an INT8 file and an examination that belong to the files that lie there', () => {
    expect(readStored(name).faults).toEqual([]);
  });
});

// Half a minute of computing in all, on a machine that may be busy.
describe.skipIf(why !== null)(`${COUNT} test samples`, { timeout: 300_000 }, () => {
  const reader = createSampleReader(COUNT);
  it.each(shipped)(
    '%s answers as many rightly as its stored score promises, but for chance',
    async (name) => {
      const { on, n, right, share } = await rescore(name, reader);
      const said = `${name} on ${on}: ${right} of ${n} right, stored is ${share}`;
      expect(n, said).toBeGreaterThan(200);
      expect(isByChance(right, n, share), said).toBe(true);
    },
  );

  it('would find that face-emotion sees its pictures upside down', async () => {
    const upsideDown: Reader = async (name, exam) => {
      const read = await reader(name, exam);
      const inputs = read.inputs.map((input) =>
        input.kind === 'crop'
          ? { ...input, crop: { ...input.crop, pixels: input.crop.pixels.toReversed() } }
          : input,
      );
      return { ...read, inputs };
    };
    const { n, right, share } = await rescore('face-emotion', upsideDown);
    expect(isByChance(right, n, share)).toBe(false);
  });
});
