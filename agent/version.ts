/** The program's version, from package.json (beside agent/ in a checkout, above dist/ in a release). */
import { readFileSync } from 'node:fs';

const candidates = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));

function read(): string {
  for (const file of candidates) {
    try {
      const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (found.name === 'cabinwatch' && found.version !== undefined) return found.version;
    } catch {
      // The other place, then.
    }
  }
  return 'unknown';
}

export const VERSION = read();
