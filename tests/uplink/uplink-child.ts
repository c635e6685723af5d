/** An uplink in a process of its own, to be killed. Arguments: broker, data folder. */
import { join } from 'node:path';
import { pino } from 'pino';
import { contextConfig } from '../../config/schema/context.ts';
import { openStore } from '../../agent/store/database.ts';
import { runUplink } from '../../agent/uplink/uplink.ts';
import { storeConfig } from '../store/drafts.ts';
import { settings } from './brokers.ts';
import { testClock } from './rig.ts';

const [broker, folder] = process.argv.slice(2);
const store = openStore(join(folder!, 'data', 'cabinwatch.db'), storeConfig(), 'uplink');
runUplink({
  config: {
    deviceId: 'car-1',
    store: storeConfig(),
    uplink: settings(broker!),
    context: contextConfig.parse({}),
  },
  store,
  link: join(folder!, 'watch.sock'),
  clock: testClock,
  softwareVersion: '0.0.0',
  log: pino({ level: 'silent' }),
});
