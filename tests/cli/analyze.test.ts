/** `analyze` and `evaluate` through the real command line: good files, and every hostile one in one sentence. */
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeMedia } from '../hardware/media.ts';
import { commandLine, ROOT, temporaryFolder } from './command-line.ts';

const PORTRAIT = join(ROOT, 'tests', 'fixtures', 'portrait.png');
const folder = temporaryFolder();
const cabinwatch = commandLine(folder, 150_000);
const at = (...names: string[]): string => join(folder, ...names);
/** An hour is read at some 300 times its speed. */
const HOUR_S = 3600;
const HUGE = 20_000;
const KILOBYTES_BOUND = 900_000;

interface Analyzed {
  readonly files: readonly {
    readonly kind?: string;
    readonly fault?: string;
    readonly width?: number;
    readonly lengthS?: number;
    readonly overall?: unknown;
    readonly faces?: readonly {
      readonly box: Record<'x' | 'y' | 'width' | 'height', number>;
      readonly emotion: { readonly label: string; readonly probabilities: Record<string, number> };
      readonly sex: { readonly label: string; readonly probabilities: Record<string, number> };
    }[];
  }[];
}

async function huge(file: string, format: 'png' | 'jpeg', progressive: boolean): Promise<void> {
  const create = { width: HUGE, height: HUGE, channels: 3, background: { r: 90, g: 120, b: 60 } } as const;
  const blank = sharp({ create, limitInputPixels: false });
  if (format === 'png') await blank.png({ compressionLevel: 1 }).toFile(file);
  else await blank.jpeg({ progressive }).toFile(file);
}

beforeAll(async () => {
  const portrait = sharp(PORTRAIT).removeAlpha();
  // Two people, one of them half as large.
  const small = await portrait.clone().resize(256).toBuffer();
  await sharp({ create: { width: 900, height: 512, channels: 3, background: '#808080' } })
    .composite([
      { input: PORTRAIT, left: 0, top: 0 },
      { input: small, left: 600, top: 100 },
    ])
    .jpeg({ quality: 92 })
    .toFile(at('two.jpg'));
  copyFileSync(at('two.jpg'), at('two.wav')); // the content counts
  copyFileSync(at('two.jpg'), at('cut.jpg'));
  truncateSync(at('cut.jpg'), 20_000);
  writeFileSync(at('text.jpg'), 'This is not a picture.\n'.repeat(50));
  writeFileSync(at('empty.wav'), '');
  makeMedia('-f', 'lavfi', '-i', 'testsrc=s=64x64:r=5:d=1', '-pix_fmt', 'yuv420p', at('mute.mp4'));
  makeMedia('-f', 'lavfi', '-i', 'anoisesrc=d=2:a=0.05:r=16000', at('noise.wav'));
  writeFileSync(at('header.wav'), readFileSync(at('noise.wav')).subarray(0, 44));
  await huge(at('huge.png'), 'png', false);
});

async function analyzed(...files: string[]): Promise<Analyzed['files']> {
  const ran = await cabinwatch.run(['analyze', ...files, '--json', '-']);
  return (JSON.parse(ran.out) as Analyzed).files;
}

const sum = (probabilities: Record<string, number>) =>
  Object.values(probabilities).reduce((a, b) => a + b, 0);

describe.concurrent('analyze', () => {
  it('finds every face with its box, all emotions and the sex, whatever the name says', async () => {
    const [picture] = await analyzed(at('two.wav'));
    expect(picture).toMatchObject({ kind: 'image', width: 900, height: 512 });
    expect(picture?.faces).toHaveLength(2);
    const [large, little] = picture!.faces!;
    expect(large!.box.height / little!.box.height).toBeCloseTo(2, 0);
    expect(Math.abs(large!.box.x + large!.box.width / 2 - 225)).toBeLessThan(20);
    expect(Math.abs(little!.box.x + little!.box.width / 2 - 712)).toBeLessThan(20);
    for (const { emotion, sex } of picture!.faces!) {
      expect(Object.keys(emotion.probabilities)).toHaveLength(7);
      expect(sum(emotion.probabilities)).toBeCloseTo(1, 2);
      expect(sum(sex.probabilities)).toBeCloseTo(1, 2);
      expect(emotion.label).toBe('happy');
    }
  });

  it('hears no speech in noise, in words too', async () => {
    const [sound] = await analyzed(at('noise.wav'));
    expect(sound).toMatchObject({ kind: 'audio', lengthS: 2, overall: null, windows: [] });
    const ran = await cabinwatch.run(['analyze', at('noise.wav')]);
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toMatch(/noise\.wav: recording of 2 s, no speech\n$/);
  });

  it.each([
    ['a picture that was cut off', 'cut.jpg', /cut\.jpg is a damaged picture: /],
    ['text named as a picture', 'text.jpg', /text\.jpg is neither a picture nor a recording/],
    ['an empty recording', 'empty.wav', /empty\.wav is empty \(0 bytes\)/],
    ['a recording that is all header', 'header.wav', /header\.wav /],
    ['a video without sound', 'mute.mp4', /mute\.mp4 is a video without sound; replay it/],
    [
      'a file that is not there',
      'none.png',
      /none\.png does not exist: give the path of a picture or recording/,
    ],
  ])('says in one sentence what is wrong with %s, and goes on', async (_, name, sentence) => {
    const ran = await cabinwatch.run(['analyze', at(name), at('noise.wav')]);
    expect(ran.err).toMatch(/^cabinwatch analyze: [^\n]+\n$/);
    expect(ran.err).toMatch(sentence);
    expect(ran.err).not.toMatch(/undefined|Error:|\n {4}at /);
    expect(ran.out).toMatch(/noise\.wav: recording of 2 s, no speech/);
    expect(ran.status).toBe(1);
  });

  it('looks at a picture of 20,000 x 20,000 pixels without unpacking it', async () => {
    const { status, kilobytes } = await measured('huge.png');
    expect(status).toBe(0);
    expect(kilobytes).toBeLessThan(KILOBYTES_BOUND); // 400 million pixels are 1.2 million kilobytes
  });

  it('hears a recording of an hour in bounded memory', async () => {
    // Eight bits at 8 kHz are 29 megabytes on disk, 230 as floats at 16 kHz.
    makeMedia('-f', 'lavfi', '-i', `anoisesrc=d=${HOUR_S}:a=0.002:r=8000`, '-c:a', 'pcm_u8', at('hour.wav'));
    const { status, out, kilobytes } = await measured('hour.wav');
    expect(status).toBe(0);
    expect(out).toMatch(/hour\.wav: recording of 3600 s, no speech/);
    expect(kilobytes).toBeLessThan(KILOBYTES_BOUND);
  }, 180_000);
});

/** Runs it and asks for the most memory that it ever held [kB]. */
async function measured(name: string) {
  const reporter = at(`${name}.memory.mjs`); // these tests run side by side
  const note = at(`${name}.memory`);
  const ask = `process.on('exit', () => writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)));`;
  writeFileSync(reporter, `import { writeFileSync } from 'node:fs';\n${ask}\n`);
  const ran = await cabinwatch.run(['analyze', at(name)], { NODE_OPTIONS: `--import=${reporter}` });
  return { ...ran, kilobytes: Number(readFileSync(note, 'utf8')) };
}

describe.concurrent('evaluate', () => {
  beforeAll(async () => {
    mkdirSync(at('set'));
    copyFileSync(PORTRAIT, at('set', 'whole.png'));
    const crop = { left: 170, top: 55, width: 112, height: 112 };
    await sharp(PORTRAIT).extract(crop).toFile(at('set', 'crop.png'));
    await sharp({ create: { width: 200, height: 200, channels: 3, background: '#444' } }).toFile(
      at('set', 'wall.png'),
    );
    copyFileSync(at('text.jpg'), at('set', 'text.jpg'));
    copyFileSync(at('noise.wav'), at('set', 'noise.wav'));
  });
  const table = (name: string, ...rows: string[]): string => {
    writeFileSync(at(name), ['file,label', ...rows, ''].join('\n'));
    return at(name);
  };
  const scored = async (task: string, labels: string, ...more: string[]) => {
    const ran = await cabinwatch.run([
      'evaluate',
      task,
      '--labels',
      labels,
      '--root',
      at('set'),
      '--json',
      '-',
      ...more,
    ]);
    return { ran, found: JSON.parse(ran.out) as Record<string, unknown> };
  };

  it('detects the face, counts a wall as a wrong answer and lists what cannot be read', async () => {
    const labels = table('faces.csv', 'whole.png,happy', 'wall.png,sad', 'text.jpg,sad', 'none.png,sad');
    const { ran, found } = await scored('face-emotion', labels);
    expect(found).toMatchObject({
      ...{ task: 'face-emotion', n: 2, undetected: 1, unreadable: 2, accuracy: 0.5, uar: 0.5 },
      model: { name: 'face-emotion' },
    });
    expect(ran.err).toMatch(/text\.jpg is no picture that can be read/);
    expect(ran.err).toMatch(/none\.png cannot be opened \(ENOENT\)/);
    expect(ran.status).toBe(0);
  });

  it('takes crops as they are, and either head', async () => {
    const labels = table('crops.csv', 'crop.png,happy');
    const { found } = await scored('face-emotion', labels, '--cropped', '--head', 'fer');
    expect(found).toMatchObject({ n: 1, undetected: 0, accuracy: 1 });
  });

  it('finds a face that fills its picture', async () => {
    const { found } = await scored('face-sex', table('tight.csv', 'crop.png,female'));
    expect(found).toMatchObject({ n: 1, undetected: 0 });
  });

  it('takes the answer "no speech" for a wrong one', async () => {
    const { found } = await scored('voice', table('sounds.csv', 'noise.wav,neutral'));
    expect(found).toMatchObject({
      n: 1,
      undetected: 1,
      accuracy: 0,
      latencyMs: { p50: expect.any(Number) as number },
    });
  });

  it('answers by a network from a file, and says which it was', async () => {
    const file = join(ROOT, 'models', 'weights', 'eye-state.onnx');
    const { found } = await scored('eyes', table('eyes.csv', 'whole.png,open'), '--model', file);
    expect(found).toMatchObject({ accuracy: 1, model: { name: 'eye-state', precision: 'fp32' } });
  });

  it.each([
    ['no task', ['evaluate'], 2, /name one of face-emotion, face-sex, eyes, yawn, voice/],
    ['no table', ['evaluate', 'eyes', '--root', folder], 2, /--labels is missing/],
    [
      'a table that is not there',
      ['evaluate', 'eyes', '--root', folder, '--labels', at('nix.csv')],
      1,
      /nix\.csv cannot be read \(ENOENT\)/,
    ],
    [
      'no folder',
      ['evaluate', 'eyes', '--labels', 'x', '--root', at('nix')],
      1,
      /--root: \S+nix is no folder/,
    ],
    [
      'an unknown head',
      ['evaluate', 'eyes', '--head', 'affect'],
      2,
      /--head: found "affect", wanted fer or ferplus/,
    ],
    [
      'a head where there is one',
      ['evaluate', 'eyes', '--head', 'fer'],
      2,
      /only the network face-emotion has two/,
    ],
  ])('says what is wrong with %s', async (_, argv, status, sentence) => {
    const ran = await cabinwatch.run(argv);
    expect(ran.err).toMatch(sentence);
    expect(ran.status).toBe(status);
  });

  it('says which networks there are', async () => {
    const ran = await cabinwatch.run([
      ...[
        'evaluate',
        'voice',
        '--labels',
        table('v.csv', 'noise.wav,sad'),
        '--root',
        at('set'),
        '--model',
        'ears',
      ],
    ]);
    expect(ran.err).toMatch(
      /--model: found "ears", wanted voice or voice-open or source-voice, or the path of/,
    );
    expect(ran.status).toBe(1);
  });
});
