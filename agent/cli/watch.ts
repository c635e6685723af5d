/** `watch`: camera, microphone, networks, judge, speaker; no network. */
import { watch } from '../pipeline.ts';
import { numberOption } from './command.ts';
import { roleCommand } from './role.ts';

export const command = roleCommand(
  'watch',
  'the role that sees, judges and warns (no network)',
  (start, values) =>
    watch({ ...start, originMs: numberOption('origin', values['origin'], 0, Number.MAX_SAFE_INTEGER) }),
  { origin: 'MS' },
);
