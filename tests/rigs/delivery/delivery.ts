/** `npm run rig -- delivery`: no alert is lost between the store and the fleet, and the sound comes in time. */
import type { Rig } from '../rig.ts';
import { absentBroker } from './absent-broker.ts';
import { forgetfulBroker } from './forgetful-broker.ts';
import { kills, weakUplink } from './kills.ts';
import { stalledDisk } from './stalled-disk.ts';

export const rig: Rig = {
  summary: 'every committed alert reaches the fleet, once',
  parts: [kills, weakUplink, absentBroker, stalledDisk, forgetfulBroker],
};
