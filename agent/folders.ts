/**
 * A role's folders, made before anything else begins, so that what is wrong with them is said at once, in
 * one sentence that names the setting.
 */
import { accessSync, constants, mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder where it is missing (0770: the roles are users of one group) and tries its rights.
 * @param setting the folder's name in the configuration
 * @throws Error in one sentence when this user cannot make or write it
 */
export function makeFolder(setting: string, folder: string): void {
  const fault = make(folder) ?? (mayWrite(folder) ? null : 'this user may not write it');
  if (fault !== null) throw new Error(`${setting}: the folder ${folder} cannot be used: ${fault}`);
}

/** Level by level: Node's recursive mkdir never returns where the file system answers ENOENT (/proc). */
function make(folder: string): string | null {
  const found = look(folder);
  if (typeof found === 'string') return found;
  if (found !== undefined) return found.isDirectory() ? null : `${folder} is a file`;
  return make(dirname(folder)) ?? makeOne(folder);
}

function look(folder: string): Stats | undefined | string {
  try {
    return statSync(folder, { throwIfNoEntry: false });
  } catch (error) {
    return `${folder} cannot be looked at (${codeOf(error)})`;
  }
}

function makeOne(folder: string): string | null {
  try {
    mkdirSync(folder, { mode: 0o770 });
    return null;
  } catch (error) {
    // Another role may have made it at the same time.
    return codeOf(error) === 'EEXIST' ? null : `${folder} cannot be made (${codeOf(error)})`;
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
