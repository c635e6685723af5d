/**
 * Two recorded streams as one, in the order of their times: what makes a replay the same every time,
 * however the decoders of picture and sound are scheduled.
 */

/** Anything with a time on the common clock [ms]. */
export interface Timed {
  readonly atMs: number;
}

/** Merges two streams that are each in order; at equal times the first one's item comes first. */
export async function* inOrder<A extends Timed, B extends Timed>(
  first: AsyncIterable<A>,
  second: AsyncIterable<B>,
): AsyncGenerator<A | B, void> {
  const a = first[Symbol.asyncIterator]();
  const b = second[Symbol.asyncIterator]();
  try {
    let nextA = await a.next();
    let nextB = await b.next();
    while (nextA.done !== true || nextB.done !== true) {
      if (nextB.done === true || (nextA.done !== true && nextA.value.atMs <= nextB.value.atMs)) {
        yield nextA.value as A;
        nextA = await a.next();
      } else {
        yield nextB.value;
        nextB = await b.next();
      }
    }
  } finally {
    // Not waited for: a stream that waits for its next item ends only when its own signal says so.
    void a.return?.();
    void b.return?.();
  }
}
