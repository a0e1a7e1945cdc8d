import type { Diagnostic } from '../model/diagnostic.ts';
import { parseTags } from '../model/tags.ts';
import { BatchBuilder } from './batch-builder.ts';
import { MARKS_PER_WORD, type Mark, type Marks, orderMilliseconds, type TraceBatch, type TraceSpan } from './trace.ts';

/** One request as a reader gives it, with the key it belongs to. */
export interface EventRow {
  readonly bucket: string;
  readonly key: string;
  /** {@link packOrder} of time and operation. */
  readonly order: number;
  /** NaN: not given. */
  readonly size: number;
  /** NaN: not given. */
  readonly bytes: number;
  readonly count: number;
  readonly storageClass: number;
  readonly tags: string;
}

/** A trace small enough to be held in memory: what the library reads in a browser. */
export class MemoryTrace {
  readonly span: TraceSpan;
  /** Rows that could not be read and were left out. */
  readonly rejected: readonly Diagnostic[];
  private readonly rows: readonly EventRow[];

  constructor(rows: readonly EventRow[], rejected: readonly Diagnostic[] = []) {
    this.rows = [...rows].sort(compareRows);
    this.rejected = rejected;
    let [first, last] = [Infinity, -Infinity];
    for (const { order } of rows) [first, last] = [Math.min(first, order), Math.max(last, order)];
    this.span = { rows: rows.length, first: orderMilliseconds(first), last: orderMilliseconds(last) };
  }

  /** Hands the trace over in batches of whole objects, with the marks that policies ask for. */
  scan(marks: Marks, consume: (batch: TraceBatch) => void, batchRows?: number): void {
    const builder = new BatchBuilder(marks.words, consume, batchRows);
    let previous: EventRow | undefined;
    for (const row of this.rows) {
      const sameObject = previous !== undefined && row.key === previous.key && row.bucket === previous.bucket;
      if (!sameObject) builder.beginObject();
      builder.add(row.order, row.size, row.bytes, row.count, row.storageClass);
      markWords(row, marks.all).forEach((bits, word) => {
        builder.mark(word, bits);
      });
      if (sameObject && row.order === previous?.order) builder.settleTie();
      previous = row;
    }
    builder.flush();
  }
}

function compareRows(a: EventRow, b: EventRow): number {
  if (a.bucket !== b.bucket) return a.bucket < b.bucket ? -1 : 1;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.order - b.order;
}

function markWords({ key, tags }: EventRow, marks: readonly Mark[]): number[] {
  const words: number[] = [];
  const parsed = marks.some(({ kind }) => kind === 'tag') ? parseTags(tags) : new Map();
  marks.forEach((mark, at) => {
    const has = mark.kind === 'prefix' ? key.startsWith(mark.prefix) : parsed.get(mark.key) === mark.value;
    const word = Math.floor(at / MARKS_PER_WORD);
    words[word] = (words[word] ?? 0) | (has ? 1 << (at % MARKS_PER_WORD) : 0);
  });
  return words;
}
