import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, type Timed } from '../../agent/capture/in-order.ts';

interface Item extends Timed {
  readonly name: string;
}

/** A stream in order that notes its end. */
function stream(name: string, times: readonly number[], onEnd: (name: string) => void = () => undefined) {
  return (async function* (): AsyncGenerator<Item, void> {
    try {
      for (const atMs of times) {
        await Promise.resolve();
        yield { name, atMs };
      }
    } finally {
      onEnd(name);
    }
  })();
}
async function readAll(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}
const merged = (first: readonly number[], second: readonly number[]): Promise<Item[]> =>
  readAll(inOrder(stream('a', first), stream('b', second)));
const names = (items: readonly Item[]): string =>
  items.map(({ name, atMs }) => name + String(atMs)).join(' ');

describe('two streams as one', () => {
  it('go by time, the first one first at equal times', async () => {
    expect(names(await merged([1, 3, 5, 5], [0, 3, 5, 9]))).toBe('b0 a1 a3 b3 a5 a5 b5 b9');
  });

  it('go on when one of them ends, or has nothing', async () => {
    expect(names(await merged([1, 2], [5, 6]))).toBe('a1 a2 b5 b6');
    expect(names(await merged([5, 6], [1]))).toBe('b1 a5 a6');
    expect(names(await merged([], [1, 2]))).toBe('b1 b2');
    expect(await merged([], [])).toEqual([]);
  });

  it('lose nothing, double nothing and never run backwards', async () => {
    const times = fc.array(fc.nat(30)).map((list) => list.toSorted((x, y) => x - y));
    await fc.assert(
      fc.asyncProperty(times, times, async (first, second) => {
        const items = await merged(first, second);
        const of = (wanted: string) => items.filter(({ name }) => name === wanted).map(({ atMs }) => atMs);
        expect(of('a')).toEqual(first);
        expect(of('b')).toEqual(second);
        expect(items.map(({ atMs }) => atMs)).toEqual([...first, ...second].toSorted((x, y) => x - y));
      }),
    );
  });

  it('both end when the reader leaves', async () => {
    const ended: string[] = [];
    const note = (name: string) => void ended.push(name);
    for await (const item of inOrder(stream('a', [1, 2], note), stream('b', [3], note))) {
      if (item.atMs === 1) break;
    }
    expect(ended.toSorted()).toEqual(['a', 'b']);
  });

  it('both end when one of them fails', async () => {
    const ended: string[] = [];
    const failing = async function* (): AsyncGenerator<Item, void> {
      yield { name: 'b', atMs: 0 };
      await Promise.reject(new Error('the decoder died'));
    };
    const reading = readAll(
      inOrder(
        stream('a', [1, 2], (name) => ended.push(name)),
        failing(),
      ),
    );
    await expect(reading).rejects.toThrow('the decoder died');
    expect(ended).toEqual(['a']);
  });
});
