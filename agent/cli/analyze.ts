/** `analyze FILE...`: emotion and sex of the faces in pictures and of the speech in recordings. */
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import { createEngines, loadNetwork } from '../../models/engines/load.ts';
import { networksFor, type Purpose } from '../../models/licence.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { networkFiles } from '../../models/network-file.ts';
import { temperaturesFor } from '../../models/networks/calibration.ts';
import { DEFAULT_MODELS_FOLDER } from '../../models/prepare.ts';
import { analyze, type Analysis, type Instruments } from '../examine/analyze.ts';
import { openFaceFinder, openListener, type Surroundings } from '../examine/examinees.ts';
import { createFaceLooker } from '../examine/lookers.ts';
import { UnreadableFile } from '../examine/picture-file.ts';
import { analysisInWords } from '../examine/words.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';

export const command: Command = {
  summary: 'emotion and sex of the faces in pictures and of the speech in recordings',
  usage: [
    'analyze FILE... [--json OUT] [--config FILE]   (pictures and sound of any kind, told by their content)',
  ],
  async run(argv) {
    const { values, positionals } = readArguments(argv, {
      json: { type: 'string' },
      config: { type: 'string' },
    });
    if (positionals.length === 0) throw new UsageError('name pictures or recordings');
    const { config } = loadConfig({ file: values.config });
    const out = values.json === undefined ? null : await openLines(values.json);
    const people = values.json === '-' ? process.stderr : process.stdout;
    const instruments = instrumentsOf(config);
    const files: (Analysis | { file: string; fault: string })[] = [];
    let faults = 0;
    for (const file of positionals) {
      const found = await analysisOrFault(file, instruments);
      files.push(found);
      if ('kind' in found) {
        people.write(`${analysisInWords(found).join('\n')}\n`);
        continue;
      }
      faults += 1;
      process.stderr.write(`cabinwatch analyze: ${found.fault}\n`);
    }
    out?.line(JSON.stringify({ files }, null, 1));
    await out?.close();
    return faults === 0 ? 0 : 1;
  },
};

/** One broken file does not keep the others from being looked at. */
async function analysisOrFault(
  file: string,
  instruments: Instruments,
): Promise<Analysis | { file: string; fault: string }> {
  try {
    return await analyze(file, instruments);
  } catch (error) {
    if (error instanceof UnreadableFile) return { file, fault: error.message };
    throw error;
  }
}

/** Networks as the settings want them, loaded when the first file needs them. */
function instrumentsOf(config: ResolvedConfig): Instruments {
  const around: Surroundings = {
    engines: createEngines(config.models),
    folder: config.models.folder ?? DEFAULT_MODELS_FOLDER,
    perceive: config.perceive,
  };
  const { networks, switchedOff } = networksFor(config.models);
  const fileOf = async (kind: TrainedName) => (await networkFiles([kind], config.models))[kind];
  const lookerOf = async (purpose: Purpose) => {
    const kind = networks[purpose];
    if (kind === null) return null;
    const file = await fileOf(kind);
    return createFaceLooker(kind, await loadNetwork(file, around.engines), temperaturesFor(file), 'ferplus');
  };
  const faces = once(async () => ({
    finder: await openFaceFinder(around),
    emotion: await lookerOf('faceEmotion'),
    sex: await lookerOf('faceSex'),
  }));
  const listener = once(async () => {
    const kind = networks.voice;
    if (kind === null) throw new Error(switchedOff.voice ?? 'no network may hear voices');
    return (await openListener({ kind, file: await fileOf(kind), name: kind }, around)).listener;
  });
  return { faces, listener };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
