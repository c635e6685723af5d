/** All outputs that the settings name, as one: the speaker and, where one is wired, a GPIO line. */
import type { Logger } from 'pino';
import type { WarnConfig } from '../../config/schema.ts';
import { gpioOutput } from '../../hardware/gpio/index.ts';
import { openSpeaker, together, type Speaker } from '../../hardware/speaker/index.ts';
import type { Health } from '../health.ts';

export function openOutputs(
  config: WarnConfig,
  health: Pick<Health, 'report'>,
  log: Pick<Logger, 'warn'>,
): Speaker {
  const healthOf = (part: string) => (fault: string | null) =>
    health.report(part, fault === null ? 'ok' : 'degraded', fault);
  const speaker = openSpeaker(
    config,
    (cue) => log.warn(`SOUND ${cue.kind} (severity ${cue.severity})`),
    healthOf('speaker'),
  );
  if (config.gpio === undefined) return speaker;
  return together([speaker, gpioOutput(config.gpio, healthOf('warning-line'))]);
}
