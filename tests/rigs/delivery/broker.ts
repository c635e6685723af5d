/** The real broker of a rig: mosquitto, as a child that can be frozen and killed. */
import { hasMosquitto, startMosquitto, type MosquittoBroker } from '../../uplink/brokers.ts';

/** @throws Error when mosquitto is not installed: a rig without its broker has failed */
export async function startBroker(port: number): Promise<MosquittoBroker> {
  if (!hasMosquitto) throw new Error('mosquitto is not installed: scripts/setup mosquitto');
  return startMosquitto(port);
}
