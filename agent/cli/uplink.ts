/** `uplink`: the store's alerts to the broker; no devices. */
import { systemClock } from '../clock.ts';
import { makeFolder } from '../folders.ts';
import { databaseFile, openStore } from '../store/database.ts';
import { runUplink } from '../uplink/uplink.ts';
import { openAskedClock } from '../uplink/context/clock-asked.ts';
import { VERSION } from '../version.ts';
import { aborted, roleCommand } from './role.ts';

export const command = roleCommand(
  'uplink',
  'the role that delivers alerts over MQTT (no devices)',
  async (start) => {
    const { config, log, signal } = start;
    makeFolder('dataDir', config.dataDir);
    const store = openStore(databaseFile(config.dataDir), config.store, 'uplink');
    const asked = openAskedClock();
    const uplink = runUplink({
      config,
      store,
      link: config.link.socket,
      clock: systemClock(() => asked.state()),
      softwareVersion: VERSION,
      log,
    });
    await aborted(signal);
    await uplink.close();
    asked.close();
    store.close();
  },
);
