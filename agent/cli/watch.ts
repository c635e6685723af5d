/** `watch`: camera, microphone, networks, judge, speaker; no network. */
import { watch } from '../pipeline.ts';
import { roleCommand } from './role.ts';

export const command = roleCommand('watch', 'the role that sees, judges and warns (no network)', watch);
