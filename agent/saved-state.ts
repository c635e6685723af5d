/**
 * The judge's state across a crash: written to the runtime folder (tmpfs on a vehicle) every few seconds,
 * taken up again by the next start of the same boot if it is young enough.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Saved {
  readonly version: string;
  readonly bootId: string;
  readonly savedAtMs: number;
  readonly state: unknown;
}

export interface SavedState {
  save(state: unknown, atMs: number): void;
  /** The state of this boot and program version if it is younger than `withinMs`, else `null`. */
  restore(atMs: number, withinMs: number): unknown;
  /** The run ended by itself: there is nothing to take up. */
  forget(): void;
}

/** @param folder made when it is not there */
export function openSavedState(folder: string, bootId: string, version: string): SavedState {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'judge.json');
  return {
    save(state, savedAtMs) {
      const saved: Saved = { version, bootId, savedAtMs, state };
      // No fsync: the state outlives a crash of the process, not of the machine (a new boot starts anew).
      writeFileSync(`${file}.new`, JSON.stringify(saved), { mode: 0o660 });
      renameSync(`${file}.new`, file);
    },
    restore(atMs, withinMs) {
      const saved = read(file);
      if (saved?.bootId !== bootId || saved.version !== version) return null;
      const ageMs = atMs - saved.savedAtMs;
      return ageMs >= 0 && ageMs <= withinMs ? saved.state : null;
    },
    forget: () => rmSync(file, { force: true }),
  };
}

/** A file that is missing or was cut off holds nothing worth an error. */
function read(file: string): Saved | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved;
  } catch {
    return null;
  }
}
