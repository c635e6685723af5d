/** The section `models`: precision and networks of one's own, by the names of ours. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { shownValues } from '../../config/show.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-models-config-'));

function load(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, text);
  return loadConfig({ file, environment });
}

it('takes the file of a network of the user from the config file on', () => {
  const { config } = load('models: { custom: { mouth: { file: nets/model.json, engine: tfjs } } }');
  expect(config.models.custom).toEqual({
    mouth: {
      file: join(folder, 'nets', 'model.json'),
      engine: 'tfjs',
      gives: 'probabilities',
      licence: 'research',
    },
  });
});

it('knows a network whose name has a hyphen in a variable too', () => {
  const { config } = load('', { CABINWATCH_MODELS__PRECISION__FACE_EMOTION: 'fp32' });
  expect(config.models.precision).toEqual({ 'face-emotion': 'fp32' });
});

it('shows a network of the user in full and one that is not there in one line', () => {
  const shown = shownValues(load('models: { custom: { mouth: { file: a.onnx, engine: onnx } } }'));
  const custom = shown.filter(({ path }) => /^models\.custom\.(mouth|voice)(\.|$)/.test(path));
  expect(custom.map(({ path, value }) => `${path} ${JSON.stringify(value)}`)).toEqual([
    `models.custom.mouth.file ${JSON.stringify(join(folder, 'a.onnx'))}`,
    'models.custom.mouth.engine "onnx"',
    'models.custom.mouth.gives "probabilities"',
    'models.custom.mouth.licence "research"',
    'models.custom.voice null',
  ]);
});

it('says of each wrong entry what would be right', () => {
  const text = `models:
  providers: [CUDA!]
  precision: { voice: int4, blazeface: fp32 }
  custom: { voices: { file: a, engine: onnx }, mouth: { file: a, engine: keras } }`;
  let faults: readonly string[] = [];
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigError) faults = error.faults.map(({ path, wanted }) => `${path}: ${wanted}`);
  }
  expect(faults).toEqual([
    'models.providers.0: wanted the name of an ONNX Runtime provider, like cuda',
    'models.precision.voice: wanted one of "int8", "fp32"',
    'models.precision.blazeface: models.precision has no such key',
    expect.stringMatching(/^models\.custom\.mouth\.engine: wanted one of "tfjs", "onnx" — /),
    'models.custom.voices: models.custom has no such key; did you mean models.custom.voice?',
  ]);
});
