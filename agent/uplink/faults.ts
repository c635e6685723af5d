/**
 * Why there is no connection to a broker, as one sentence that says what to look at. In: what the network
 * or the broker said. Out: words, and whether the broker only refused the protocol's version.
 */

/** How a session ended, or why it never began. */
export interface SessionEnd {
  /** What the network or the broker said; `null` when the connection was just closed. */
  readonly error: Error | null;
  /** The broker had accepted the connection. */
  readonly accepted: boolean;
}

/** Whom the sentence is about. */
export interface BrokerNames {
  /** Without user and password. */
  readonly address: string;
  readonly clientId: string;
  readonly hasPassword: boolean;
}

/** CONNACK and DISCONNECT codes, MQTT 3.1.1 (1-5) and MQTT 5 (128 and up): OASIS, table 3-1 and section 2.4. */
const UNSUPPORTED_VERSION = new Set([1, 132]);
const BAD_CLIENT_ID = new Set([2, 133]);
const NOT_AUTHORISED = new Set([4, 5, 134, 135, 140]);
const UNAVAILABLE = new Set([3, 136, 137, 139]);
const TAKEN_OVER = 142;
const KEEP_ALIVE = 141;

/** The code of an error: a number from the broker, a name from the system, or `null`. */
export function codeOf(error: unknown): number | string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'number' || typeof error.code === 'string' ? error.code : null;
}

/** The broker speaks another version of MQTT. */
export function refusesVersion(end: SessionEnd): boolean {
  const code = codeOf(end.error);
  return !end.accepted && typeof code === 'number' && UNSUPPORTED_VERSION.has(code);
}

/** One sentence about the end of a session. */
export function faultSentence(end: SessionEnd, names: BrokerNames): string {
  const code = codeOf(end.error);
  if (typeof code === 'number') return brokerSaid(code, end, names);
  if (code !== null) return networkSaid(code, end, names);
  const words = end.error?.message ?? '';
  const { address } = names;
  if (/connack timeout/i.test(words)) return `the broker at ${address} does not answer`;
  if (/keepalive timeout/i.test(words)) return `the broker at ${address} has fallen silent`;
  if (words === '') return `the broker at ${address} closed the connection`;
  return `what answers at ${address} does not speak MQTT (${words})`;
}

function brokerSaid(code: number, end: SessionEnd, names: BrokerNames): string {
  const { address, clientId, hasPassword } = names;
  if (NOT_AUTHORISED.has(code)) {
    return hasPassword
      ? `the broker at ${address} refuses the user name or the password`
      : `the broker at ${address} wants a user name and a password`;
  }
  if (UNSUPPORTED_VERSION.has(code)) return `the broker at ${address} does not speak this version of MQTT`;
  if (BAD_CLIENT_ID.has(code)) return `the broker at ${address} refuses the client id ${clientId}`;
  if (UNAVAILABLE.has(code)) return `the broker at ${address} is not available now`;
  if (code === TAKEN_OVER) return `another client of the broker at ${address} calls itself ${clientId}`;
  if (code === KEEP_ALIVE) return `the broker at ${address} heard nothing for too long`;
  return `the broker at ${address} ended the connection (${end.error?.message ?? code})`;
}

function networkSaid(code: string, end: SessionEnd, { address }: BrokerNames): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `the name in ${address} is not known to the name service`;
  }
  if (code === 'ECONNREFUSED') return `no broker listens at ${address}`;
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH' || code === 'ENETDOWN') {
    return `there is no way to ${address} now (${code})`;
  }
  if (code === 'ETIMEDOUT') return `the broker at ${address} does not answer`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return `the broker at ${address} closed the connection`;
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) {
    return `the certificate of the broker at ${address} cannot be trusted (${code})`;
  }
  return `the broker at ${address} is not reached (${end.error?.message ?? code})`;
}
