/**
 * Random workloads of few keys and few requests near where rules bite: midnights and their neighbours, 30, 90 and 180
 * days, 128 KB; in versioned buckets many overwrites and deletes within days, by ids that are known, unknown, removed
 * or a marker's. Every object has a size. Where a trace is silent in real life too, workloads keep to one reading: the
 * rows of a key's multipart uploads name the same class, rows of the same instant carry the same tags, no two uploads
 * have the same id, RESTORE rows are not repeated.
 */
import fc from 'fast-check';
import type { Charges } from '../../src/model/charges.ts';
import { OPERATIONS, type Operation } from '../../src/model/operation.ts';
import { STORAGE_CLASSES } from '../../src/model/storage-class.ts';
import type { RowFields } from '../../src/sources/row.ts';
import { DAY, GB, KB, seldom } from './random-units.ts';
import { inOrder, isAct } from './reference/rows.ts';
import { type ReferenceEvent, type ReferenceOptions, type Tags, unsizedEvents } from './reference-model.ts';

/** The last has more bytes than letters. */
export const KEYS: readonly string[] = ['logs/a', 'logs/b', 'photos/a', 'x/é'];

const UPLOADS: readonly Operation[] = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'];
const PARTS: readonly Operation[] = ['CREATE_MULTIPART', 'UPLOAD_PART', 'COMPLETE_MULTIPART', 'ABORT_MULTIPART'];
/** What S3 itself is recorded to have done. */
const ACTS: readonly Operation[] = OPERATIONS.filter((operation) => isAct({ operation, time: 0, key: '' }));
const TAGGED: readonly Operation[] = [...UPLOADS, 'PUT_TAGGING', 'DELETE_TAGGING', 'GET', 'HEAD'];
const IDS = ['a', 'b', 'c', 'd', 'null', '', '-'];

type Shape = Pick<ReferenceOptions, 'from' | 'until' | 'versioning'>;

/**
 * Up to 25 requests of up to 4 keys; some before and some after the horizon.
 * @param recorded whether some are records of what S3 itself did
 */
export function workloads(shape: Shape, recorded = false): fc.Arbitrary<ReferenceEvent[]> {
  const { from, until, versioning = 'unversioned' } = shape;
  const isVersioned = versioning !== 'unversioned';
  const row = fc.record({
    instant: instants((until - from) / DAY, isVersioned),
    operation: recorded
      ? fc.oneof({ weight: 3, arbitrary: operations(isVersioned) }, { weight: 2, arbitrary: acts() })
      : operations(isVersioned),
    key: isVersioned ? fc.constantFrom(KEYS[0]!, KEYS[0]!, KEYS[0]!, KEYS[3]!) : fc.constantFrom(KEYS[0]!, ...KEYS),
    versionId: seldom(isVersioned ? 1 : 9, fc.constantFrom(...IDS)),
    size: fc.option(sizes(), { nil: undefined, freq: 6 }),
    bytes: fc.option(sizes(), { nil: undefined, freq: 2 }),
    count: fc.option(fc.constantFrom(2, 1, 3, 1000, 1_000_000), { nil: undefined, freq: 2 }),
    storageClass: fc.option(fc.constantFrom(...STORAGE_CLASSES), { nil: undefined, freq: 2 }),
    status: statuses(),
    tags: fc.option(tagSets(), { nil: undefined, freq: 2 }),
    unpaid: seldom(7, fc.constant(true)),
  });
  return fc
    .array(row, { maxLength: 25, size: 'max' })
    .map((rows) => rows.map(({ instant, ...rest }) => readable({ time: from * 1000 + instant, ...rest })))
    .map((rows) => unambiguous(rows, shape));
}

/** Milliseconds from the horizon's beginning. Days are small numbers and those numbers plus a minimum duration. */
function instants(days: number, isDense: boolean): fc.Arbitrary<number> {
  const far = isDense
    ? [0, 0, 0, 1, 2, 5, 30, 31, 90]
    : [0, 1, 29, 30, 31, 60, 89, 90, 91, 120, 179, 180, 181, 270, 365];
  const distance = fc.constantFrom(...far);
  const day = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(3), distance).map(([small, far]) => (small + far) % (days + 2)) },
    { weight: 2, arbitrary: fc.nat(days) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(2), distance).map(([small, far]) => -small - far) },
  );
  const second = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(0, 1, -1) },
    { weight: 3, arbitrary: fc.constantFrom(37_800, 43_200, 18_000, 300) },
    { weight: 2, arbitrary: fc.nat(DAY - 1) },
  );
  const millisecond = fc.constantFrom(0, 0, 0, 1, 999);
  return fc.tuple(day, second, millisecond).map(([d, s, ms]) => (d * DAY + s) * 1000 + ms);
}

function operations(isVersioned: boolean): fc.Arbitrary<Operation> {
  const often: Partial<Record<Operation, number>> = isVersioned
    ? { PUT: 14, DELETE: 12, GET: 8, COPY: 2, COPY_SOURCE: 2, SELECT: 2, RESTORE: 2, PUT_TAGGING: 3, UPLOAD_PART: 2 }
    : { PUT: 6, GET: 8, DELETE: 3, COPY_SOURCE: 2, SELECT: 2, RESTORE: 2, UPLOAD_PART: 2 };
  const first = ['PUT', 'GET', 'DELETE'] as const;
  const ordered = [...new Set([...first, ...OPERATIONS])].filter((operation) => !ACTS.includes(operation));
  return fc.oneof(
    { withCrossShrink: true },
    ...ordered.map((operation) => ({ weight: often[operation] ?? 1, arbitrary: fc.constant(operation) })),
  );
}

function acts(): fc.Arbitrary<Operation> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ACTS) },
    { weight: 2, arbitrary: fc.constantFrom('EXPIRE' as const, 'CREATE_DELETE_MARKER' as const) },
    { weight: 1, arbitrary: fc.constantFrom('UPLOAD_PART' as const, 'DELETE_UPLOAD' as const) },
  );
}

function sizes(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(1, 128 * KB - 1, 128 * KB, 128 * KB + 1, 1_000_000, 5 * GB) },
    { weight: 2, arbitrary: fc.nat(300_000) },
    { weight: 1, arbitrary: fc.constantFrom(0, 50 * 2 ** 40) },
  );
}

function statuses(): fc.Arbitrary<number | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom(200, 206) },
    { weight: 3, arbitrary: fc.constantFrom(304, 403, 404, 412) },
    { weight: 2, arbitrary: fc.constantFrom(500, 503, 301, 307) },
  );
}

function tagSets(): fc.Arbitrary<Tags> {
  return fc.dictionary(fc.constantFrom('env', 'team'), fc.constantFrom('a', 'b', ''), {
    maxKeys: 2,
    noNullPrototype: true,
  });
}

type Row = Pick<ReferenceEvent, 'time' | 'operation' | 'key'> & {
  [Name in keyof ReferenceEvent]?: ReferenceEvent[Name] | undefined;
};

/** A row with only what its operation can have. */
function readable(row: Row): ReferenceEvent {
  const { operation } = row;
  const isUpload = UPLOADS.includes(operation);
  const isRead = operation === 'GET' || operation === 'SELECT' || operation === 'COPY_SOURCE';
  const needsSize = isUpload && operation !== 'COMPLETE_MULTIPART';
  const isOfObject = !['LIST', 'CREATE_MULTIPART', 'ABORT_MULTIPART', 'OTHER_READ', 'OTHER_WRITE'].includes(operation);
  const size = isOfObject ? (row.size ?? (needsSize ? 1 : undefined)) : undefined;
  const hasCount = operation !== 'RESTORE';
  const has304 = operation === 'GET' || operation === 'HEAD';
  const status = row.status === 304 && !has304 ? 200 : row.status;
  return defined({
    time: row.time,
    operation,
    key: row.key,
    versionId: operation === 'LIST' || (PARTS.includes(operation) && !isUpload) ? undefined : row.versionId,
    // A part is at most 5 GB, so that what is put together of parts stays an object S3 can hold. Most DELETEs are of
    // no size in real life.
    size:
      operation === 'UPLOAD_PART' && size !== undefined
        ? Math.min(size, 5 * GB)
        : operation === 'DELETE' && size !== undefined && size % 3 !== 0
          ? undefined
          : size,
    bytes: isRead ? row.bytes : undefined,
    count: operation === 'UPLOAD_PART' && row.count ? Math.min(row.count, 3) : hasCount ? row.count : undefined,
    storageClass: row.storageClass,
    status,
    tags: TAGGED.includes(operation) ? row.tags : undefined,
    // Who pays for a failure is another question.
    unpaid: (status ?? 200) < 300 || status === 304 ? row.unpaid : undefined,
  });
}

function defined(row: Row): ReferenceEvent {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as ReferenceEvent;
}

type Changeable = { -readonly [Name in keyof ReferenceEvent]: ReferenceEvent[Name] };

/** Takes away what could be read in two ways, and gives sizes to rows that would be errors without. */
function unambiguous(rows: readonly ReferenceEvent[], shape: Shape): ReferenceEvent[] {
  const changed = rows.map((row): Changeable => ({ ...row }));
  for (const key of KEYS) {
    const ofKey = changed.filter((row) => row.key === key);
    ofKey.sort(inOrder);
    giveIdsOnce(ofKey);
    shareTags(ofKey);
    shareClassOfParts(ofKey.filter(({ time }) => time < shape.until * 1000));
  }
  giveSizes(changed, shape);
  return changed;
}

function giveIdsOnce(rows: readonly Changeable[]): void {
  const given = new Set<string>();
  for (const row of rows) {
    if (!UPLOADS.includes(row.operation) || !row.versionId || row.versionId === 'null' || row.versionId === '-')
      continue;
    while (given.has(row.versionId)) row.versionId += "'";
    given.add(row.versionId);
  }
}

function shareTags(rows: readonly Changeable[]): void {
  const tagged = rows.filter((row) => TAGGED.includes(row.operation));
  for (const row of tagged) {
    const tags = tagged.find((other) => other.time === row.time)!.tags;
    if (tags) row.tags = tags;
    else delete row.tags;
  }
}

function shareClassOfParts(rows: readonly Changeable[]): void {
  const parts = rows.filter((row) => PARTS.includes(row.operation));
  for (const row of parts) {
    const { storageClass } = parts[0]!;
    if (storageClass) row.storageClass = storageClass;
    else delete row.storageClass;
  }
}

/** A size can change the order of rows and with it what is missing. */
function giveSizes(rows: readonly Changeable[], shape: Shape): void {
  for (let missing = unsizedEvents(rows, shape); missing.length > 0; missing = unsizedEvents(rows, shape))
    for (const place of missing) rows[place]!.size = UPLOADS.includes(rows[place]!.operation) ? 1 : 128 * KB;
}

/** The workload as a CSV with the column names of a trace. */
export function workloadCsv(events: readonly ReferenceEvent[]): string {
  const header = Object.keys(workloadFields({ time: 0, operation: 'PUT', key: '' })).join(',');
  return [header, ...events.map((event) => Object.values(workloadFields(event)).join(',')), ''].join('\n');
}

/** A request in the columns of a trace, in their order. */
export function workloadFields(event: ReferenceEvent): RowFields {
  return {
    timestamp: new Date(event.time).toISOString(),
    operation: event.operation,
    key: event.key,
    version_id: event.versionId ?? '',
    size: `${event.size ?? ''}`,
    bytes: `${event.bytes ?? ''}`,
    count: `${event.count ?? ''}`,
    storage_class: event.storageClass ?? '',
    status: `${event.status ?? ''}`,
    tags: Object.entries(event.tags ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
    requester: event.unpaid ? STRANGER : '',
  };
}

/** The bucket's owner, and a requester of another account who pays. */
export const CHARGES: Charges = { account: '111122223333', requesterPays: true };
const STRANGER = 'arn:aws:iam::444455556666:user/stranger';
