/** What other programs may import: the contract, the judge and the configuration. */
export * as contract from './contract/index.ts';
export * as judge from './judge/index.ts';
export { configSchema, type Config } from '../config/schema.ts';
export { loadConfig, ConfigError } from '../config/load.ts';
export { VERSION } from './version.ts';
