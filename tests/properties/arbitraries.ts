/**
 * Random workloads and policies for properties: few keys, few requests, and everything near where rules bite (midnights
 * and their neighbours, 30, 90 and 180 days, 128 KB). Everything generated is valid: every object has a size, every
 * configuration is one S3 accepts. Where a trace is silent in real life too, workloads keep to one reading: the rows of
 * a key's multipart uploads name the same class, rows of the same instant carry the same tags, RESTORE rows are not
 * repeated.
 */
import fc from 'fast-check';
import { OPERATIONS, type Operation } from '../../src/model/operation.ts';
import { STORAGE_CLASSES, type StorageClass } from '../../src/model/storage-class.ts';
import { RESTORE_TIERS } from '../../src/model/usage-type.ts';
import type {
  Filter,
  IntelligentTieringConfiguration,
  LifecycleConfiguration,
  LifecycleRule,
  ReferenceEvent,
  ReferenceOptions,
  ReferencePolicy,
  Tag,
} from './reference-model.ts';

/** A workload, a policy and options that belong together; the events are in the order of their generation, not of time. */
export interface Scenario {
  readonly events: readonly ReferenceEvent[];
  readonly policy: ReferencePolicy;
  readonly options: ReferenceOptions;
}

const DAY = 86_400;
const KB = 1_024;
const GB = 2 ** 30;
/** 2023-12-01: a leap day and the ends of a year are near. */
const EPOCH_DAY = Date.UTC(2023, 11, 1) / 1000 / DAY;
const KEYS = ['logs/a', 'logs/b', 'photos/a', 'x'];
const UPLOADS: readonly Operation[] = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'];
const PARTS: readonly Operation[] = ['CREATE_MULTIPART', 'UPLOAD_PART', 'COMPLETE_MULTIPART', 'ABORT_MULTIPART'];

export function scenarios(): fc.Arbitrary<Scenario> {
  return fc
    .tuple(options(), policies())
    .chain(([chosen, policy]) => workloads(chosen).map((events) => ({ events, policy, options: chosen })));
}

/** Horizons of 1 to 400 days. */
function options(): fc.Arbitrary<ReferenceOptions> {
  const length = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(1, 31, 91, 182, 366, 400));
  return fc
    .record({
      firstDay: fc.nat(120),
      length,
      restoreTier: fc.constantFrom('standard' as const, ...RESTORE_TIERS),
      restoreDays: fc.constantFrom(1, 2, 3, 10, 40),
      egress: fc.boolean(),
      earlyDeleteOverhead: fc.constantFrom('included' as const, 'excluded' as const),
    })
    .map(({ firstDay, length, ...rest }) => {
      const from = (EPOCH_DAY + firstDay) * DAY;
      return { from, until: from + length * DAY, ...rest };
    });
}

/** Up to 25 requests of up to 4 keys; some before and some after the horizon. */
function workloads({ from, until }: Pick<ReferenceOptions, 'from' | 'until'>): fc.Arbitrary<ReferenceEvent[]> {
  const row = fc.record({
    instant: instants((until - from) / DAY),
    operation: operations(),
    key: fc.constantFrom(KEYS[0]!, KEYS[0]!, ...KEYS),
    size: fc.option(sizes(), { nil: undefined, freq: 6 }),
    bytes: fc.option(sizes(), { nil: undefined, freq: 2 }),
    count: fc.option(fc.constantFrom(2, 1, 3, 1000, 1_000_000), { nil: undefined, freq: 2 }),
    storageClass: fc.option(fc.constantFrom(...STORAGE_CLASSES), { nil: undefined, freq: 2 }),
    status: statuses(),
    tags: fc.option(tagSets(), { nil: undefined, freq: 2 }),
  });
  return fc
    .array(row, { maxLength: 25, size: 'max' })
    .map((rows) => rows.map(({ instant, ...rest }) => readable({ time: from * 1000 + instant, ...rest })))
    .map((rows) => unambiguous(rows, until));
}

/** Milliseconds from the horizon's beginning. Days are small numbers and those numbers plus a minimum duration. */
function instants(days: number): fc.Arbitrary<number> {
  const distance = fc.constantFrom(0, 1, 29, 30, 31, 60, 89, 90, 91, 120, 179, 180, 181, 270, 365);
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

function operations(): fc.Arbitrary<Operation> {
  const often: Partial<Record<Operation, number>> = {
    PUT: 6,
    GET: 8,
    DELETE: 3,
    SELECT: 2,
    RESTORE: 2,
    UPLOAD_PART: 2,
  };
  const first: readonly Operation[] = ['PUT', 'GET', 'DELETE'];
  const ordered = [...first, ...OPERATIONS.filter((operation) => !first.includes(operation))];
  return fc.oneof(
    { withCrossShrink: true },
    ...ordered.map((operation) => ({ weight: often[operation] ?? 1, arbitrary: fc.constant(operation) })),
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

function tagSets(): fc.Arbitrary<Record<string, string>> {
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
  const isRead = operation === 'GET' || operation === 'SELECT';
  const needsSize = isUpload && operation !== 'COMPLETE_MULTIPART';
  const hasSize = !['LIST', 'CREATE_MULTIPART', 'ABORT_MULTIPART'].includes(operation);
  const size = hasSize ? (row.size ?? (needsSize ? 1 : undefined)) : undefined;
  const hasCount = operation !== 'RESTORE';
  const has304 = operation === 'GET' || operation === 'HEAD';
  return defined({
    time: row.time,
    operation,
    key: row.key,
    // A part is at most 5 GB, so that what is put together of parts stays an object S3 can hold.
    size: operation === 'UPLOAD_PART' && size !== undefined ? Math.min(size, 5 * GB) : size,
    bytes: isRead ? row.bytes : undefined,
    count: operation === 'UPLOAD_PART' && row.count ? Math.min(row.count, 3) : hasCount ? row.count : undefined,
    storageClass: row.storageClass,
    status: row.status === 304 && !has304 ? 200 : row.status,
    tags: isUpload || operation === 'PUT_TAGGING' ? row.tags : undefined,
  });
}

function defined(row: Row): ReferenceEvent {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as ReferenceEvent;
}

/** Gives sizes to rows that would be errors without, and takes away what could be read in two ways. */
function unambiguous(rows: readonly ReferenceEvent[], until: number): ReferenceEvent[] {
  const changed = rows.map((row) => ({ ...row }) as { -readonly [Name in keyof ReferenceEvent]: ReferenceEvent[Name] });
  const inOrder = [...changed]
    .filter((row) => row.time < until * 1000)
    .sort((a, b) => a.time - b.time || OPERATIONS.indexOf(a.operation) - OPERATIONS.indexOf(b.operation));
  for (const key of KEYS) {
    const ofKey = inOrder.filter((row) => row.key === key);
    shareTags(ofKey);
    shareClassOfParts(ofKey);
    giveSizes(ofKey);
  }
  return changed;
}

type Changeable = { -readonly [Name in keyof ReferenceEvent]: ReferenceEvent[Name] };

function shareTags(rows: readonly Changeable[]): void {
  const tagged = rows.filter((row) => UPLOADS.includes(row.operation) || row.operation === 'PUT_TAGGING');
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

function giveSizes(rows: readonly Changeable[]): void {
  const effective = rows.filter(({ status = 200 }) => status < 300 || status === 304);
  let parts = 0;
  for (const row of effective) {
    if (row.operation === 'UPLOAD_PART') parts++;
    if (row.operation === 'COMPLETE_MULTIPART' && parts === 0) row.size ??= 1;
    if (row.operation === 'COMPLETE_MULTIPART' || row.operation === 'ABORT_MULTIPART') parts = 0;
  }
  const first = effective.find(
    (row) => row.operation !== 'LIST' && (UPLOADS.includes(row.operation) || !PARTS.includes(row.operation)),
  );
  if (first && first.operation !== 'DELETE') first.size ??= 128 * KB;
}

/** Fixed classes, as-is, and documents with valid lifecycle and archive configurations. */
function policies(): fc.Arbitrary<ReferencePolicy> {
  const fixed = fc.constantFrom(...STORAGE_CLASSES).map((uploadStorageClass) => ({ uploadStorageClass, fixed: true }));
  const document = fc
    .record({
      uploadStorageClass: fc.option(fc.constantFrom(...STORAGE_CLASSES), { nil: undefined, freq: 1 }),
      lifecycle: fc.option(lifecycles(), { nil: undefined, freq: 6 }),
      intelligentTiering: fc.option(archiveConfigurations(), { nil: undefined, freq: 1 }),
    })
    .map((policy) => withoutUndefined<ReferencePolicy>(policy));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fixed },
    { weight: 3, arbitrary: intelligentTieringDocuments() },
    { weight: 8, arbitrary: document },
  );
}

/** Everything in Intelligent-Tiering with archive tiers, perhaps moving on: what a random document seldom is. */
function intelligentTieringDocuments(): fc.Arbitrary<ReferencePolicy> {
  return fc
    .record({
      intelligentTiering: archiveConfigurations(1),
      lifecycle: fc.option(lifecycles(), { nil: undefined, freq: 1 }),
    })
    .map((policy) => withoutUndefined({ uploadStorageClass: 'INTELLIGENT_TIERING', fixed: true, ...policy }));
}

/** Lifecycle configurations of one to four rules that S3 accepts. */
function lifecycles(): fc.Arbitrary<LifecycleConfiguration> {
  return fc.record({
    TransitionDefaultMinimumObjectSize: fc.constantFrom(
      'all_storage_classes_128K' as const,
      'varies_by_storage_class' as const,
    ),
    Rules: fc
      .array(rules(), { minLength: 1, maxLength: 4 })
      .map((list) => list.map((rule, i) => ({ ID: `rule-${i + 1}`, ...rule }))),
  });
}

function rules(): fc.Arbitrary<LifecycleRule> {
  const moving = fc
    .record({
      Status: statusesOfRules(),
      Filter: filters(true),
      schedule: schedules(),
      expiry: fc.option(fc.constantFrom(1, 2, 30, 60, 200), { nil: undefined, freq: 1 }),
      dated: fc.option(fc.integer({ min: -60, max: 500 }), { nil: undefined, freq: 1 }),
    })
    .map(({ Status, Filter, schedule, expiry, dated }) => {
      const when = (days: number) =>
        dated === undefined ? { Days: days } : { Date: isoDate(EPOCH_DAY + dated + days) };
      const last = schedule.at(-1)?.days ?? 0;
      const afterAll = expiry ?? (schedule.length === 0 ? 30 : undefined);
      return withoutUndefined<LifecycleRule>({
        Status,
        Filter,
        Transitions:
          schedule.length > 0
            ? schedule.map(({ days, storageClass }) => ({ ...when(days), StorageClass: storageClass }))
            : undefined,
        Expiration: afterAll === undefined ? undefined : when(last + afterAll),
      });
    });
  // Neither tags nor sizes may stand beside AbortIncompleteMultipartUpload.
  const aborting = fc
    .record({ Status: statusesOfRules(), Prefix: prefixes(), days: fc.constantFrom(1, 2, 7, 30) })
    .map(({ Status, Prefix, days }): LifecycleRule => {
      return { Status, Filter: { Prefix }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } };
    });
  return fc.oneof({ weight: 8, arbitrary: moving }, { weight: 1, arbitrary: aborting });
}

function statusesOfRules(): fc.Arbitrary<'Enabled' | 'Disabled'> {
  return fc.constantFrom('Enabled', 'Enabled', 'Enabled', 'Enabled', 'Enabled', 'Disabled');
}

/** Transitions of one rule: classes ever colder, with the gaps S3 asks for. */
function schedules(): fc.Arbitrary<{ days: number; storageClass: StorageClass }[]> {
  const waterfall: readonly StorageClass[] = [
    'STANDARD_IA',
    'INTELLIGENT_TIERING',
    'ONEZONE_IA',
    'GLACIER_IR',
    'GLACIER',
    'DEEP_ARCHIVE',
  ];
  // ONEZONE_IA cannot go on to GLACIER_IR.
  const chain = fc
    .subarray([...waterfall], { maxLength: 4 })
    .map((classes) => classes.filter((name) => !(name === 'GLACIER_IR' && classes.includes('ONEZONE_IA'))));
  const waits = fc.array(fc.constantFrom(0, 1, 5, 30, 60, 90), { minLength: 4, maxLength: 4 });
  return fc.tuple(chain, waits).map(([classes, extra]) => {
    let earliest = 0;
    return classes.map((storageClass, i) => {
      const isInfrequent = storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA';
      const days = Math.max(earliest, isInfrequent ? 30 : 0) + extra[i]!;
      earliest = days + gapAfter(storageClass);
      return { days, storageClass };
    });
  });
}

function gapAfter(storageClass: StorageClass): number {
  if (storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA') return 30;
  return storageClass === 'GLACIER_IR' || storageClass === 'GLACIER' ? 90 : 1;
}

function prefixes(): fc.Arbitrary<string> {
  return fc.constantFrom('', 'logs/', 'logs/a', 'photos/', 'lo', 'none/');
}

function tags(): fc.Arbitrary<Tag> {
  return fc.record({ Key: fc.constantFrom('env', 'team'), Value: fc.constantFrom('a', 'b', '') });
}

/** One predicate, or none, or `And` with at least two. Intelligent-Tiering's filters have no sizes. */
function filters(withSizes: boolean): fc.Arbitrary<Filter> {
  const bounds = fc.constantFrom(0, 1, 1000, 128 * KB - 1, 128 * KB, 128 * KB + 1, 5 * GB);
  const size: fc.Arbitrary<Filter>[] = [
    bounds.map((ObjectSizeGreaterThan) => ({ ObjectSizeGreaterThan })),
    bounds.map((bound) => ({ ObjectSizeLessThan: Math.max(bound, 1) })),
  ];
  const and = fc
    .record({
      Prefix: fc.option(prefixes(), { nil: undefined, freq: 2 }),
      Tags: fc.option(fc.uniqueArray(tags(), { minLength: 1, maxLength: 2, selector: ({ Key }) => Key }), {
        nil: undefined,
        freq: 1,
      }),
      limits: fc.option(fc.uniqueArray(bounds, { minLength: 2, maxLength: 2 }), { nil: undefined, freq: 1 }),
      sides: fc.constantFrom('both', 'above', 'below'),
    })
    .map(({ Prefix, Tags, limits, sides }): Filter => {
      const [low, high] = limits && withSizes ? limits.sort((a, b) => a - b) : [];
      const And = withoutUndefined<NonNullable<Filter['And']>>({
        Prefix,
        Tags,
        ObjectSizeGreaterThan: sides === 'below' ? undefined : low,
        ObjectSizeLessThan: sides === 'above' ? undefined : high,
      });
      return predicatesOf(And) >= 2 ? { And } : { Prefix: Prefix ?? '' };
    });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: prefixes().map((Prefix) => ({ Prefix })) },
    { weight: 2, arbitrary: tags().map((Tag) => ({ Tag })) },
    ...(withSizes ? size.map((arbitrary) => ({ weight: 1, arbitrary })) : []),
    { weight: 3, arbitrary: and },
  );
}

function predicatesOf({ Tags = [], ...others }: NonNullable<Filter['And']>): number {
  return Tags.length + Object.keys(others).length;
}

/** Configurations of Intelligent-Tiering's archive tiers; at most one, since S3 does not say which of several holds. */
function archiveConfigurations(minLength = 0): fc.Arbitrary<IntelligentTieringConfiguration[]> {
  const days = fc.constantFrom(90, 91, 120, 180);
  const configuration = fc
    .record({
      Status: statusesOfRules(),
      Filter: fc.option(filters(false), { nil: undefined, freq: 1 }),
      archive: days,
      deeper: fc.constantFrom(1, 90, 200),
      tiers: fc.constantFrom('both', 'archive', 'deep archive'),
    })
    .map(({ Status, Filter, archive, deeper, tiers }) =>
      withoutUndefined<IntelligentTieringConfiguration>({
        Id: 'archive',
        Status,
        Filter,
        Tierings: [
          ...(tiers === 'deep archive' ? [] : [{ Days: archive, AccessTier: 'ARCHIVE_ACCESS' as const }]),
          ...(tiers === 'archive'
            ? []
            : [{ Days: Math.max(180, archive + deeper), AccessTier: 'DEEP_ARCHIVE_ACCESS' as const }]),
        ],
      }),
    );
  return fc.array(configuration, { minLength, maxLength: 1 });
}

function isoDate(day: number): string {
  return new Date(day * DAY * 1000).toISOString();
}

function withoutUndefined<T extends object>(value: { [Name in keyof T]: T[Name] | undefined } | object): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** The workload as a CSV with the column names of a trace. */
export function workloadCsv(events: readonly ReferenceEvent[]): string {
  const lines = events.map(({ time, operation, key, size, bytes, count, storageClass, status, tags: set = {} }) =>
    [
      new Date(time).toISOString(),
      operation,
      key,
      size ?? '',
      bytes ?? '',
      count ?? '',
      storageClass ?? '',
      status ?? '',
      Object.entries(set)
        .map(([name, value]) => `${name}=${value}`)
        .join('&'),
    ].join(','),
  );
  return ['timestamp,operation,key,size,bytes,count,storage_class,status,tags', ...lines, ''].join('\n');
}
