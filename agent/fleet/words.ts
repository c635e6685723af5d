/** An alert as one line for a fleet's log: when, which vehicle, what. */
import { alertInWords, type OutboxMessage } from '../contract/index.ts';

/** For instance `14:03:07 vehicle demo: microsleep (critical): eyes closed 1.6 s`, in local time. */
export function alertLine(message: OutboxMessage): string {
  const time = new Date(message.wallTimeCorrected ?? message.wallTime).toTimeString().slice(0, 8);
  const notes = [
    ...(isClockWrong(message) ? ['its clock is not set'] : []),
    ...(message.historical ? ['it waited for a connection'] : []),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `${time} vehicle ${message.deviceId}: ${alertInWords(message)}${note}`;
}

const isClockWrong = ({ clock, wallTimeCorrected }: OutboxMessage): boolean =>
  clock === 'unsynchronised' && wallTimeCorrected === undefined;

/** Numbers that will not come, for instance `vehicle demo: messages 4 to 7 did not arrive …`. */
export function missingLine(
  deviceId: string,
  { firstSeq, lastSeq }: { firstSeq: number; lastSeq: number },
): string {
  const which = firstSeq === lastSeq ? `message ${firstSeq}` : `messages ${firstSeq} to ${lastSeq}`;
  return `vehicle ${deviceId}: ${which} did not arrive here and ${firstSeq === lastSeq ? 'is' : 'are'} no longer on the vehicle`;
}
