/**
 * Who answers about files: a chosen network with what comes before it.
 *
 *   cropped picture -> network          picture -> faces -> largest -> crop -> network
 *   sound -> speech -> windows -> network -> mean
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { loadNetwork, type Engines } from '../../models/engines/load.ts';
import { temperaturesFor } from '../../models/networks/calibration.ts';
import { likeliest } from '../../models/networks/classifier.ts';
import { prepareModels } from '../../models/prepare.ts';
import type { Chosen } from './choose.ts';
import type { Examinee } from './evaluate.ts';
import { createFaceFinder, type FaceFinder } from './faces.ts';
import { createListener, type Listener } from './listener.ts';
import { answerIn, createFaceLooker, type EmotionHead } from './lookers.ts';
import { grayOf, readPicture, viewOf } from './picture-file.ts';

export interface Surroundings {
  readonly engines: Engines;
  /** Folder of the networks from packages. */
  readonly folder: string;
  readonly perceive: PerceiveConfig;
}

/** The detectors and the mesh for still pictures. */
export async function openFaceFinder({ engines, folder, perceive }: Surroundings): Promise<FaceFinder> {
  const files = await prepareModels(folder, ['blazeface', 'blazeface-back', 'face-mesh']);
  return createFaceFinder({
    engine: engines.onnx,
    files,
    minFaceScore: perceive.minFaceScore,
    minMeshScore: perceive.minTrackScore,
    regionScale: perceive.regionScale,
  });
}

/** A network that listens, with the speech detector before it. */
export async function openListener(
  { kind, file }: Chosen,
  { engines, folder, perceive }: Surroundings,
): Promise<{ readonly listener: Listener; close(): Promise<void> }> {
  const files = await prepareModels(folder, ['silero-vad']);
  const vad = await engines.onnx.load(files['silero-vad']);
  const network = await loadNetwork(file, engines);
  return {
    listener: createListener(kind, network, temperaturesFor(file), {
      vad,
      vadThreshold: perceive.vadThreshold,
    }),
    async close() {
      await Promise.all([vad.close(), network.close()]);
    },
  };
}

/** Pictures that are crops already. */
export async function openCropExaminee(
  chosen: Chosen,
  head: EmotionHead,
  around: Surroundings,
): Promise<Examinee> {
  const network = await loadNetwork(chosen.file, around.engines);
  const looker = createFaceLooker(chosen.kind, network, temperaturesFor(chosen.file), head);
  return {
    async answer(file) {
      const picture = await readPicture(file);
      const since = performance.now();
      const answer = answerIn(await looker.ofCrop(grayOf(picture)));
      return { answer, latencyMs: performance.now() - since };
    },
    close: () => network.close(),
  };
}

/** Whole pictures: the largest face counts. */
export async function openFaceExaminee(
  chosen: Chosen,
  head: EmotionHead,
  around: Surroundings,
): Promise<Examinee> {
  const network = await loadNetwork(chosen.file, around.engines);
  const looker = createFaceLooker(chosen.kind, network, temperaturesFor(chosen.file), head);
  const finder = await openFaceFinder(around);
  return {
    async answer(file) {
      const picture = await readPicture(file);
      const since = performance.now();
      const face = (await finder.find(viewOf(picture)))[0];
      const answer = face === undefined ? null : answerIn(await looker.ofFace(grayOf(picture), face));
      return { answer, latencyMs: performance.now() - since };
    },
    async close() {
      await Promise.all([network.close(), finder.close()]);
    },
  };
}

/** Recordings. */
export async function openVoiceExaminee(chosen: Chosen, around: Surroundings): Promise<Examinee> {
  const opened = await openListener(chosen, around);
  return {
    async answer(file) {
      const { overall, computedMs } = await opened.listener.hear(file);
      if (overall === null) return { answer: null, sex: null, latencyMs: computedMs };
      return { answer: likeliest(overall.emotion), sex: likeliest(overall.sex), latencyMs: computedMs };
    },
    close: () => opened.close(),
  };
}
