/** What a role may load: followed along its imports, static and dynamic, so that no detour is missed. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?!type\b)[^;]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|import\('([^']+)'\)|new URL\('([^']+\.ts)'/g;

/** Files and packages that an entry leads to; `stopAt` names workers that run in a thread of their own. */
function reach(
  entry: string,
  stopAt: readonly string[] = [],
): { files: Set<string>; packages: Map<string, string> } {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(file, 'utf8').replaceAll(/import\s+type\s[^;]+;/g, '');
    for (const match of text.matchAll(IMPORT)) {
      const target = match.slice(1).join('');
      if (!target.startsWith('.')) packages.set(target, relative(ROOT, file));
      else if (target.endsWith('.ts') && !stopAt.some((name) => target.endsWith(name)))
        visit(join(dirname(file), target));
    }
  };
  visit(join(ROOT, entry));
  return { files, packages };
}

const NETWORK = [
  'mqtt',
  'fastify',
  'aedes',
  'node:http',
  'node:https',
  'node:http2',
  'node:tls',
  'node:dgram',
  'undici',
];

it('keeps network clients out of watch, and its socket within the link', () => {
  const { files, packages } = reach('agent/cli/watch.ts');
  expect(files.size).toBeGreaterThan(50);
  expect(NETWORK.filter((name) => packages.has(name))).toEqual([]);
  expect(packages.get('node:net')).toMatch(/^agent\/link\//);
});

it('keeps SQLite and the networks in the workers of watch', () => {
  const { packages } = reach('agent/cli/watch.ts', ['worker.ts']);
  expect(['better-sqlite3', 'onnxruntime-node', 'sharp'].filter((name) => packages.has(name))).toEqual([]);
});

it.each(['uplink', 'console'])('keeps the networks and pictures out of %s', (role) => {
  const { packages } = reach(`agent/cli/${role}.ts`);
  expect(packages.has(role === 'uplink' ? 'mqtt' : 'fastify')).toBe(true);
  expect(['onnxruntime-node', 'sharp'].filter((name) => packages.has(name))).toEqual([]);
});

it('lets the role can reach no network but the link, no store and no inference', () => {
  const { packages } = reach('agent/cli/can.ts');
  const foreign = [...NETWORK, 'better-sqlite3', 'onnxruntime-node', 'sharp'];
  expect(foreign.filter((name) => packages.has(name))).toEqual([]);
  expect(packages.get('node:net')).toMatch(/^agent\/link\//);
});

it('keeps the judge pure: nothing but its own files, nouns and settings', () => {
  const { files, packages } = reach('agent/judge/index.ts');
  expect([...packages.keys()]).toEqual([]);
  const foreign = [...files]
    .map((file) => relative(ROOT, file))
    .filter((file) => !file.startsWith('agent/judge/'));
  expect(foreign).toEqual([]);
});

it.each(['agent/contract/index.ts', 'config/load.ts'])('lets %s import from nobody', (entry) => {
  const home = dirname(entry);
  const foreign = [...reach(entry).files]
    .map((file) => relative(ROOT, file))
    .filter((file) => !file.startsWith(`${home}/`));
  expect(foreign).toEqual([]);
});
