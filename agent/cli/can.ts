/** `can`: the vehicle's speed by OBD-II over SocketCAN (no camera, no other network). */
import { usedSources } from '../../hardware/context/context-source.ts';
import { runCan } from '../can.ts';
import { systemClock } from '../clock.ts';
import { roleCommand } from './role.ts';

export const command = roleCommand(
  'can',
  'the role that reads the speed by OBD-II (needs can-utils and a SocketCAN interface)',
  async ({ config, log, signal }) => {
    if (!usedSources(config.context).includes('obd'))
      log.warn('context.speed does not name obd: watch will not hear what is read here');
    await runCan({ config: config.context, link: config.link.socket, clock: systemClock(), log, signal });
  },
);
