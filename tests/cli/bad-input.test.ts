/** Whatever is wrong with what it is given: one clear sentence, the right exit status, no stack, no hang. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { makeMedia } from '../hardware/media.ts';
import { freePort, hasMosquitto, startAedes, startMosquitto } from '../uplink/brokers.ts';
import { commandLine, temporaryFolder, type Ran } from './command-line.ts';

const folder = temporaryFolder();
const cabinwatch = commandLine(folder);
const at = (...names: string[]): string => join(folder, ...names);
let made = 0;

/** Writes a config file beside the media. */
function config(text: string): string {
  const file = at(`config-${(made += 1)}.yaml`);
  writeFileSync(file, text);
  return file;
}

const PICTURE = 'testsrc=s=160x120:r=5';
const H264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '5', '-movflags', '+faststart'];
/** A drive that any role may begin: 1 s, no face. */
const DRIVE = 'camera: { driver: recorded, file: whole.mp4, pace: lossless }\nconsole: { port: 0 }\n';

beforeAll(() => {
  makeMedia('-f', 'lavfi', '-i', `${PICTURE}:d=1`, ...H264, at('whole.mp4'));
  makeMedia('-f', 'lavfi', '-i', `${PICTURE}:d=24`, ...H264, at('cut.mp4'));
  truncateSync(at('cut.mp4'), Math.round(readFileSync(at('cut.mp4')).length * 0.7));
  makeMedia('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', at('sound.m4a'));
  makeMedia('-i', at('whole.mp4'), '-c', 'copy', '-frames:v', '0', at('no-frames.mp4'));
  writeFileSync(at('garbage.mp4'), Buffer.alloc(2000, 'no video at all. '));
  writeFileSync(at('nothing.mp4'), '');
  mkdirSync(at('no-videos'));
});

/** No stack, and nothing but one line, which the program's name and verb begin. */
function expectOneSentence({ err }: Ran, verb: string): void {
  expect(err).toMatch(new RegExp(`^cabinwatch ${verb}: [^\n]+\n$`));
  expectPlain(err);
}

function expectPlain(words: string): void {
  expect(words).not.toMatch(/^ {4}at |\b(Type|Range|Reference)?Error:|undefined|\[object/m);
}

describe.concurrent('replay', () => {
  const cases: readonly (readonly [what: string, argv: () => string[], sentence: RegExp])[] = [
    ['a file that is not there', () => [at('none.mp4')], /none\.mp4: there is no such file or folder/],
    ['a folder without videos', () => [at('no-videos')], /no-videos: the folder holds no video \(\.mp4/],
    ['garbage', () => [at('garbage.mp4')], /garbage\.mp4 cannot be read as video or sound/],
    ['an empty file', () => [at('nothing.mp4')], /nothing\.mp4 is empty \(0 bytes\)/],
    ['sound alone', () => [at('sound.m4a')], /sound\.m4a has no video stream, only sound: give a file with/],
    ['a file without frames', () => [at('no-frames.mp4')], /no-frames\.mp4 has no video stream: give a file/],
    [
      'sound that is not there',
      () => [at('whole.mp4'), '--audio', at('none.wav')],
      /none\.wav does not exist: give the path of a video or sound file/,
    ],
    [
      'sound asked of a silent video',
      () => [at('whole.mp4'), '--audio', at('whole.mp4')],
      /--audio: \S+whole\.mp4 holds no sound/,
    ],
    [
      'lines for a folder that is not there',
      () => [at('whole.mp4'), '--json', at('nowhere', 'out.jsonl')],
      /nowhere\/out\.jsonl cannot be written: its folder does not exist/,
    ],
    [
      'lines below a file',
      () => [at('whole.mp4'), '--json', at('garbage.mp4', 'out.jsonl')],
      /out\.jsonl cannot be written: what should be its folder is a file/,
    ],
    [
      'a row a frame into a folder',
      () => [at('whole.mp4'), '--measurements', at('no-videos')],
      /no-videos cannot be written: it is a folder/,
    ],
    [
      'lines for a disk that is full',
      () => [at('whole.mp4'), '--json', '/dev/full'],
      /\/dev\/full cannot be written: the disk is full/,
    ],
  ];
  it.each(cases)('says what is wrong with %s', async (_, argv, sentence) => {
    const ran = await cabinwatch.run(['replay', ...argv()]);
    expectOneSentence(ran, 'replay');
    expect(ran.err).toMatch(sentence);
    expect(ran.status).toBe(1);
  });

  it('prints what a cut-off video held so far, and that it ended early', async () => {
    const ran = await cabinwatch.run(['replay', at('cut.mp4'), '--json', at('cut.jsonl')]);
    expectOneSentence(ran, 'replay');
    expect(ran.err).toMatch(/cut\.mp4 ended early at \d+\.\d s of 24\.0 s, it is damaged or incomplete: \S/);
    expect(ran.status).toBe(1);
    expect(ran.out).toMatch(/ALERT face-lost \(notice\)/);
    const lines = readFileSync(at('cut.jsonl'), 'utf8').trim().split('\n');
    const [alert, summary] = lines.map((line) => JSON.parse(line) as Record<string, unknown>).slice(-2);
    expect(alert).toMatchObject({ type: 'alert', kind: 'face-lost', alertedAtS: 8 });
    expect(summary).toMatchObject({ type: 'summary', fault: expect.stringMatching(/ended early/) as string });
  });

  it('replays the rest of a folder when one file is broken', async () => {
    const [broken, whole] = [at('both', 'a.mp4'), at('both', 'b.mp4')];
    mkdirSync(at('both'));
    copyFileSync(at('garbage.mp4'), broken);
    copyFileSync(at('whole.mp4'), whole);
    const ran = await cabinwatch.run(['replay', at('both')]);
    expectOneSentence(ran, 'replay');
    expect(ran.err).toContain(`${broken} cannot be read`);
    expect(ran.out).toMatch(/^b\.mp4: 0\.8 s, 5 frames/m);
    expect(ran.status).toBe(1);
  });

  it('says that it was stopped, and prints what was found so far', async () => {
    const file = at('long.mp4');
    makeMedia('-f', 'lavfi', '-i', `${PICTURE}:d=300`, ...H264, file);
    const ran = await cabinwatch.during(['replay', file, '--measurements', '-'], (running) =>
      running.until(() => running.written.out.length > 2000),
    );
    expect(ran.err).toMatch(/long\.mp4: \d+\.\d s, \d+ frames/);
    expect(ran.err).toMatch(/cabinwatch replay: \S+long\.mp4: stopped before the end\n$/);
    expectPlain(ran.err);
    expect(ran.status).toBe(1);
  });
});

describe.concurrent('a configuration', () => {
  const cases: readonly (readonly [what: string, text: string, sentence: RegExp])[] = [
    ['the wrong type', 'camera: { fps: fast }', /camera\.fps: found "fast", wanted a number/],
    ['a mistyped key', 'camera: { pfs: 10 }', /camera\.pfs: found 10, .*did you mean camera\.fps\?/],
    ['what is no YAML', 'camera:\n  fps: [1\nx: 2\n', /config-\d+\.yaml, line 3: not YAML: \S/],
    ['a list', '- 1\n', /not a mapping of keys to values; wanted a YAML file/],
    [
      'a file that is missing',
      'camera: { driver: recorded }',
      /camera\.file: found nothing, wanted a video file, for driver "recorded"/,
    ],
  ];
  it.each(cases)('is refused for %s', async (_, text, sentence) => {
    const file = config(text);
    const ran = await cabinwatch.run(['watch', '--config', file]);
    expectOneSentence(ran, 'watch');
    expect(ran.err).toMatch(sentence);
    expect(ran.err).toContain(file);
    expect(ran.status).toBe(2);
  });

  it('must be there', async () => {
    const ran = await cabinwatch.run(['run', '--config', at('none.yaml')]);
    expectOneSentence(ran, 'run');
    expect(ran.err).toMatch(/none\.yaml: there is no such file; wanted a YAML file/);
    expect(ran.status).toBe(2);
  });

  it('is told all its faults at once', async () => {
    const ran = await cabinwatch.run([
      'watch',
      '--config',
      config('camera: { fps: 900 }\nstore: 1\nzzz: 1\n'),
    ]);
    expect(ran.err.split('\n')[0]).toBe('cabinwatch watch: the configuration has 3 faults:');
    expect(ran.err).toMatch(/^camera\.fps: .*\n(.*\n)*zzz: found 1, the top level has no such key/m);
    expectPlain(ran.err);
    expect(ran.status).toBe(2);
  });
});

describe.concurrent('wrong usage', () => {
  const cases: readonly (readonly [what: string, argv: string[], sentence: RegExp])[] = [
    ['an unknown verb', ['wacth'], /^cabinwatch: there is no "wacth"; there are: run, watch, /],
    ['an unknown option', ['replay', '--jsn', 'x'], /^cabinwatch replay: unknown option '--jsn'/],
    ['no file', ['replay'], /^cabinwatch replay: name one file or folder/],
    [
      'a number that is none',
      ['replay', 'x', '--speed', 'fast'],
      /--speed: found "fast", wanted a number from/,
    ],
    ['no broker', ['fleet', 'consume'], /^cabinwatch fleet: --broker is missing: mqtt:\/\/HOST:PORT/],
    ['no address', ['fleet', 'consume', '--broker', 'x'], /--broker: found "x", wanted mqtt:\/\/host:port/],
    ['half a verb', ['config'], /^cabinwatch config: check, show or schema\?/],
    ['what a role does not take', ['uplink', 'now'], /^cabinwatch uplink: uplink takes no now/],
  ];
  it.each(cases)('is answered for %s', async (_, argv, sentence) => {
    const ran = await cabinwatch.run(argv);
    expect(ran.err).toMatch(sentence);
    expectPlain(ran.err);
    expect(ran).toMatchObject({ status: 2, out: '' });
  });
});

describe.concurrent('a role', () => {
  it.each(['watch', 'uplink', 'run'])('%s needs a data folder that it may write', async (role) => {
    for (const dataDir of [at('whole.mp4', 'data'), '/proc/cabinwatch']) {
      const ran = await cabinwatch.run([role, '--config', config(`dataDir: ${dataDir}\n${DRIVE}`)]);
      expectOneSentence(ran, role);
      expect(ran.err).toContain(`dataDir: the folder ${dataDir} cannot be used: `);
      expect(ran.status).toBe(1);
    }
  });

  it.each(['watch', 'uplink'])('%s leaves a database alone that is none', async (role) => {
    const data = at(`not-a-database-${role}`);
    const text = 'my notes '.repeat(2000);
    mkdirSync(data);
    writeFileSync(join(data, 'cabinwatch.db'), text);
    const ran = await cabinwatch.run([role, '--config', config(`dataDir: ${data}\n${DRIVE}`)]);
    expectOneSentence(ran, role);
    expect(ran.err).toMatch(/cabinwatch\.db is not an intact Cabinwatch database; move it aside/);
    expect(ran.status).toBe(1);
    expect(readFileSync(join(data, 'cabinwatch.db'), 'utf8')).toBe(text);
  });

  it.each(['watch', 'replay'])('%s refuses a network that was tampered with', async (verb) => {
    const models = at(`models-${verb}`);
    mkdirSync(models);
    const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh', 'silero-vad']);
    for (const [name, file] of Object.entries(files)) copyFileSync(file, join(models, `${name}.onnx`));
    truncateSync(join(models, 'face-mesh.onnx'), 1_000_000);
    const file = config(`dataDir: data-${verb}\n${DRIVE}models: { folder: ${models} }`);
    const ran = await cabinwatch.run([
      verb,
      ...(verb === 'replay' ? [at('whole.mp4')] : []),
      '--config',
      file,
    ]);
    expectOneSentence(ran, verb);
    expect(ran.err).toMatch(/face-mesh\.onnx has SHA-256 \w{64}, expected \w{64}; delete it and run/);
    expect(ran.status).toBe(1);
  });

  it('watch refuses a socket with too long a path', async () => {
    const socket = `/tmp/${'x'.repeat(110)}/watch.sock`;
    const file = config(`dataDir: data-socket\n${DRIVE}link: { socket: ${socket} }`);
    const ran = await cabinwatch.run(['watch', '--config', file]);
    expectOneSentence(ran, 'watch');
    expect(ran.err).toMatch(/link\.socket: \S+ has 126 bytes; a socket's path has at most 107/);
    expect(ran.status).toBe(1);
  });

  it('watch refuses a recording that cannot be played', async () => {
    const text = 'dataDir: data-recording\ncamera: { driver: recorded, file: garbage.mp4 }';
    const ran = await cabinwatch.run(['watch', '--config', config(text)]);
    expectOneSentence(ran, 'watch');
    expect(ran.err).toMatch(/garbage\.mp4 cannot be read as video/);
    expect(ran.status).toBe(1);
  });

  it('console says that its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const file = config(`dataDir: data-port\nconsole: { port: ${port} }`);
    const ran = await cabinwatch.run(['console', '--config', file]);
    server.close();
    expect(ran.err).toContain(`cabinwatch console: console.port: ${port} is taken; choose another (0 = any`);
    expectPlain(ran.err);
    expect(ran.status).toBe(1);
  });

  it('watch goes on without its camera, says so once, and tries it again', async () => {
    const program = at('camera.sh');
    const tries = at('tries');
    writeFileSync(program, `#!/bin/sh\necho again >> ${tries}\necho 'the lens fell off' >&2\nexit 3\n`);
    chmodSync(program, 0o755);
    const file = config(
      `dataDir: data-camera\ncamera: { driver: pipe, preset: none, argv: [${program}], retryMinMs: 50, retryMaxMs: 100 }`,
    );
    const triesSoFar = (): number => {
      try {
        return readFileSync(tries, 'utf8').split('\n').length - 1;
      } catch {
        return 0; // not one yet
      }
    };
    const ran = await cabinwatch.during(['watch', '--config', file], (running) =>
      running.until(() => running.written.err.includes('degraded') && triesSoFar() >= 3),
    );
    const lost = ran.err.split('\n').filter((line) => line.includes('camera is degraded'));
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatch(
      /camera program "\S+camera\.sh" ended with code 3 after 0 frames: the lens fell off$/,
    );
    expectPlain(ran.err);
    expect(ran.status).toBe(0);
  });
});

describe.concurrent('an uplink', () => {
  const uplink = (name: string, port: number) =>
    config(
      `dataDir: data-${name}\nuplink: { broker: "mqtt://127.0.0.1:${port}", username: van, password: not-the-password, backoffMinMs: 50, backoffMaxMs: 100 }`,
    );

  it('goes on without its broker, says so once, and delivers when it comes', async () => {
    const port = await freePort();
    const ran = await cabinwatch.during(['uplink', '--config', uplink('absent', port)], async (running) => {
      await running.until(() => running.written.err.includes('tried again for ever'));
      const broker = await startAedes(port);
      await running.until(() => running.written.err.includes('connected'));
      await running.end();
      await broker.kill();
    });
    expect(
      ran.err.match(/no broker listens at mqtt:\/\/127\.0\.0\.1:\d+; tried again for ever/g),
    ).toHaveLength(1);
    expectPlain(ran.err);
    expect(ran.status).toBe(0);
  });

  it.skipIf(!hasMosquitto)('goes on while the broker refuses its password, and says so once', async () => {
    const port = await freePort();
    const strict = await startMosquitto(port, ['allow_anonymous false', 'password_file DIR/passwords'], {
      passwords: `${PASSWORD_LINE}\n`,
    });
    const ran = await cabinwatch.during(['uplink', '--config', uplink('refused', port)], async (running) => {
      await running.until(() => running.written.err.includes('tried again for ever'));
      await strict.kill();
      const lenient = await startMosquitto(port);
      await running.until(() => running.written.err.includes('connected'));
      await running.end();
      await lenient.kill();
    });
    expect(ran.err.match(/refuses the user name or the password; tried again for ever/g)).toHaveLength(1);
    expect(ran.err).not.toContain('not-the-password');
    expectPlain(ran.err);
    expect(ran.status).toBe(0);
  });
});

/** User `van`, password `right`, as mosquitto_passwd writes it. */
const PASSWORD_LINE =
  'van:$7$101$rQszkutBQ5RN89gh$fREdZDnK21UVE5ALl7o2Uk+198t6lEU56E3B1PQR6uUSPj1hkhDnUtHmFMYvkGY1aKRT90SnZoErhJtqCuABRg==';
