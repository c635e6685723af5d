/**
 * A perceive worker without networks: answers every frame with "no face", and misbehaves on the frame
 * whose index the environment names.
 */
import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../../agent/perceive/worker.ts';

const misbehave = process.env['FAKE_PERCEIVE'] ?? 'never';
const [how, at] = misbehave.split('@');
const QUALITY = {
  brightness: 0.5,
  contrast: 0.2,
  sharpness: 9,
  dark: false,
  blurred: false,
  covered: false,
  frozen: false,
};

parentPort?.on('message', (request: WorkerRequest) => {
  if (!('frame' in request)) return;
  const { index, atMs } = request.frame.meta;
  if (String(index) === at) {
    if (how === 'hang') for (;;);
    if (how === 'exit') process.exit(3);
    if (how === 'throw') throw new Error('boom');
    if (how === 'fault') {
      reply({ id: request.id, fault: 'not this one' });
      return;
    }
  }
  reply({ id: request.id, seen: { kind: 'no-face', atMs, quality: QUALITY } });
});

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
if (how === 'cannot-start') reply({ startFault: 'face-mesh.onnx: wrong hash' });
else reply({ ready: true, loaded: { versions: {}, switchedOff: [] } });
