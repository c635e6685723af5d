/**
 * Every network that the program can load: what it is called, where it comes from, under which
 * licence, what goes in and out. Facts only; who loads what is decided by the stages.
 */
import type {
  LicenceClass,
  NetworkName,
  PackagedFacts,
  TrainedFacts,
  TrainedName,
} from './manifest/facts.ts';
import { NETWORKS } from './manifest/packaged.ts';
import { TRAINED } from './manifest/trained.ts';

export type {
  LicenceClass,
  NetworkName,
  Origin,
  PackagedFacts,
  PackagedName,
  Port,
  Precision,
  TrainedFacts,
  TrainedName,
} from './manifest/facts.ts';
export { NETWORKS, TRAINED };

/** True for a network of ours, false for one from a package. */
export const isTrained = (name: NetworkName): name is TrainedName => Object.hasOwn(TRAINED, name);

/** Facts by name, wherever the network comes from. */
export function factsOf(name: NetworkName): PackagedFacts | TrainedFacts {
  return isTrained(name) ? TRAINED[name] : NETWORKS[name];
}

/** Licence class by name. */
export const licenceOf = (name: NetworkName): LicenceClass => factsOf(name).licenceClass;
