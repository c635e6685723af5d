/**
 * One run of the OBD-II source, by can-utils (Node has no AF_CAN): cangen asks for the speed, candump writes
 * down the answers. Both run as long as the run does, so that nothing is started twice a second.
 *
 * In:  the settings. Out: readings [km/h]; how the run ended. Other users of the bus see one question each
 * `everyMs`, as from any diagnostic plug.
 */
import { createInterface } from 'node:readline';
import { startSubprocess, type Exit, type Subprocess } from '../subprocess.ts';
import type { ContextSourceHandlers } from './context-source.ts';
import { askerArgv, listenerArgv, speedIn, type ObdAddressing } from './obd-frames.ts';

export interface ObdConfig {
  readonly interface: string;
  readonly addressing: ObdAddressing;
  readonly everyMs: number;
}

/** How it ended; `reason` is one sentence. */
export type ObdEnd = { readonly kind: 'aborted' } | { readonly kind: 'failed'; readonly reason: string };

/** A program that ended by itself is reaped within this [ms]. */
const REAP_MS = 500;

/**
 * Runs until one of the two programs ends or the signal aborts. Never rejects.
 * @param alive called with each answer
 */
export async function runObd(
  config: ObdConfig,
  handlers: Pick<ContextSourceHandlers, 'onReading'>,
  alive: () => void,
  signal: AbortSignal,
): Promise<ObdEnd> {
  const listener = startSubprocess(listenerArgv(config.interface, config.addressing));
  const asker = startSubprocess(askerArgv(config.interface, config.addressing, config.everyMs));
  asker.stdout.resume();
  createInterface({ input: listener.stdout }).on('line', (line) => {
    const speedKmh = speedIn(line, config.addressing);
    if (speedKmh === null) return;
    alive();
    handlers.onReading({ speedKmh });
  });
  const first = await Promise.race([
    over(listener).then(() => ['candump', listener] as const),
    over(asker).then(() => ['cangen', asker] as const),
    aborted(signal),
  ]);
  const exit = first === null ? null : await first[1].end(REAP_MS);
  await Promise.all([listener.end(0), asker.end(0)]);
  if (first === null || exit === null) return { kind: 'aborted' };
  return { kind: 'failed', reason: faultOf(first[0], exit, first[1], config.interface) };
}

const over = ({ stdout }: Subprocess) =>
  stdout.closed ? Promise.resolve() : new Promise<void>((resolve) => stdout.once('close', resolve));

function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

function faultOf(program: string, exit: Exit, run: Subprocess, name: string): string {
  if (exit.kind === 'not-started' && exit.code === 'ENOENT')
    return `${program} is not installed: apt-get install can-utils`;
  if (exit.kind === 'not-started') return `${program} cannot be started (${exit.code})`;
  const words = run.complaints().error;
  if (/network is down/i.test(words))
    return `${name} is down: ip link set ${name} up type can bitrate 500000`;
  if (/no such device|SIOCGIFINDEX|nametoindex/i.test(words)) return `there is no CAN interface ${name}`;
  if (/address family not supported/i.test(words)) return 'the kernel has no SocketCAN: modprobe can_raw';
  const how = exit.kind === 'exited' ? `status ${exit.code}` : exit.signal;
  return `${program} on ${name} ended (${how})${words === '' ? '' : `: ${words}`}`;
}
