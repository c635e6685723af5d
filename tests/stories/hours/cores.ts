/** The drives of a run on several cores. In: jobs. Out: their findings in the order of the jobs. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job } from './jobs.ts';
import type { Findings } from './measure.ts';

/** Whichever core was first, the findings come in the order of the jobs. */
export async function onAllCores(jobs: readonly Job[]): Promise<Findings[]> {
  const findings: Findings[][] = jobs.map(() => []);
  let next = 0;
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    for (let index = next++; index < jobs.length; index = next++) {
      findings[index] = await answer(worker, jobs[index]!);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  return findings.flat();
}

function answer(worker: Worker, job: Job): Promise<Findings[]> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (found: Findings[]) => {
      worker.off('error', reject);
      resolve(found);
    });
    worker.postMessage(job);
  });
}
