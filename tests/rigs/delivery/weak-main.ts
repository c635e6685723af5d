/**
 * The program with an uplink that is broken on purpose: it deletes what it sends before anybody has
 * acknowledged it. The other verbs are the real ones.
 */
import { aborted } from '../../../agent/cli/role.ts';
import { systemClock } from '../../../agent/clock.ts';
import { openLog } from '../../../agent/log.ts';
import { databaseFile, openStore } from '../../../agent/store/database.ts';
import type { Store } from '../../../agent/store/store.ts';
import { untilTold } from '../../../agent/supervise.ts';
import { runUplink } from '../../../agent/uplink/uplink.ts';
import { VERSION } from '../../../agent/version.ts';
import { loadConfig } from '../../../config/load.ts';

const [verb, , file] = process.argv.slice(2);

if (verb === 'uplink') await weakUplink();
else await import('../../../agent/main.ts');

async function weakUplink(): Promise<void> {
  const { config } = loadConfig({ file });
  const store = openStore(databaseFile(config.dataDir), config.store, 'uplink');
  const log = openLog('uplink', config.logLevel);
  const clock = systemClock();
  const link = config.link.socket;
  const uplink = runUplink({ config, store: forgetful(store), link, clock, softwareVersion: VERSION, log });
  await aborted(untilTold());
  await uplink.close();
  store.close();
}

function forgetful(real: Store): Store {
  return {
    ...real,
    unsent(afterSeq, limit) {
      const rows = real.unsent(afterSeq, limit);
      real.remove(rows.map(({ seq }) => seq));
      return rows;
    },
  };
}
