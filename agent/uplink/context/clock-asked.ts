/**
 * Whether the kernel holds its clock for synchronised (whoever set it: timesyncd, chrony, ntpd, GPS), asked of
 * timedatectl once a minute: Node has no adjtimex. Where there is no systemd nothing is known.
 */
import { execFile } from 'node:child_process';
import type { ClockState } from '../../contract/index.ts';

export interface AskedClock {
  /** The last answer; `unknown` before the first, and where there is none. */
  state(): ClockState;
  close(): void;
}

const ASK_EVERY_MS = 60_000;
const PATIENCE_MS = 10_000;
const ANSWERS: Readonly<Record<string, ClockState>> = { yes: 'synchronised', no: 'unsynchronised' };

/** Asks at once and then each minute. */
export function openAskedClock(): AskedClock {
  let answer: ClockState = 'unknown';
  const ask = () => {
    const argv = ['show', '--property=NTPSynchronized', '--value'];
    execFile('timedatectl', argv, { timeout: PATIENCE_MS }, (error, words) => {
      answer = (error === null ? ANSWERS[words.trim()] : undefined) ?? 'unknown';
    });
  };
  ask();
  const timer = setInterval(ask, ASK_EVERY_MS);
  return { state: () => answer, close: () => clearInterval(timer) };
}
