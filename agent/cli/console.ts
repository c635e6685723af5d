/** `console`: the page on loopback. */
import { openLiveState } from '../console/live.ts';
import { startConsole } from '../console/server.ts';
import { connectLink } from '../link/client.ts';
import { databaseFile, openStore } from '../store/database.ts';
import { aborted, roleCommand } from './role.ts';

export const command = roleCommand('console', 'the role that serves the page on loopback', async (start) => {
  const { config, log, signal } = start;
  await using opened = new AsyncDisposableStack();
  const live = openLiveState();
  const link = connectLink(config.link.socket, live.handlers, log);
  opened.defer(() => link.close());
  // Opened for each page that is loaded: the database may be made, moved or mended meanwhile.
  const lastAlerts = (limit: number) => {
    const store = openStore(databaseFile(config.dataDir), config.store, 'reader');
    try {
      return store.lastAlerts(limit);
    } finally {
      store.close();
    }
  };
  const page = await startConsole({ config: config.console, live, link, lastAlerts, log });
  opened.defer(() => page.close());
  log.info(`the page is at ${page.address}`);
  await aborted(signal);
});
