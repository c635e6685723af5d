/**
 * Programs that behave like the real ones of a device, put before them in PATH: shell scripts that write
 * what those write, bytes and complaints alike.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';

export interface FakePrograms {
  /** Writes a program; `name` is that of the folder it lies in. @returns the folder */
  make(program: string, name: string, body: string): string;
  /** Puts the folder first in PATH until the test is over, and calls. */
  in<T>(folder: string, call: () => T): T;
}

/** Fakes below a folder of the test's. */
export function fakePrograms(root: string): FakePrograms {
  const path = process.env['PATH'] ?? '';
  const reset = () => {
    process.env['PATH'] = path;
  };
  afterEach(reset);
  afterAll(reset);
  return {
    make: (program, name, body) => {
      const folder = join(root, `bin-${program}-${name}`);
      mkdirSync(folder, { recursive: true });
      const file = join(folder, program);
      writeFileSync(file, `#!/bin/sh\n${body}\n`);
      chmodSync(file, 0o755);
      return folder;
    },
    in: (folder, call) => {
      process.env['PATH'] = `${folder}:${path}`;
      return call();
    },
  };
}
