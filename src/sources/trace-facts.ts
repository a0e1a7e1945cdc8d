import { InputError, quoted, quotedValue } from '../model/diagnostic.ts';
import type { RowCounts } from '../model/row-tally.ts';
import { DAY_SECONDS, type Horizon, LAST_INSTANT } from '../model/time.ts';
import type { TableMetadata } from './source.ts';

/** What an ingested trace is, as its file says in its metadata under {@link TRACE_KEY}, in JSON. */
export interface TraceFacts {
  readonly schema: typeof TRACE_SCHEMA;
  /** Version of the program that wrote it. */
  readonly tiercast: string;
  /** Requests. */
  readonly rows: number;
  readonly objects: number;
  /** First and last request: ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
  /** A request names a version other than `null`. */
  readonly namesVersions: boolean;
  /** Rows of S3's own lifecycle, by the names logs have for them; absent when there are none. */
  readonly acts?: RowCounts['otherRows'];
  readonly hasTags: boolean;
  /** Rows of each run: a run is in order of object, time and operation. Run 0 was written first. */
  readonly runs: readonly number[];
  /** Formats of the inputs it was made of: the name `--format` takes, that of a person, and the number of files. */
  readonly formats: readonly { readonly name: string; readonly title: string; readonly files: number }[];
  /** What a row that could not be read did. */
  readonly onBadRow: 'fail' | 'skip';
  /** Rows of the inputs that could not be read and are left out. */
  readonly rejectedRows: number;
  /** The same by reason, log records that came again, and rows that are no requests of a user by kind, which are left out as well; and the buckets of the requests. */
  readonly counts: RowCounts;
  /** The days its inputs say they are about, in UTC seconds, when they say so. */
  readonly horizon?: Horizon;
}

export const TRACE_SCHEMA = 'tiercast.trace/1';

/** Key of the metadata with the {@link TraceFacts}. */
export const TRACE_KEY = 'tiercast.trace';

/** Key of the metadata with the inputs, one a line: the first half of its SHA-256 in hexadecimal, its bytes, and its name as JSON. */
export const INPUTS_KEY = 'tiercast.inputs';

/**
 * What a trace's metadata says.
 * @throws InputError when it is of another schema than this program's
 */
export function readTraceFacts(metadata: TableMetadata, file: string): TraceFacts {
  const fail = (message: string): never => {
    throw new InputError([{ severity: 'error', message, where: { file } }]);
  };
  const text = metadata.get(TRACE_KEY);
  if (text === undefined) return fail('this is no trace that tiercast ingest wrote: it has no metadata of one');
  let facts: TraceFacts;
  try {
    facts = JSON.parse(text);
  } catch (error) {
    return fail(`the metadata ${quoted(TRACE_KEY)} is not valid JSON: ${(error as Error).message}`);
  }
  if (facts?.schema !== TRACE_SCHEMA) {
    return fail(
      `the trace is of schema ${quotedValue(facts?.schema)}, not ${quoted(TRACE_SCHEMA)}; ingest the logs again`,
    );
  }
  return isWhole(facts) ? facts : fail(`the metadata ${quoted(TRACE_KEY)} is not as tiercast ingest writes it`);
}

function isWhole({
  rows,
  objects,
  rejectedRows,
  acts = [],
  first,
  last,
  runs,
  formats,
  onBadRow,
  counts,
  horizon,
}: TraceFacts): boolean {
  return (
    areWhole(rows, objects, rejectedRows) &&
    isKinds(acts) &&
    isSpan(first, last) &&
    isListOf(runs, (rows) => areWhole(rows)) &&
    sumOf(runs) === rows + sumOf(acts.map((act) => act.rows)) &&
    isListOf(formats, (one) => areTexts(one?.name, one?.title) && areWhole(one.files)) &&
    ['fail', 'skip'].includes(onBadRow) &&
    isCounts(counts) &&
    (horizon === undefined || isHorizon(horizon))
  );
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function isSpan(first: unknown, last: unknown): boolean {
  const [begin, end] = [first, last].map((time) => (typeof time === 'string' ? Date.parse(time) : Number.NaN));
  return begin! >= 0 && begin! <= end! && end! <= LAST_INSTANT;
}

/** Whole days in which there can be requests. */
function isHorizon(horizon: Horizon | null): boolean {
  const { from, until } = horizon ?? {};
  const areDays = [from, until].every((time) => Number.isInteger(time) && time! % DAY_SECONDS === 0);
  return areDays && from! >= 0 && from! < until! && until! * 1000 <= LAST_INSTANT + 1;
}

function isCounts(counts: RowCounts): boolean {
  const { rejections, rowBytes, duplicateRows, otherRows, unknownCopies, sizesFromReads, buckets } = counts ?? {};
  return (
    areWhole(duplicateRows, unknownCopies, sizesFromReads) &&
    isAmount(rowBytes) &&
    isListOf(rejections, (one) => areTexts(one?.reason, one?.example) && areWhole(one.rows) && isAmount(one.bytes)) &&
    isKinds(otherRows) &&
    isListOf(buckets, (bucket) => areTexts(bucket))
  );
}

function isKinds(kinds: RowCounts['otherRows'] | undefined): boolean {
  return isListOf(kinds, (one) => areTexts(one?.kind) && areWhole(one.rows));
}

function isListOf<T>(list: readonly T[] | undefined, isOne: (one: T) => boolean): boolean {
  return Array.isArray(list) && list.every(isOne);
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function areWhole(...values: readonly unknown[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
}

/** Bytes as a text of digits. */
function isAmount(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,16}$/.test(value);
}
