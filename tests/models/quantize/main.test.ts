import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'models', 'quantize', 'main.ts');
const quantize = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

describe('npm run quantize', () => {
  it('says which networks there are when asked for another, and exits with 2', () => {
    const { status, stderr } = quantize('nose');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^quantize: no weights to quantize for nose; there are face-emotion, /);
  });

  it('refuses an unknown option with its usage', () => {
    const { status, stderr } = quantize('--chekc');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^quantize: Unknown option '--chekc'; usage: npm run quantize/);
  });

  it('names a data folder that is not there', () => {
    const { status, stderr } = quantize('mouth', '--data', join(MAIN, 'nowhere'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^quantize: --data: folder .*nowhere is not there\n$/);
  });
});
