/** The message contract: everything another program needs to speak with a device. */
export * from './alert.ts';
export * from './explain.ts';
export type { AttentionLevel, ClockState, Position, Severity } from './fields.ts';
export { CLOCK_STATES } from './fields.ts';
export * from './ids.ts';
export * from './message.ts';
export * from './topics.ts';
export { toVss, VSS_SIGNALS } from './vss.ts';
export type { VssSignal } from './vss.ts';
export * from './words.ts';
