/**
 * The middle of a frame's way, the same for a live drive and a replay: captured -> perceive -> judge.
 *
 * In:  captured frames and windows of sound, in the order in which they shall be perceived.
 * Out: observations in the judge; each is shown to `onSeen` once it is judged.
 */
import type { Captured } from './capture/streams.ts';
import type { Judging } from './judging.ts';
import type { FaceSeen, NoFace, VoiceSeen } from './perceive/observation.ts';
import type { PerceiveClient } from './perceive/client.ts';

export interface FlowStages {
  readonly perceive: Pick<PerceiveClient, 'perceiveFrame' | 'perceiveWindow'>;
  readonly judging: Judging;
  /** Left out = all; false leaves an item out before it costs anything. */
  readonly isWanted?: (captured: Captured) => boolean;
  readonly onSeen?: (seen: FaceSeen | NoFace | VoiceSeen) => void;
}

/** Runs until the captured items end. A frame that perception loses (`null`) is counted there and passed over. */
export async function flow(captured: AsyncIterable<Captured>, stages: FlowStages): Promise<void> {
  const { judging, isWanted = () => true, onSeen } = stages;
  for await (const item of captured) {
    const seen = isWanted(item) ? await perceived(item, stages.perceive) : null;
    if (item.kind === 'frame') item.release();
    if (seen === null) continue;
    judging.observe(seen);
    onSeen?.(seen);
  }
}

function perceived(
  item: Captured,
  perceive: FlowStages['perceive'],
): Promise<FaceSeen | NoFace | VoiceSeen | null> {
  return item.kind === 'frame'
    ? perceive.perceiveFrame(item.slot, item.meta)
    : perceive.perceiveWindow(item.window);
}
