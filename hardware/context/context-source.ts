/** The nouns of whatever tells about the vehicle: sources, readings. Speeds in km/h, positions in WGS 84. */

export type ContextSourceName = 'gpsd' | 'mqtt' | 'obd';

/** WGS 84. */
export interface Position {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Radius of uncertainty [m]; `null` when unknown. */
  readonly accuracyM: number | null;
}

/** What a source has told just now; a field that is left out is no news. */
export interface Reading {
  /** As it was told: whether it is plausible is judged later. */
  readonly speedKmh?: number;
  readonly ignitionOn?: boolean;
  readonly position?: Position;
}

/** Called by a source, from its opening to its end. */
export interface ContextSourceHandlers {
  onReading(reading: Reading): void;
  /** Something came that should be a reading and is none. */
  onUnreadable(): void;
}

/** A source that is open; it reconnects for ever by itself. */
export interface ContextSource {
  /** Why it tells nothing, as one sentence; `null` while all is well, or before that is known. */
  readonly fault: string | null;
  close(): Promise<void>;
}

/** Which sources the settings ask for, and for what. */
export interface WantedSources {
  readonly speed: readonly ContextSourceName[];
  readonly position: 'gpsd' | 'none';
  readonly ignition: 'mqtt' | 'none';
}

/** The sources that are used at all. */
export function usedSources({ speed, position, ignition }: WantedSources): ContextSourceName[] {
  const all: readonly ContextSourceName[] = ['obd', 'mqtt', 'gpsd'];
  return all.filter((name) => speed.includes(name) || position === name || ignition === name);
}
