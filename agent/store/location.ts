/** Where the database lies; apart from `database.ts`, so that watch's main thread loads no SQLite for it. */
import { join } from 'node:path';

/** Path of the database in the data folder. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'cabinwatch.db');
}
