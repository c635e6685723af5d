/**
 * When to try again: full jitter, so that a fleet whose broker was restarted does not come back as one
 * wave. The n-th wait is drawn evenly from 0 to min(longest, first * 2^n)
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */

export interface Backoff {
  /**
   * The next wait [ms].
   * @param livedMs how long the connection before it lasted; 0 when there was none. One that outlived the
   *   waits around it has proved itself and the count begins anew; one that is thrown out right after its
   *   CONNACK (two vehicles of one name) has not, and waits ever longer.
   */
  next(livedMs: number): number;
}

/**
 * @param firstMs bound of the first wait
 * @param longestMs bound of every wait
 * @param random evenly in [0, 1)
 */
export function createBackoff(firstMs: number, longestMs: number, random: () => number): Backoff {
  let bound = Math.min(firstMs, longestMs);
  return {
    next(livedMs) {
      if (livedMs > 2 * bound) bound = Math.min(firstMs, longestMs);
      const waitMs = random() * bound;
      bound = Math.min(2 * bound, longestMs);
      return waitMs;
    },
  };
}
