/**
 * What waits for the store's worker, in the order of the calls: drafts and calls. Pure bookkeeping.
 *
 * Bounded for drafts. When too many wait (the disk stands still for long) the least important one goes:
 * lowest severity first, the oldest of those; a critical alert never before a notice. What is already at
 * the worker is not touched.
 */
import type { OutboxDraft } from '../contract/index.ts';
import type { Appended } from './store.ts';
import type { CallName } from './worker.ts';

interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export interface WaitingDraft extends Settle<Appended> {
  readonly op: 'append';
  readonly draft: OutboxDraft;
  /** Shared with the worker: 1 once the sound went out. */
  readonly sounded: SharedArrayBuffer;
}

export interface WaitingCall extends Settle<unknown> {
  readonly op: 'call';
  readonly name: CallName;
  readonly args: readonly unknown[];
}

export type Waiting = WaitingDraft | WaitingCall;

const importance = ({ draft }: WaitingDraft): number => (draft.kind === 'gap' ? 4 : draft.severity);

export const isDraft = (item: Waiting): item is WaitingDraft => item.op === 'append';

/** The first call, or all drafts up to the next call (at most `limit`): what one message carries. */
export function headOf(line: readonly Waiting[], limit: number): WaitingCall | WaitingDraft[] {
  const [first] = line;
  if (first?.op === 'call') return first;
  const end = line.findIndex((item) => !isDraft(item));
  return line.slice(0, end < 0 ? limit : Math.min(end, limit)).filter(isDraft);
}

/**
 * The draft that has to go for the bound's sake.
 * @param busy how many at the head are at the worker already
 * @returns null while no more than `max` drafts wait
 */
export function surplusOf(line: readonly Waiting[], busy: number, max: number): WaitingDraft | null {
  const drafts = line.slice(busy).filter(isDraft);
  if (drafts.length <= max) return null;
  return drafts.reduce((least, item) => (importance(item) < importance(least) ? item : least));
}
