/** Faults of the store, each as one sentence that names the file and what would be right. */

export type StoreFault =
  | 'unwritable' // folder or file may not be written
  | 'not-a-database' // the file is something else, or damaged
  | 'too-new' // written by a newer version
  | 'missing' // a reader came before the first writer
  | 'disk-full'
  | 'busy' // another process held the lock for too long
  | 'io' // the disk failed
  | 'invalid' // the caller's draft is not valid
  | 'queue-full'
  | 'closed';

/** A fault of the store; `cause` is what SQLite or the system said. */
export class StoreError extends Error {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.fault = fault;
  }
}

const SENTENCES: readonly [RegExp, StoreFault, (file: string) => string][] = [
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    'not-a-database',
    (file) => `${file} is not an intact Cabinwatch database; move it aside to begin a new one`,
  ],
  [/^(SQLITE_FULL|ENOSPC)/, 'disk-full', (file) => `the disk of ${file} is full; free some space`],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'busy', (file) => `${file} is held by another process; it is tried again`],
  [
    /^(SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS)/,
    'unwritable',
    (file) => `${file} cannot be written; give this user the right to write it and its folder`,
  ],
  [
    /^(SQLITE_CANTOPEN|ENOTDIR|ENOENT|EEXIST|EISDIR)/,
    'unwritable',
    (file) => `${file} cannot be opened; its folder must exist and be writable by this user`,
  ],
];

/** Whatever SQLite or the file system threw, as a `StoreError` about `file`. */
export function storeError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  for (const [pattern, fault, sentence] of SENTENCES) {
    if (pattern.test(code)) return new StoreError(fault, `store: ${sentence(file)}`, error);
  }
  const words = error instanceof Error ? error.message : String(error);
  return new StoreError('io', `store: ${file} failed (${words})`, error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
