import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type LoadOptions } from '../../config/load.ts';
import { migrate } from '../../config/migrate.ts';
import { shownValues } from '../../config/show.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-config-'));
});

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const load = (options: LoadOptions) => loadConfig({ environment: {}, ...options });
const faultsOf = (options: LoadOptions) => {
  try {
    load(options);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

describe('layers', () => {
  it('lets each later layer win and names the layer of every value', () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'settings.yaml'), 'camera: { fps: 20 }\ndeviceId: from-settings\n');
    const file = write(
      'config.yaml',
      'dataDir: data\ndeviceId: from-file\ncamera: { fps: 10, width: 320 }\n',
    );
    const { config, originOf } = load({ file, environment: { CABINWATCH_CAMERA__FPS: '25' } });
    expect([config.camera.fps, config.camera.width, config.camera.height, config.deviceId]).toEqual([
      25,
      320,
      480,
      'from-settings',
    ]);
    expect(originOf(['camera', 'fps'])).toBe('environment');
    expect(originOf(['camera', 'width'])).toBe(file);
    expect(originOf(['camera', 'height'])).toBe('default');
    expect(originOf(['deviceId'])).toBe(join(folder, 'data', 'settings.yaml'));
  });

  it('takes relative files and folders from the config file on', () => {
    const { config } = load({
      file: write('config.yaml', 'dataDir: keep\ncamera: { driver: recorded, file: a.mp4 }\n'),
    });
    expect(config.camera.file).toBe(join(folder, 'a.mp4'));
    expect(config.link.socket).toBe(join(folder, 'keep', 'run', 'watch.sock'));
  });

  it('reads variables without regard to case and underscores, and keeps text as text', () => {
    const environment = { CABINWATCH_UPLINK__BACKOFF_MIN_MS: '2000', CABINWATCH_UPLINK__PASSWORD: '0123' };
    const { config } = load({ file: write('config.yaml', ''), environment });
    expect([config.uplink.backoffMinMs, config.uplink.password]).toEqual([2000, '0123']);
  });
});

describe('faults', () => {
  it('reports every fault at once with path, found, wanted and layer', () => {
    const file = write('config.yaml', 'camera: { fps: fast, width: 1 }\nwarn: { sound: loud }\n');
    const faults = faultsOf({ file });
    expect(faults.map((fault) => fault.path).sort()).toEqual(['camera.fps', 'camera.width', 'warn.sound']);
    const fps = faults.find((fault) => fault.path === 'camera.fps');
    expect(fps).toMatchObject({ found: '"fast"', layer: file });
    expect(fps?.wanted).toMatch(/^wanted a number/);
    expect(faults.find((fault) => fault.path === 'camera.width')?.wanted).toMatch(/at least 160/);
    expect(faults.find((fault) => fault.path === 'warn.sound')?.wanted).toMatch(
      /one of "aplay", "log", "none"/,
    );
  });

  it('suggests the nearest key for an unknown one', () => {
    const faults = faultsOf({ file: write('config.yaml', 'camera: { pfs: 10 }\nmicrofone: {}\nzzz: 1\n') });
    expect(faults.map((fault) => [fault.path, /did you mean (\S+)\?/.exec(fault.wanted)?.[1]])).toEqual(
      expect.arrayContaining([
        ['camera.pfs', 'camera.fps'],
        ['microfone', 'microphone'],
        ['zzz', undefined],
      ]),
    );
  });

  it('blames the environment for what a variable said', () => {
    const faults = faultsOf({
      file: write('config.yaml', 'camera: { fps: 10 }'),
      environment: { CABINWATCH_CAMERA__FPS: '600' },
    });
    expect(faults).toMatchObject([{ path: 'camera.fps', found: '600', layer: 'environment' }]);
  });

  it('says which file and line is no YAML', () => {
    const file = write('config.yaml', 'camera:\n  fps: [1\nx: 2\n');
    expect(() => load({ file })).toThrow(/config\.yaml, line \d: not YAML/);
  });

  it('says that there is no such file', () => {
    expect(() => load({ file: join(folder, 'none.yaml') })).toThrow(/none\.yaml: there is no such file/);
  });

  it('never prints a secret, right or wrong', () => {
    const faults = faultsOf({ file: write('config.yaml', 'uplink: { password: [hunter2] }') });
    expect(JSON.stringify(faults)).not.toContain('hunter2');
    const shown = shownValues(load({ file: write('ok.yaml', 'uplink: { password: hunter2 }') }));
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(shown.find((value) => value.path === 'uplink.password')?.value).toBe('********');
  });

  it('refuses a newer layout than it knows', () => {
    expect(faultsOf({ file: write('config.yaml', 'configVersion: 2') })).toMatchObject([
      { path: 'configVersion', found: '2' },
    ]);
  });
});

it('lifts an old layout step by step', () => {
  const migrations = {
    1: (tree: object) => ({ ...tree, b: 1 }),
    2: (tree: object) => ({ ...tree, c: 2 }),
  };
  expect(migrate({ a: 0 }, migrations, 3)).toEqual({ a: 0, b: 1, c: 2, configVersion: 3 });
});
