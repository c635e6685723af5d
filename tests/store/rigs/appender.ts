/**
 * Appends without end through the worker to the database given as argument, from number `process.argv[3]`
 * on, and prints `seq messageId n` once the store says that the draft is safe. Made to be killed.
 */
import { writeSync } from 'node:fs';
import { startStore } from '../../../agent/store/client.ts';
import { draft, storeConfig } from '../drafts.ts';

const store = await startStore(process.argv[2]!, storeConfig());
for (let n = Number(process.argv[3]); ; n += 3) {
  const several = [n, n + 1, n + 2].map(async (one) => {
    const { seq, messageId } = await store.append(draft(one));
    writeSync(1, `${String(seq)} ${messageId} ${String(one)}\n`);
  });
  await Promise.all(several);
}
