import type { Workload } from './comparison.ts';
import { type Diagnostic, formatDiagnostic } from './diagnostic.ts';

/** What became of the rows of some inputs that are not replayed. */
export type RowCounts = Pick<
  Workload,
  'rejections' | 'rowBytes' | 'duplicateRows' | 'otherRows' | 'unknownCopies' | 'sizesFromReads' | 'buckets'
>;

/** Reasons and kinds that are told apart; a hostile input could make up more. */
const NAMED = 100;

/** Counts rows that are left out, by reason, and rows that are no requests, by kind. */
export class RowTally {
  /** Bytes of all rows; NaN where they are not known. */
  bytes = 0;
  duplicates = 0;
  /** Reads of copies' sources, and copied parts of uploads, of which no record tells the bytes. */
  unknownCopies = 0;
  /** Objects whose size is that of their largest read. */
  sizesFromReads = 0;
  readonly buckets = new Set<string>();
  private readonly others = new Map<string, number>();
  private readonly reasons = new Map<string, { rows: number; bytes: number; example: string }>();

  reject(diagnostic: Diagnostic, bytes: number): void {
    this.because(reasonOf(diagnostic.message), 1, bytes, () => formatDiagnostic(diagnostic));
  }

  private because(named: string, rows: number, bytes: number, example: () => string): void {
    const reason = this.reasons.has(named) || this.reasons.size < NAMED ? named : 'other reasons';
    const found = this.reasons.get(reason);
    if (found) {
      found.rows += rows;
      found.bytes += bytes;
    } else this.reasons.set(reason, { rows, bytes, example: example() });
  }

  other(kind: string, rows = 1): void {
    if (rows === 0) return;
    const named = this.others.has(kind) || this.others.size < NAMED ? kind : 'of other kinds';
    this.others.set(named, (this.others.get(named) ?? 0) + rows);
  }

  /** Adds what was counted when rows were read before. The bytes of all are known where both sides know theirs. */
  add(counts: RowCounts): void {
    this.bytes += counts.rowBytes === '0' ? Number.NaN : Number(counts.rowBytes);
    this.duplicates += counts.duplicateRows;
    this.unknownCopies += counts.unknownCopies;
    this.sizesFromReads += counts.sizesFromReads;
    for (const { reason, rows, bytes, example } of counts.rejections)
      this.because(reason, rows, Number(bytes), () => example);
    for (const { kind, rows } of counts.otherRows) this.other(kind, rows);
    for (const bucket of counts.buckets) this.buckets.add(bucket);
  }

  /** Rows that are no requests. */
  get otherRows(): number {
    let rows = 0;
    for (const count of this.others.values()) rows += count;
    return rows;
  }

  counts(): RowCounts {
    const reasons = [...this.reasons].sort(([, a], [, b]) => b.rows - a.rows);
    const others = [...this.others].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
    return {
      rejections: reasons.map(([reason, { rows, bytes, example }]) => ({
        reason,
        rows,
        bytes: String(bytes),
        example,
      })),
      rowBytes: String(this.reasons.size > 0 && this.bytes > 0 ? this.bytes : 0),
      duplicateRows: this.duplicates,
      otherRows: others.map(([kind, rows]) => ({ kind, rows })),
      unknownCopies: this.unknownCopies,
      sizesFromReads: this.sizesFromReads,
      buckets: [...this.buckets].sort(),
    };
  }
}

/** A message without the text it names. */
function reasonOf(message: string): string {
  return message.replace(/'.*'/s, '…').replace(/^\d+/, '…');
}
