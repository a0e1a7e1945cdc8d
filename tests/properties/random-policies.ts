/** Random policies near where rules bite (30, 90 and 180 days, 128 KB); every configuration is one S3 accepts. */
import fc from 'fast-check';
import { STORAGE_CLASSES, type StorageClass } from '../../src/model/storage-class.ts';
import { DAY, EPOCH_DAY, GB, KB, withoutUndefined } from './random-units.ts';
import type {
  Filter,
  IntelligentTieringConfiguration,
  LifecycleConfiguration,
  LifecycleRule,
  ReferencePolicy,
  Tag,
  WhenNoncurrent,
} from './reference-model.ts';

/**
 * Fixed classes, as-is, and documents with valid lifecycle and archive configurations.
 * @param versioned whether actions on noncurrent versions and delete markers are many and their days few
 */
export function policies(versioned: boolean): fc.Arbitrary<ReferencePolicy> {
  const fixed = fc.constantFrom(...STORAGE_CLASSES).map((uploadStorageClass) => ({ uploadStorageClass, fixed: true }));
  const document = fc
    .record({
      uploadStorageClass: fc.option(fc.constantFrom(...STORAGE_CLASSES), { nil: undefined, freq: 2 }),
      lifecycle: fc.option(lifecycles(versioned), { nil: undefined, freq: 6 }),
      intelligentTiering: fc.option(archiveConfigurations(), { nil: undefined, freq: 2 }),
    })
    .map((policy) => inDirectoryBucket(withoutUndefined<ReferencePolicy>(policy)));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fixed },
    { weight: 3, arbitrary: intelligentTieringDocuments(versioned) },
    { weight: versioned ? 16 : 8, arbitrary: document },
  );
}

/**
 * Uploads to EXPRESS_ONEZONE go to a directory bucket, whose rules have Expiration by Days and abort uploads, no more.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-lifecycle.html
 */
function inDirectoryBucket(policy: ReferencePolicy): ReferencePolicy {
  const { uploadStorageClass, lifecycle } = policy;
  if (uploadStorageClass !== 'EXPRESS_ONEZONE') return policy;
  const rules = (lifecycle?.Rules ?? []).flatMap(({ ID, Status, Filter = {}, Expiration, ...rest }) => {
    const { AbortIncompleteMultipartUpload } = rest;
    const Days = Expiration?.Days;
    const isTagged = Filter.Tag !== undefined || Filter.And?.Tags !== undefined;
    if (isTagged || (Days === undefined && !AbortIncompleteMultipartUpload)) return [];
    const expiration = Days === undefined ? undefined : { Days };
    return [
      withoutUndefined<LifecycleRule>({ ID, Status, Filter, Expiration: expiration, AbortIncompleteMultipartUpload }),
    ];
  });
  return rules.length > 0 ? { uploadStorageClass, lifecycle: { ...lifecycle, Rules: rules } } : { uploadStorageClass };
}

/** Everything in Intelligent-Tiering with archive tiers, perhaps moving on: what a random document seldom is. */
function intelligentTieringDocuments(versioned: boolean): fc.Arbitrary<ReferencePolicy> {
  return fc
    .record({
      intelligentTiering: archiveConfigurations(1),
      lifecycle: fc.option(lifecycles(versioned), { nil: undefined, freq: 2 }),
    })
    .map((policy) => withoutUndefined({ uploadStorageClass: 'INTELLIGENT_TIERING', fixed: true, ...policy }));
}

/** Lifecycle configurations of one to four rules that S3 accepts. */
function lifecycles(versioned: boolean): fc.Arbitrary<LifecycleConfiguration> {
  return fc.record({
    TransitionDefaultMinimumObjectSize: fc.constantFrom(
      'all_storage_classes_128K' as const,
      'varies_by_storage_class' as const,
    ),
    Rules: fc
      .array(rules(versioned), { minLength: 1, maxLength: 4 })
      .map((list) => list.map((rule, i) => ({ ID: `rule-${i + 1}`, ...rule }))),
  });
}

function rules(versioned: boolean): fc.Arbitrary<LifecycleRule> {
  const without = fc.constant<Noncurrent>({});
  return fc
    .oneof(
      { weight: 8, arbitrary: fc.tuple(moving(versioned), versioned ? noncurrent() : without) },
      { weight: versioned ? 6 : 1, arbitrary: fc.tuple(base(filters(true)), noncurrent(1)) },
      { weight: versioned ? 3 : 1, arbitrary: fc.tuple(ofLoneMarkers(), noncurrent()) },
      { weight: 1, arbitrary: fc.tuple(aborting(), without) },
    )
    .map(([rule, noncurrentActions]) => ({ ...rule, ...noncurrentActions }));
}

function base(filter: fc.Arbitrary<Filter>): fc.Arbitrary<Pick<LifecycleRule, 'Status' | 'Filter'>> {
  return fc.record({ Status: statusesOfRules(), Filter: filter });
}

function moving(versioned: boolean): fc.Arbitrary<LifecycleRule> {
  return fc
    .record({
      base: base(filters(true)),
      schedule: schedules(versioned),
      expiry: fc.option(fc.constantFrom(1, 2, ...(versioned ? [3, 5] : []), 30, 60, 200), { nil: undefined, freq: 2 }),
      dated: fc.option(fc.integer({ min: -60, max: versioned ? 200 : 500 }), { nil: undefined, freq: 2 }),
    })
    .map(({ base, schedule, expiry, dated }) => {
      const when = (days: number) =>
        dated === undefined ? { Days: days } : { Date: isoDate(EPOCH_DAY + dated + days) };
      const last = schedule.at(-1)?.days ?? 0;
      const afterAll = expiry ?? (schedule.length === 0 ? 30 : undefined);
      return withoutUndefined<LifecycleRule>({
        ...base,
        Transitions:
          schedule.length > 0
            ? schedule.map(({ days, storageClass }) => ({ ...when(days), StorageClass: storageClass }))
            : undefined,
        Expiration: afterAll === undefined ? undefined : when(last + afterAll),
      });
    });
}

/** Neither tags nor sizes may stand beside AbortIncompleteMultipartUpload. */
function aborting(): fc.Arbitrary<LifecycleRule> {
  const days = fc.constantFrom(1, 2, 7, 30);
  return fc.tuple(base(ofPrefixes()), days).map(([rule, DaysAfterInitiation]): LifecycleRule => {
    return { ...rule, AbortIncompleteMultipartUpload: { DaysAfterInitiation } };
  });
}

/** Nor beside ExpiredObjectDeleteMarker. */
function ofLoneMarkers(): fc.Arbitrary<LifecycleRule> {
  return base(ofPrefixes()).map(
    (rule): LifecycleRule => ({ ...rule, Expiration: { ExpiredObjectDeleteMarker: true } }),
  );
}

type Noncurrent = Pick<LifecycleRule, 'NoncurrentVersionTransitions' | 'NoncurrentVersionExpiration'>;

/** Actions on noncurrent versions. */
function noncurrent(atLeast: 0 | 1 = 0): fc.Arbitrary<Noncurrent> {
  const newer = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 2 });
  return fc
    .record({
      schedule: schedules(true),
      newer: fc.array(newer, { minLength: 5, maxLength: 5 }),
      expiry: fc.option(fc.constantFrom(1, 2, 3, 5, 30), { nil: undefined, freq: 3 }),
    })
    .map(({ schedule, newer, expiry }) => {
      const action = (NoncurrentDays: number, n: number) =>
        withoutUndefined<WhenNoncurrent>({ NoncurrentDays, NewerNoncurrentVersions: newer[n] });
      const afterAll = expiry ?? (schedule.length < atLeast ? 1 : undefined);
      const last = schedule.at(-1)?.days ?? 0;
      return withoutUndefined<Noncurrent>({
        NoncurrentVersionTransitions:
          schedule.length > 0
            ? schedule.map(({ days, storageClass }, n) => ({ ...action(days, n), StorageClass: storageClass }))
            : undefined,
        NoncurrentVersionExpiration: afterAll === undefined ? undefined : action(last + afterAll, 4),
      });
    });
}

function statusesOfRules(): fc.Arbitrary<'Enabled' | 'Disabled'> {
  return fc.constantFrom('Enabled', 'Enabled', 'Enabled', 'Enabled', 'Enabled', 'Disabled');
}

/** Transitions of one rule: classes ever colder, with the gaps S3 asks for. */
function schedules(versioned: boolean): fc.Arbitrary<{ days: number; storageClass: StorageClass }[]> {
  const waterfall: readonly StorageClass[] = [
    'STANDARD_IA',
    'INTELLIGENT_TIERING',
    'ONEZONE_IA',
    'GLACIER_IR',
    'GLACIER',
    'DEEP_ARCHIVE',
  ];
  // ONEZONE_IA cannot go on to GLACIER_IR.
  const several = fc
    .subarray([...waterfall], { maxLength: versioned ? 2 : 4 })
    .map((classes) => classes.filter((name) => !(name === 'GLACIER_IR' && classes.includes('ONEZONE_IA'))));
  const tiering = fc.constant<StorageClass[]>(['INTELLIGENT_TIERING']);
  const chain = fc.oneof({ weight: 3, arbitrary: several }, { weight: 1, arbitrary: tiering });
  const days = versioned ? [0, 0, 1, 2, 3, 5, 30] : [0, 1, 5, 30, 60, 90];
  const waits = fc.array(fc.constantFrom(...days), { minLength: 4, maxLength: 4 });
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

function ofPrefixes(): fc.Arbitrary<Filter> {
  return prefixes().map((Prefix) => ({ Prefix }));
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
        freq: 2,
      }),
      limits: fc.option(fc.uniqueArray(bounds, { minLength: 2, maxLength: 2 }), { nil: undefined, freq: 2 }),
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
    { weight: 2, arbitrary: ofPrefixes() },
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
      Filter: fc.option(filters(false), { nil: undefined, freq: 2 }),
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
