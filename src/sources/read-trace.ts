import { type Charges, OWNER_PAYS } from '../model/charges.ts';
import { type Diagnostic, InputError, UsageError } from '../model/diagnostic.ts';
import { RowTally } from '../model/row-tally.ts';
import { type EventRow, MemoryTrace } from '../trace/memory-trace.ts';
import { binaryText } from './bytes.ts';
import type { Renames } from './columns.ts';
import { isPartWithoutSize, pairCopies } from './copies.ts';
import { fallback, namedSources, recogniseText } from './index.ts';
import { readReading } from './row.ts';
import { sizesOfReads } from './sizes-of-reads.ts';

export interface ReadOptions {
  /** Name of the format; recognised by content when absent. */
  readonly format?: string;
  /** Other names of columns. */
  readonly renames?: Renames;
  /** What to do about a row that cannot be read: throw, or leave it out and count it; as its format has it when absent. */
  readonly onBadRow?: 'fail' | 'skip';
  /** Name for messages. */
  readonly file?: string;
  /** Who is charged for requests; the bucket's owner for all that AWS bills, by default. */
  readonly charges?: Charges;
  /** The buckets whose requests are taken; all by default. */
  readonly buckets?: readonly string[];
}

/**
 * Reads a text held in memory (a CSV, a log) into a trace.
 * @throws InputError naming file, line and the offending text; UsageError for a format that is not one of texts
 */
export function readTrace(text: string | Uint8Array, options: ReadOptions = {}): MemoryTrace {
  const { format, renames = {}, file = format ?? 'text', charges = OWNER_PAYS, buckets } = options;
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const start = new TextDecoder().decode(bytes.subarray(0, START_BYTES));
  const found = format === undefined ? [recogniseText(start, file) ?? fallback] : namedSources(format);
  const source = found.find(({ holds }) => holds === 'text');
  if (source?.holds !== 'text') throw new UsageError(`${found[0]!.title} is no text with requests in it`);
  const tally = new RowTally();
  const rows: EventRow[] = [];
  const bad: Diagnostic[] = [];
  const opened = source.open(start, { file, renames });
  for (const { reading, line, raw } of opened.rows().read(binaryText(bytes), true)) {
    const row = readReading(reading, { charges, ...(buckets && { buckets }) });
    tally.bytes += raw.length;
    if (typeof row === 'string') {
      const diagnostic: Diagnostic = { severity: 'error', message: row, where: { file, line } };
      bad.push(diagnostic);
      tally.reject(diagnostic, raw.length);
    } else if ('kind' in row) tally.other(row.kind);
    else rows.push(row);
  }
  if (bad.length > 0 && (options.onBadRow ?? source.onBadRow) === 'fail') throw new InputError(bad.slice(0, 10));
  const paired = opened.hasCopiesInPairs ? pairCopies(rows) : { rows, unknown: 0 };
  const sized = opened.hasSizesOfReadsOnly ? sizesOfReads(paired.rows) : { rows: paired.rows, objects: 0 };
  const parts = sized.rows.filter(({ order, size }) => isPartWithoutSize(order, size));
  tally.unknownCopies = paired.unknown + (source.isLog ? parts.length : 0);
  tally.sizesFromReads = sized.objects;
  return new MemoryTrace(sized.rows, bad, tally);
}

/** Bytes of a text in which its header must end. */
const START_BYTES = 2 ** 20;

/**
 * Reads a CSV held in memory into a trace.
 * @throws InputError naming file, line and the offending text
 */
export function readCsv(text: string, options: Omit<ReadOptions, 'format'> = {}): MemoryTrace {
  return readTrace(text, { ...options, format: 'csv' });
}
