/** Opens the database given as argument and prints its epoch. */
import { openStore } from '../../../agent/store/database.ts';
import { storeConfig } from '../drafts.ts';

const store = openStore(process.argv[2]!, storeConfig(), 'uplink');
process.stdout.write(store.epoch);
store.close();
