/**
 * A line that drives a buzzer, a lamp or a vibrator: a warning output like the speaker, with a train of pulses
 * for each severity.
 *
 * The line is driven low when it is opened (which shows whether it can be had), after each train, when the agent
 * closes it and when the agent dies (`guarded.ts`).
 */
import type { GpioOutputConfig } from '../../config/schema.ts';
import { SEVERITY_NAMES } from '../speaker/clips.ts';
import type { Speaker, SpeakerHealth } from '../speaker/speaker.ts';
import { startGuarded, type Guarded } from './guarded.ts';
import { keepTrying, type RetryWaits } from './keep-trying.ts';
import { endingInWords, findSyntax, offCommand, pulseCommand, type Syntax } from './tools.ts';

/** A train is given so long to end when a graver one shall begin [ms]; a decision must be felt within 200. */
const END_MS = 75;
/** The last one is given more: the agent waits for the line to be low [ms]. */
const CLOSE_MS = 1000;
/** A train that takes so much longer than it is hangs [ms]. */
const LATE_MS = 4000;

/** Opens the output; a line that cannot be had is tried for ever. */
export function gpioOutput(config: GpioOutputConfig, onHealth: SpeakerHealth, waits?: RetryWaits): Speaker {
  const closed = new AbortController();
  let syntax: Syntax | null = null;
  let running: Guarded | null = null;
  let newest = 0;

  /** Drives the line low. @throws Error in one sentence */
  const release = async (): Promise<void> => {
    syntax = await findSyntax();
    const off = startGuarded(offCommand(syntax, config));
    const hung = setTimeout(() => void off.end(END_MS), LATE_MS);
    const ending = await off.over;
    clearTimeout(hung);
    if (ending.status !== 0) throw new Error(endingInWords('gpioset', config, ending));
  };
  let releasing: Promise<void> = Promise.resolve();
  const opened = keepTrying(
    () => {
      // A train that runs has the line, and says itself how it goes.
      if (running !== null) return Promise.resolve();
      const attempt = release();
      releasing = attempt.catch(() => undefined);
      return attempt;
    },
    onHealth,
    closed.signal,
    waits,
  );
  const pulse = async (timesMs: readonly number[]): Promise<void> => {
    syntax ??= await findSyntax();
    const mine = startGuarded(pulseCommand(syntax, config, timesMs), offCommand(syntax, config));
    running = mine;
    const lengthMs = timesMs.reduce((sum, time) => sum + time, 0);
    const hung = setTimeout(() => void mine.end(END_MS), lengthMs + LATE_MS);
    const ending = await mine.over;
    clearTimeout(hung);
    if (running !== mine) return; // it was ended for another
    running = null;
    if (ending.status !== 0) syntax = null; // the tools may have been replaced
    onHealth(ending.status === 0 ? null : endingInWords('gpioset', config, ending));
  };
  const stop = async (graceMs: number): Promise<void> => {
    const before = running;
    running = null;
    const ending = await before?.end(graceMs);
    // Killed because it hung: then nobody has driven the line low.
    if (ending?.status === null && syntax !== null) await startGuarded(offCommand(syntax, config)).over;
  };
  return {
    async sound({ severity }) {
      const turn = ++newest;
      await Promise.all([stop(END_MS), releasing]);
      if (turn !== newest || closed.signal.aborted) return;
      await pulse(config.patterns[SEVERITY_NAMES[severity]]).catch((error: unknown) =>
        onHealth((error as Error).message),
      );
    },
    async close() {
      closed.abort();
      await stop(CLOSE_MS);
      await opened;
    },
  };
}
