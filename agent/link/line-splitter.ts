/**
 * Bytes from a socket, cut at newlines. In: chunks of any size. Out: complete lines, in order, as text
 * (bytes that are not UTF-8 become replacement signs and fail at the schema).
 */

const NEWLINE = 0x0a;

/** What has arrived and is not yet a line never takes more than `maxLineBytes` and one chunk. */
export interface LineSplitter {
  /** @returns the lines that are complete now, or `null` when one is longer than allowed */
  push(chunk: Buffer): string[] | null;
}

export function createLineSplitter(maxLineBytes: number): LineSplitter {
  let parts: Buffer[] = [];
  let length = 0;

  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        parts.push(chunk.subarray(from, end));
        if (length + end - from > maxLineBytes) return null;
        lines.push(Buffer.concat(parts).toString('utf8'));
        parts = [];
        length = 0;
        from = end + 1;
      }
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      return length > maxLineBytes ? null : lines;
    },
  };
}
