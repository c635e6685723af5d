/**
 * OBD-II in CAN frames: the question for the vehicle's speed and its answer (SAE J1979 service 01, PID 0x0D;
 * one byte, 1 km/h a step; ISO 15765-4 addressing: asked of all, answered by any control unit).
 *
 * In:  lines of `candump -L`: `(1436509052.249713) can0 7E8#03410D3C00000000`. Out: km/h.
 */

/** How a question reaches the control units and which identifiers answer it. */
export type ObdAddressing = '11-bit' | '29-bit';

interface Identifiers {
  readonly ask: string;
  /** Identifier and mask, as candump takes them. */
  readonly answers: string;
  readonly isAnswer: RegExp;
  /** Further arguments of cangen. */
  readonly extended: readonly string[];
}

const IDENTIFIERS: Readonly<Record<ObdAddressing, Identifiers>> = {
  '11-bit': { ask: '7DF', answers: '7E8:7F8', isAnswer: /^7E[8-F]$/i, extended: [] },
  '29-bit': {
    ask: '18DB33F1',
    answers: '18DAF100:1FFFFF00',
    isAnswer: /^18DAF1[0-9A-F]{2}$/i,
    extended: ['-e'],
  },
};

/** Two bytes follow: service 01, PID 0x0D. */
const QUESTION = '02010D0000000000';

/** A program that asks for the speed, again and again. */
export function askerArgv(canInterface: string, addressing: ObdAddressing, everyMs: number): string[] {
  const { ask, extended } = IDENTIFIERS[addressing];
  const frame = ['-I', ask, '-L', '8', '-D', QUESTION];
  return ['cangen', canInterface, '-g', String(everyMs), ...extended, ...frame];
}

/** A program that writes down the answers, a line each, flushed. */
export function listenerArgv(canInterface: string, addressing: ObdAddressing): string[] {
  return ['candump', '-L', `${canInterface},${IDENTIFIERS[addressing].answers}`];
}

const LINE = /^\(\d+\.\d+\) \S+ ([0-9A-F]{3,8})#([0-9A-F]{0,16})(?:\s|$)/i;
/** Length (3 or more bytes in one frame), positive answer to service 01, PID 0x0D, the speed. */
const ANSWER = /^0[3-7]410D([0-9A-F]{2})/i;

/** @returns the speed [km/h], or `null` for a line that does not tell one */
export function speedIn(line: string, addressing: ObdAddressing): number | null {
  const [, identifier = '', data = ''] = LINE.exec(line) ?? [];
  if (!IDENTIFIERS[addressing].isAnswer.test(identifier)) return null;
  const byte = ANSWER.exec(data)?.[1];
  return byte === undefined ? null : Number.parseInt(byte, 16);
}
