/** `npm run rig -- delivery`: no alert is lost between the store and the fleet, and the sound comes in time. */
import type { Rig } from '../rig.ts';
import { kills } from './kills.ts';

export const rig: Rig = {
  summary: 'every committed alert reaches the fleet, once',
  parts: [kills],
};
