import type { TraceBatch } from '../trace/trace.ts';

/** A batch that whoever is first replays: the thread that got it, or the one that gave it. */
export interface LentBatch {
  readonly batch: TraceBatch;
  /** In memory that both share. */
  readonly claim: Int32Array;
}

/** Whether nobody asked before: then the batch is the asker's to replay. */
export function isFirst(claim: Int32Array): boolean {
  return Atomics.exchange(claim, 0, 1) === 0;
}
