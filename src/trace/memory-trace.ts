import type { Diagnostic } from '../model/diagnostic.ts';
import { ACT_NAMES, isAct, operationOf } from '../model/operation.ts';
import { RowTally } from '../model/row-tally.ts';
import { parseTags } from '../model/tags.ts';
import { BatchBuilder } from './batch-builder.ts';
import {
  MARKS_PER_WORD,
  type Mark,
  type Marks,
  NO_VERSION,
  NULL_VERSION,
  orderMilliseconds,
  orderOperation,
  type TraceBatch,
  type TraceSpan,
} from './trace.ts';

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
  /** Id of the version it names: empty for none, `null` for the null version. */
  readonly versionId: string;
  /** Empty where the row gives none. */
  readonly requestId: string;
}

/** An object of a trace by its names. */
export interface TracedObject {
  /** Empty where rows name none. */
  readonly bucket: string;
  /** Empty for requests of the bucket itself. */
  readonly key: string;
  /** Version ids by the numbers that stand for them in the object's rows. */
  readonly versionIds?: ReadonlyMap<number, string>;
}

/** A trace small enough to be held in memory: what the library reads in a browser. */
export class MemoryTrace {
  readonly span: TraceSpan;
  /** Rows that could not be read and were left out. */
  readonly rejected: readonly Diagnostic[];
  /** Rows that were not taken. */
  readonly tally: RowTally;
  private readonly rows: readonly EventRow[];

  /** @param tally of the rows that are not among `rows`; duplicates, and what S3's own lifecycle did, are added to it */
  constructor(rows: readonly EventRow[], rejected: readonly Diagnostic[] = [], tally: RowTally = new RowTally()) {
    this.rows = withoutDuplicates([...rows].sort(compareRows));
    this.rejected = rejected;
    this.tally = tally;
    tally.duplicates += rows.length - this.rows.length;
    for (const row of rows) if (isActRow(row)) tally.other(ACT_NAMES[operationOf(orderOperation(row.order))]!);
    const requests = rows.filter((row) => !isActRow(row));
    for (const { bucket } of requests) if (bucket !== '') tally.buckets.add(bucket);
    let [first, last] = [Infinity, -Infinity];
    for (const { order } of requests) [first, last] = [Math.min(first, order), Math.max(last, order)];
    this.span = {
      rows: requests.length,
      first: orderMilliseconds(first),
      last: orderMilliseconds(last),
      namesVersions: requests.some(({ versionId }) => versionId !== '' && versionId !== NULL_ID),
      hasTags: requests.some(({ tags }) => tags !== ''),
    };
  }

  /** Its rows, in the order of bucket, key, time and operation. */
  get events(): readonly EventRow[] {
    return this.rows;
  }

  /** Its rows but for what S3's own lifecycle did. */
  get requests(): readonly EventRow[] {
    return this.rows.filter((row) => !isActRow(row));
  }

  /** Whether its requests are of several buckets. */
  get hasBuckets(): boolean {
    const { requests } = this;
    return requests.some(({ bucket }) => bucket !== requests[0]!.bucket);
  }

  /**
   * Hands the trace over in batches of whole objects, with the marks that policies ask for.
   * @param groupOf number of a row's group
   */
  scan(
    marks: Marks,
    consume: (batch: TraceBatch) => void,
    batchRows?: number,
    groupOf?: (row: EventRow) => number,
  ): void {
    const builder = new BatchBuilder(marks.words, consume, batchRows === undefined ? {} : { batchRows });
    let previous: EventRow | undefined;
    let versions = NO_VERSIONS;
    for (const [at, row] of this.rows.entries()) {
      const sameObject = previous !== undefined && row.key === previous.key && row.bucket === previous.bucket;
      if (!sameObject) {
        builder.beginObject(utf8Bytes(row.key));
        versions = this.versionsOf(at);
      }
      builder.add(row.order, row.size, row.bytes, row.count, row.storageClass);
      if (row.versionId !== '' || row.tags !== '') {
        builder.describe(versions.get(row.versionId)!, Math.min(parseTags(row.tags).size, MOST_TAGS));
      }
      if (groupOf) builder.setGroup(groupOf(row));
      markWords(row, marks.all).forEach((bits, word) => {
        builder.mark(word, bits);
      });
      if (sameObject && row.order === previous?.order) builder.settleTie();
      previous = row;
    }
    builder.flush();
  }

  /** The objects, in the order in which {@link scan} hands them over. */
  get objects(): readonly TracedObject[] {
    const objects: TracedObject[] = [];
    let previous: EventRow | undefined;
    for (const [at, row] of this.rows.entries()) {
      if (previous && row.key === previous.key && row.bucket === previous.bucket) continue;
      const named = [...this.versionsOf(at)].filter(([id]) => id !== '');
      const versionIds = new Map(named.map(([id, version]) => [version, id]));
      objects.push({ bucket: row.bucket, key: row.key, versionIds });
      previous = row;
    }
    return objects;
  }

  /** The rows of some objects alone. */
  where(isWanted: (row: EventRow) => boolean): MemoryTrace {
    return new MemoryTrace(this.rows.filter(isWanted));
  }

  /** Numbers of the version ids of the object whose rows begin at `first`, in order of the ids, whatever the order of the rows. */
  private versionsOf(first: number): ReadonlyMap<string, number> {
    const { bucket, key } = this.rows[first]!;
    const ids = new Set<string>();
    for (let at = first; at < this.rows.length; at++) {
      const row = this.rows[at]!;
      if (row.key !== key || row.bucket !== bucket) break;
      if (row.versionId !== '' && row.versionId !== NULL_ID) ids.add(row.versionId);
    }
    if (ids.size === 0) return NO_VERSIONS;
    return new Map([...NO_VERSIONS, ...[...ids].sort().map((id, at) => [id, NULL_VERSION + 1 + at] as const)]);
  }
}

/** Tags that a column of bytes counts; S3 allows ten. */
const MOST_TAGS = 255;

/** What S3 calls the version of an object that has no id. */
const NULL_ID = 'null';

const NO_VERSIONS: ReadonlyMap<string, number> = new Map([
  ['', NO_VERSION],
  [NULL_ID, NULL_VERSION],
]);

const UTF8 = new TextEncoder();

function utf8Bytes(text: string): number {
  return UTF8.encode(text).length;
}

export function compareRows(a: EventRow, b: EventRow): number {
  if (a.bucket !== b.bucket) return a.bucket < b.bucket ? -1 : 1;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.order !== b.order) return a.order - b.order;
  return (
    compareTexts(a.requestId, b.requestId) ||
    compareTexts(a.versionId, b.versionId) ||
    compareNumbers(a.size, b.size) ||
    compareNumbers(a.bytes, b.bytes)
  );
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Missing numbers (NaN) first. */
function compareNumbers(a: number, b: number): number {
  return (Number.isNaN(a) ? -1 : a) - (Number.isNaN(b) ? -1 : b);
}

/**
 * Rows without those that say the same of one request again, of rows in order. S3 may deliver a record twice; one request
 * may remove several versions of a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export function withoutDuplicates<T extends EventRow>(sorted: readonly T[]): T[] {
  return sorted.filter(
    (row, at) => at === 0 || row.requestId === '' || isActRow(row) || compareRows(sorted[at - 1]!, row) !== 0,
  );
}

/** Whether a row is no request, but what S3's own lifecycle did. */
export function isActRow({ order }: EventRow): boolean {
  return isAct(operationOf(orderOperation(order)));
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
