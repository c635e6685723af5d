/** One core of `npm run hours`: takes jobs as messages, answers with their findings. */
import { parentPort } from 'node:worker_threads';
import { runJob } from './jobs.ts';
import type { Job } from './jobs.ts';

parentPort?.on('message', (job: Job) => parentPort?.postMessage(runJob(job)));
