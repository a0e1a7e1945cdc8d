/**
 * Requests in columns, ordered by object and then by time. A trace arrives in batches of whole objects, whatever the
 * number of requests; nothing is allocated per request.
 */
export interface TraceBatch {
  /** Number of objects. Object `i` has the rows `objectStart[i]` up to `objectStart[i + 1]`. */
  readonly objects: number;
  readonly objectStart: Uint32Array;
  /** UTC milliseconds. */
  readonly time: Float64Array;
  /** Operation code, with {@link FAILED} and {@link UNCHARGED} added. */
  readonly operation: Uint8Array;
  /** Bytes of the object; NaN where the row does not say. */
  readonly size: Float64Array;
  /** Bytes moved; NaN where the row does not say. */
  readonly bytes: Float64Array;
  /** Objects an upload stands for, repetitions of anything else. */
  readonly count: Float64Array;
  /** Class code at upload, or NO_CLASS. */
  readonly storageClass: Uint8Array;
  /** Words of {@link Mark} bits, `markWords` per row: which key prefixes and tags the row has. Empty when no policy asks. */
  readonly marks: Int32Array;
}

/**
 * What a policy wants to know about keys and tags: bit `i` of a row's marks says whether the row matches predicate `i`.
 * The reader works these out, so that the kernel never sees a key.
 */
export type Mark =
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string };

/** Marks held in one word of {@link TraceBatch.marks}. */
export const MARKS_PER_WORD = 31;
