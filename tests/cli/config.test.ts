/** `config check`, `config show`, `config schema` as a person meets them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { commandLine, ROOT, temporaryFolder } from './command-line.ts';

const folder = temporaryFolder();
const cabinwatch = commandLine(folder);
const EXAMPLE = join(ROOT, 'config/example.yaml');

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe.concurrent('config check', () => {
  it('finds no fault in the example', async () => {
    expect(await cabinwatch.run(['config', 'check', EXAMPLE])).toEqual({
      status: 0,
      out: '',
      err: `${EXAMPLE}: no fault\n`,
    });
  });

  it('prints every fault at once: where, what was found, what would be right', async () => {
    const file = write('faults.yaml', 'camera: { fps: fast, widht: 640 }\nuplink: { password: [hunter2] }\n');
    const ran = await cabinwatch.run(['config', 'check', file]);
    const lines = ran.err.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.every((line) => line.includes(file))).toBe(true);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^camera\.fps: found "fast", wanted a number — Wanted frame rate \[1\/s\]/),
        expect.stringMatching(
          /^camera\.widht: found 640, camera has no such key; did you mean camera\.width\?/,
        ),
        expect.stringMatching(/^uplink\.password: found \(secret\), wanted a text/),
        `${file}: 3 faults`,
      ]),
    );
    expect(ran).toMatchObject({ status: 2, out: '' });
  });

  it('gives the faults to a program as JSON', async () => {
    const file = write('one.yaml', 'deviceId: van/12\n');
    const ran = await cabinwatch.run(['config', 'check', file, '--json', '-']);
    expect(JSON.parse(ran.out)).toMatchObject({
      file,
      ok: false,
      faults: [{ path: 'deviceId', found: '"van/12"', layer: file }],
    });
    expect(ran.status).toBe(2);
  });

  it('tells a program, too, that the file is no YAML', async () => {
    const file = write('no.yaml', 'a: [1\n');
    const ran = await cabinwatch.run(['config', 'check', file, '--json', '-']);
    const { ok, faults } = JSON.parse(ran.out) as { ok: boolean; faults: { found: string; layer: string }[] };
    expect(ok).toBe(false);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.found).toMatch(/^not YAML: /);
    expect(faults[0]?.layer).toMatch(/no\.yaml, line \d$/);
    expect(ran.status).toBe(2);
  });

  it('checks the file alone, whatever the variables of whoever checks it say', async () => {
    const ran = await cabinwatch.run(['config', 'check', EXAMPLE], { CABINWATCH_CAMERA__FPS: '900' });
    expect(ran.status).toBe(0);
  });
});

describe.concurrent('config show', () => {
  const file = write('show.yaml', 'dataDir: data\ncamera: { fps: 20 }\nuplink: { password: hunter2 }\n');
  const environment = { CABINWATCH_CAMERA__WIDTH: '320', CABINWATCH_UPLINK__USERNAME: '0123' };

  it('prints each value with the layer it comes from, and no secret', async () => {
    const ran = await cabinwatch.run(['config', 'show', '--config', file], environment);
    expect(ran).toMatchObject({ status: 0, err: '' });
    const shown = (path: string) =>
      ran.out
        .split('\n')
        .find((line) => line.startsWith(`${path} `))
        ?.replace(/ +/g, ' ');
    expect(shown('camera.fps')).toBe(`camera.fps 20 (${file})`);
    expect(shown('camera.width')).toBe('camera.width 320 (environment)');
    expect(shown('camera.height')).toBe('camera.height 480 (default)');
    expect(shown('dataDir')).toBe(`dataDir "${join(folder, 'data')}" (${file})`);
    expect(shown('uplink.username')).toBe('uplink.username "0123" (environment)');
    expect(shown('uplink.password')).toBe(`uplink.password "********" (${file})`);
    expect(ran.out).not.toContain('hunter2');
  });

  it('gives the same to a program as JSON on standard output', async () => {
    const ran = await cabinwatch.run(['config', 'show', '--config', file, '--json', '-'], environment);
    const rows = JSON.parse(ran.out) as { path: string; value: unknown; layer: string }[];
    expect(rows).toContainEqual({ path: 'camera.width', value: 320, layer: 'environment' });
    expect(rows).toContainEqual({ path: 'uplink.password', value: '********', layer: file });
    expect(ran.out).not.toContain('hunter2');
  });
});

describe.concurrent('config schema', () => {
  it('prints a JSON Schema that takes the example and refuses an unknown key', async () => {
    const ran = await cabinwatch.run(['config', 'schema']);
    expect(ran).toMatchObject({ status: 0, err: '' });
    const schema = JSON.parse(ran.out) as { $schema: string };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    // `secret` marks what is masked: a word of ours.
    const valid = new Ajv2020({ strict: true, strictTuples: false, keywords: ['secret'] }).compile(schema);
    const example = parse(readFileSync(EXAMPLE, 'utf8')) as object;
    expect(valid(example)).toBe(true);
    expect(valid({ ...example, microfone: {} })).toBe(false);
  });
});

describe.concurrent('the list of verbs', () => {
  it('is printed without a verb, and how to call one by --help', async () => {
    const [list, help] = await Promise.all([cabinwatch.run([]), cabinwatch.run(['replay', '--help'])]);
    expect(list).toMatchObject({ status: 0, err: '' });
    expect(list.out.match(/^ {2}(run|watch|uplink|console|replay|score|config|fleet) /gm)).toHaveLength(8);
    expect(help).toMatchObject({ status: 0, err: '' });
    expect(help.out).toMatch(/^ {2}cabinwatch replay FILE\|FOLDER \[--audio FILE\]/m);
  });
});
