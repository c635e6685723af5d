/** The part of node-record-lpcm16 1.0.1 that is used: it brings no types of its own. */
declare module 'node-record-lpcm16' {
  import type { ChildProcessWithoutNullStreams } from 'node:child_process';
  interface RecordOptions {
    readonly recorder: 'arecord' | 'sox' | 'rec';
    readonly device: string;
    readonly sampleRate: number;
    readonly channels: 1;
    readonly audioType: 'raw';
  }
  const recorder: {
    /** Starts the recorder at once. */
    record(options: RecordOptions): { readonly process: ChildProcessWithoutNullStreams };
  };
  export default recorder;
}
