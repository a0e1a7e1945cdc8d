import fc from 'fast-check';

/** Classes that one rule may go through one after the other, and the days S3 asks for in each. */
const LADDER = [
  ['STANDARD_IA', 30],
  ['INTELLIGENT_TIERING', 1],
  ['ONEZONE_IA', 30],
  ['GLACIER_IR', 90],
  ['GLACIER', 90],
  ['DEEP_ARCHIVE', 1],
] as const;

const prefixes = fc.constantFrom('', 'a', 'a/b', 'b', ' <&> é');
const tags = fc.uniqueArray(fc.record({ Key: fc.constantFrom('k', 'l'), Value: fc.constantFrom('1', '2', '') }), {
  selector: ({ Key }) => Key,
  maxLength: 2,
});
const sizes = fc.constantFrom<Readonly<Record<string, number>>>(
  {},
  {},
  { ObjectSizeGreaterThan: 0 },
  { ObjectSizeGreaterThan: 200_000 },
  { ObjectSizeLessThan: 1_000_000 },
  { ObjectSizeGreaterThan: 1000, ObjectSizeLessThan: 150_000 },
);

const predicatesOnly = fc.tuple(fc.option(prefixes, { nil: undefined }), tags, sizes);

/** A filter of any form; `plain` without tags and sizes. */
function filters(plain: boolean): fc.Arbitrary<object> {
  if (plain) return prefixes.map((Prefix) => (Prefix === '' ? {} : { Prefix }));
  return predicatesOnly.map(([Prefix, Tags, bounds]) => {
    const all = [
      ...(Prefix === undefined ? [] : [{ Prefix }]),
      ...Tags.map((Tag) => ({ Tag })),
      ...Object.entries(bounds).map(([name, bytes]) => ({ [name]: bytes })),
    ];
    if (all.length < 2) return all[0] ?? {};
    return { And: { ...(Prefix !== undefined && { Prefix }), ...(Tags.length > 0 && { Tags }), ...bounds } };
  });
}

/** Classes ever colder with the days to go there, in the order of the ladder. */
const steps = fc
  .tuple(fc.subarray([...LADDER], { maxLength: 3 }), fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }))
  .map(([classes, waits]) => {
    let earliest = 0;
    return classes.map(([StorageClass, gap], i) => {
      const isInfrequent = StorageClass === 'STANDARD_IA' || StorageClass === 'ONEZONE_IA';
      const days = Math.max(earliest, isInfrequent ? 30 : 0) + waits[i]!;
      earliest = days + gap;
      return { days, StorageClass };
    });
  });

const newer = fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined });
const midnight = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString();

const actions = fc
  .record({
    current: steps,
    byDate: fc.boolean(),
    expires: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    noncurrent: steps,
    removesNoncurrent: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    newer,
  })
  .map(({ current, byDate, expires, noncurrent, removesNoncurrent, newer: NewerNoncurrentVersions }) => {
    const due = (days: number) => (byDate ? { Date: midnight(days) } : { Days: days });
    const keep = NewerNoncurrentVersions === undefined ? {} : { NewerNoncurrentVersions };
    const last = current.at(-1)?.days ?? 0;
    const lastNoncurrent = noncurrent.at(-1)?.days ?? 0;
    return {
      ...(current.length > 0 && {
        Transitions: current.map(({ days, StorageClass }) => ({ ...due(days), StorageClass })),
      }),
      ...(expires !== undefined && { Expiration: due(last + expires) }),
      ...(noncurrent.length > 0 && {
        NoncurrentVersionTransitions: noncurrent.map(({ days, StorageClass }) => ({
          NoncurrentDays: days,
          ...keep,
          StorageClass,
        })),
      }),
      ...(removesNoncurrent !== undefined && {
        NoncurrentVersionExpiration: { NoncurrentDays: lastNoncurrent + removesNoncurrent, ...keep },
      }),
    };
  })
  .filter((action) => Object.keys(action).length > 0);

const housekeeping = fc.constantFrom<object>(
  { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  { Expiration: { ExpiredObjectDeleteMarker: true } },
  { Expiration: { ExpiredObjectDeleteMarker: false }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
);

const status = fc.constantFrom('Enabled', 'Enabled', 'Enabled', 'Disabled');

/** Rules of every kind that S3 accepts, with the IDs r1, r2, …, as `aws s3api` prints them. */
export const acceptedRules: fc.Arbitrary<object[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(status, filters(false), actions) },
      { weight: 1, arbitrary: fc.tuple(status, filters(true), housekeeping) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map(([Status, Filter, action], i) => ({ ID: `r${i + 1}`, Status, Filter, ...action })));
