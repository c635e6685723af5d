/** A supervisor in a process of its own, to be killed. Arguments: those of the roles (see role.ts). */
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { supervise } from '../../agent/supervise.ts';

supervise({
  roles: ['watch', 'uplink'],
  argvOf: () => process.argv.slice(2),
  log: pino({ level: 'silent' }),
  program: [process.execPath, fileURLToPath(new URL('./role.ts', import.meta.url))],
});
