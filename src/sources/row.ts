import { type Charges, chargeFlags, OWNER_PAYS } from '../model/charges.ts';
import { nearest, quoted } from '../model/diagnostic.ts';
import { isOfBucket, isRead, OPERATION_SPELLINGS, operationCode } from '../model/operation.ts';
import { classCode, LARGEST_OBJECT_BYTES, NO_CLASS, STORAGE_CLASSES } from '../model/storage-class.ts';
import { parseTimestamp } from '../model/time.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { packOrder } from '../trace/trace.ts';
import type { EventColumn } from './columns.ts';
import type { Snapshots } from './snapshots.ts';
import type { Listing, RowReading } from './source.ts';

/** Fields of a row by event column; absent or empty where the input has none. */
export type RowFields = Readonly<Partial<Record<EventColumn, string>>>;

/** What rows are read with besides their text. */
export interface RowSettings {
  readonly charges: Charges;
  /** The buckets whose requests are replayed; all when absent. */
  readonly buckets?: readonly string[];
  /** Inventories the trace begins with. */
  readonly snapshots?: Snapshots;
  /** What the rows are, when they are an inventory's. */
  readonly lists?: Listing['of'];
}

/** What requests of buckets that were not asked for are counted as. */
export const OTHER_BUCKET = 'of another bucket';

/** Reads on what a careful reader gives: a request, what a row is that is none, or, a string, what is wrong with it. */
export function readReading(
  reading: RowReading,
  { charges, buckets, snapshots, lists }: RowSettings,
): EventRow | { readonly kind: string } | string {
  if (typeof reading === 'string') return reading;
  const { fields, kind } = reading;
  const row = kind === undefined ? readRow(fields, charges) : { kind };
  const bucket = fields.bucket || (snapshots?.bucket ?? '');
  const isOther = typeof row !== 'string' && buckets && !buckets.includes(bucket);
  if (isOther) return { kind: OTHER_BUCKET };
  return snapshots && typeof row !== 'string' && 'order' in row ? snapshots.join(row, lists !== undefined) : row;
}

/** Reads the fields of a request. A string is what is wrong with it, with the offending text. */
export function readRow(fields: RowFields, charges: Charges = OWNER_PAYS): EventRow | string {
  const operation = operationCode(fields.operation ?? '');
  if (operation === undefined) return operationProblem(fields.operation ?? '');
  const milliseconds = parseTimestamp(fields.timestamp ?? '');
  if (milliseconds === undefined) {
    return `timestamp ${quoted(fields.timestamp ?? '')} is neither ISO 8601 nor epoch seconds or milliseconds, from 1970 to 2199`;
  }
  if (!fields.key && !isOfBucket(operation)) return 'the key is empty';
  const size = wholeNumber(fields.size, 0, LARGEST_OBJECT_BYTES);
  if (size === undefined) return sizeProblem('size', fields.size!);
  const bytes = wholeNumber(fields.bytes, 0, LARGEST_OBJECT_BYTES);
  if (bytes === undefined) return sizeProblem('bytes', fields.bytes!);
  const count = wholeNumber(fields.count, 1, LARGEST_COUNT);
  if (count === undefined) return `count ${quoted(fields.count!)} is not a whole number from 1 to ${LARGEST_COUNT}`;
  const status = wholeNumber(fields.status, 100, 599);
  if (status === undefined) return `status ${quoted(fields.status!)} is not an HTTP status`;
  const storageClass = fields.storage_class?.trim() ? classCode(fields.storage_class) : NO_CLASS;
  if (storageClass === undefined) return classProblem(fields.storage_class!);
  const notModified = status === 304 && isRead(operation);
  const flags = chargeFlags(status, withoutSpaces(fields.error_code), withoutSpaces(fields.requester), charges);
  return {
    bucket: fields.bucket ?? '',
    key: fields.key ?? '',
    order: packOrder(milliseconds, operation + flags),
    size,
    bytes: notModified && Number.isNaN(bytes) ? 0 : bytes,
    count: Number.isNaN(count) ? 1 : count,
    storageClass,
    tags: fields.tags ?? '',
    versionId: versionId(fields.version_id),
    requestId: fields.request_id ?? '',
  };
}

/** Logs write `-` where no version is named. */
function versionId(text = ''): string {
  const id = withoutSpaces(text);
  return id === '-' ? '' : id;
}

/** What is left of a text without the spaces around it: those the bulk engine takes for such, the class Zs of Unicode. */
function withoutSpaces(text = ''): string {
  let [begin, end] = [0, text.length];
  while (begin < end && SPACE.test(text[begin]!)) begin++;
  while (begin < end && SPACE.test(text[end - 1]!)) end--;
  return text.slice(begin, end);
}

const SPACE = /\p{Zs}/u;

/** Objects one row may stand for, repetitions it may count. */
export const LARGEST_COUNT = 1e9;

/** NaN for an absent or empty field, undefined for anything that is not a whole number in the range. */
export function wholeNumber(text: string | undefined, least: number, most: number): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return Number.NaN;
  if (!/^\+?[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(trimmed)) return undefined;
  const value = Number(trimmed.replaceAll('_', '').replace(/^\+-/, '-'));
  return Number.isInteger(value) && value >= least && value <= most ? Math.abs(value) : undefined;
}

function sizeProblem(column: string, text: string): string {
  const value = Number(text);
  if (value < 0) return `${column} ${quoted(text)} is negative`;
  if (value > LARGEST_OBJECT_BYTES) return `${column} ${quoted(text)} is over 50 TB, the largest object S3 stores`;
  if (Number.isFinite(value)) return `${column} ${quoted(text)} is not a whole number of bytes`;
  return `${column} ${quoted(text)} is not a number of bytes`;
}

function operationProblem(text: string): string {
  const near = nearest(text, Object.values(OPERATION_SPELLINGS).flat());
  return `operation ${quoted(text)} is unknown${near ? `; did you mean ${near}?` : ''}`;
}

function classProblem(text: string): string {
  const near = nearest(text, STORAGE_CLASSES);
  return `storage class ${quoted(text)} is unknown${near ? `; did you mean ${near}?` : ''}`;
}
