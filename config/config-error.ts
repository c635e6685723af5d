/** The error of a configuration that cannot be used: every fault with path, what was found, what would be right. */

export interface ConfigFault {
  /** `camera.fps` */
  readonly path: string;
  /** What was found, as JSON (secrets masked). */
  readonly found: string;
  /** What would be right. */
  readonly wanted: string;
  /** Name of the layer that said so. */
  readonly layer: string;
}

/** One line for a person. */
export const faultLine = (fault: ConfigFault): string =>
  `${fault.path}: found ${fault.found}, ${fault.wanted} (${fault.layer})`;

/** Carries every fault; its message is made for people, a line a fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], message: string = faults.map(faultLine).join('\n')) {
    super(message);
    this.faults = faults;
  }
}

/** A file that is no configuration as a whole. @param found what it is instead */
export function wholeFileFault(file: string, found: string, line?: number): ConfigError {
  const layer = line === undefined ? file : `${file}, line ${line}`;
  const wanted = 'wanted a YAML file of keys and values';
  return new ConfigError([{ path: '(whole file)', found, wanted, layer }], `${layer}: ${found}; ${wanted}`);
}
