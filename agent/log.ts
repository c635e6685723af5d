/** One logger a role: JSON lines for the journal, plain lines for a terminal. Always on standard error. */
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/schema.ts';

/** @param role watch, uplink, console or run; every line carries it */
export function openLog(role: string, level: Config['logLevel']): Logger {
  const terminal = process.stderr.isTTY || process.env['FORCE_COLOR'] !== undefined;
  const plain = process.env['JOURNAL_STREAM'] === undefined;
  const stream = plain
    ? pretty({
        destination: 2,
        sync: true,
        colorize: terminal,
        ignore: 'pid,hostname,role',
        messageFormat: '{role}: {msg}',
        translateTime: 'SYS:HH:MM:ss',
      })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level, base: { role } }, stream);
}
