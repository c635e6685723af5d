/**
 * A sound file in memory: checked, measured and made softer, so that nothing has to be read when it is needed.
 *
 * In:  the bytes of a WAV file (RIFF, 16-bit PCM).
 * Out: the same with its samples scaled; its length [ms].
 */

/** A WAV file that can be played. */
export interface Clip {
  readonly bytes: Buffer;
  readonly lengthMs: number;
  /** Where the samples lie within `bytes`. */
  readonly fromByte: number;
  readonly toByte: number;
}

const PCM = 1;
/** WAVE_FORMAT_EXTENSIBLE: how some programs call plain PCM. */
const EXTENSIBLE = 0xfffe;

/** @returns the clip, or in one sentence why it cannot be played */
export function readClip(bytes: Buffer): Clip | string {
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return 'it is no WAV file';
  }
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const from = at + 8;
    if (name === 'fmt ' && size >= 16 && from + 16 <= bytes.length) {
      const format = bytes.readUInt16LE(from);
      if ((format !== PCM && format !== EXTENSIBLE) || bytes.readUInt16LE(from + 14) !== 16)
        return 'its samples are not 16-bit PCM (sox IN -b 16 OUT makes them so)';
      bytesPerSecond = bytes.readUInt32LE(from + 8);
    }
    if (name === 'data') {
      // A program that wrote to a pipe could not go back to fill in the size: then it is all that follows.
      const toByte = from + 2 * Math.floor((Math.min(from + size, bytes.length) - from) / 2);
      if (bytesPerSecond === 0 || toByte <= from) return 'it holds no sound';
      return { bytes, fromByte: from, toByte, lengthMs: ((toByte - from) * 1000) / bytesPerSecond };
    }
    at = from + size + (size % 2);
  }
  return 'it holds no sound';
}

/** The file with its samples times `volume` (0-1). */
export function atVolume({ bytes, fromByte, toByte }: Clip, volume: number): Buffer {
  if (volume === 1) return bytes;
  const scaled = Buffer.from(bytes);
  for (let at = fromByte; at + 1 < toByte; at += 2)
    scaled.writeInt16LE(Math.round(bytes.readInt16LE(at) * volume), at);
  return scaled;
}
