/** `run`: the three roles as children, for a bench or a demo. With a recorded drive it ends when all is delivered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import { openCamera } from '../../hardware/camera/index.ts';
import { usedSources } from '../../hardware/context/context-source.ts';
import { systemClock } from '../clock.ts';
import { makeFolder } from '../folders.ts';
import { openLog } from '../log.ts';
import { databaseFile, openStore } from '../store/database.ts';
import { ROLES, supervise, untilTold, type Role, type Supervised } from '../supervise.ts';
import { aborted } from './role.ts';
import { numberOption, readArguments, UsageError, type Command } from './command.ts';

/** Longest wait for the broker after the end of a recorded drive. */
const DEFAULT_LINGER_S = 60;

export const command: Command = {
  summary: 'all three roles at once, for a bench or a demo',
  usage: ['run [--config FILE] [--linger SECONDS]   (recorded drive: longest wait for delivery at its end)'],
  async run(argv) {
    const { values, positionals } = readArguments(argv, {
      config: { type: 'string' },
      linger: { type: 'string' },
    });
    if (positionals.length > 0) throw new UsageError(`run takes no ${positionals[0] ?? ''}`);
    const lingerS = numberOption('linger', values.linger, 0, 86_400) ?? DEFAULT_LINGER_S;
    const { config } = loadConfig({ file: values.config });
    makeFolder('dataDir', config.dataDir);
    makeFolder('runtimeDir', config.runtimeDir);
    const log = openLog('run', config.logLevel);
    const roles: Role[] = ROLES.filter((role) => role !== 'console' || config.console.enabled);
    if (usedSources(config.context).includes('obd')) roles.push('can');
    const told = untilTold();
    // A camera may come back, a recording that cannot be played will not: no use in starting again and again.
    if (config.camera.driver === 'recorded') await openCamera(config.camera, { originMs: 0 }).open(told);
    // A watch that is started again goes on with the drive where a camera would be by now.
    const origin =
      config.camera.driver === 'recorded' ? ['--origin', String(systemClock().monotonicMs())] : [];
    const common = values.config === undefined ? [] : ['--config', values.config];
    const argvOf = (role: Role) => (role === 'watch' ? [...common, ...origin] : common);
    const supervised = supervise({ roles, argvOf, log });
    try {
      return await untilDone(supervised, config, told, lingerS * 1000);
    } finally {
      await supervised.stop();
    }
  },
};

/** @returns the exit status: 1 when a recorded drive's alerts could not all be delivered */
async function untilDone(
  supervised: Supervised,
  config: ResolvedConfig,
  told: AbortSignal,
  lingerMs: number,
): Promise<number> {
  const ended = await Promise.race([
    aborted(told).then(() => 'told' as const),
    supervised.finished('watch').then(() => 'drive over' as const),
  ]);
  if (ended === 'told' || config.uplink.broker === undefined) return 0;
  const deadline = performance.now() + lingerMs;
  const store = openStore(databaseFile(config.dataDir), config.store, 'reader');
  try {
    while (store.depth() > 0 && performance.now() < deadline && !told.aborted) await sleep(100);
    if (store.depth() === 0) return 0;
    process.stderr.write(
      `cabinwatch run: ${store.depth()} message(s) could not be delivered to ${config.uplink.broker}; they are kept in ${config.dataDir}\n`,
    );
    return 1;
  } finally {
    store.close();
  }
}
