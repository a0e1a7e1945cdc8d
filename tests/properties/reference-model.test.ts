import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StorageClass } from '../../src/model/storage-class.ts';
import { scenarios } from './arbitraries.ts';
import { workloadCsv } from './random-workloads.ts';
import {
  type ReferenceEvent,
  type ReferenceOptions,
  type ReferencePolicy,
  type ReferenceResult,
  referenceUsage,
  usageAsMap,
} from './reference-model.ts';

const DAY = 86_400n;
const HOUR = 3_600n;
const GB = 2 ** 30;
const KB = 1_024;

type Details = Partial<Omit<ReferenceEvent, 'time' | 'operation' | 'key'>> & { key?: string };

/** `at('2014-01-15 10:30', 'PUT', …)` */
function at(
  time: string,
  operation: ReferenceEvent['operation'],
  { key = 'photo.gif', ...rest }: Details = {},
): ReferenceEvent {
  return { time: Date.parse(`${time}Z`), operation, key, ...rest };
}

function horizon(from: string, until: string, rest: Partial<ReferenceOptions> = {}): ReferenceOptions {
  return {
    from: Date.parse(from) / 1000,
    until: Date.parse(until) / 1000,
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    earlyDeleteOverhead: 'included',
    ...rest,
  };
}

/** Quantities of a result without their month, added up. */
function total({ usage }: ReferenceResult, usageTypeAndOperation: string): bigint {
  return [...usage].reduce((sum, [name, value]) => (name.slice(8) === usageTypeAndOperation ? sum + value : sum), 0n);
}

function everythingIn(uploadStorageClass: StorageClass): ReferencePolicy {
  return { uploadStorageClass, fixed: true };
}

function days(storageClass: StorageClass, ...list: number[]): ReferencePolicy {
  return {
    lifecycle: {
      Rules: list.map((Days) => ({ Status: 'Enabled', Transitions: [{ Days, StorageClass: storageClass }] })),
    },
  };
}

describe('storage', () => {
  test('the FAQ example: 100 GB for the first 15 days of March and 100 TB for the last 16', () => {
    const events = [
      at('2026-03-01 00:00', 'PUT', { key: 'a', size: 107_374_182_400 }),
      at('2026-03-16 00:00', 'DELETE', { key: 'a' }),
      at('2026-03-16 00:00', 'PUT', { key: 'b', size: 109_951_162_777_600 }),
    ];
    const { usage } = referenceUsage(events, {}, horizon('2026-03-01', '2026-04-01'));
    // https://aws.amazon.com/s3/faqs/: "Total Byte-Hour usage = … = 42,259,901,212,262,400 Byte-Hours"
    expect(usage).toEqual(
      new Map([
        ['2026-03|TimedStorage-ByteHrs|StandardStorage', 42_259_901_212_262_400n * HOUR],
        ['2026-03|Requests-Tier1|PutObject', 2n],
      ]),
    );
  });

  test('the FAQ example of versions: 4 GB for 31 days beside 5 GB for 16', () => {
    const events = [
      at('2026-03-01 00:00', 'PUT', { key: 'first', size: 4_294_967_296 }),
      at('2026-03-16 00:00', 'PUT', { key: 'second', size: 5_368_709_120 }),
    ];
    const result = referenceUsage(events, {}, horizon('2026-03-01', '2026-04-01'));
    // "Total Byte-Hour usage = 5,257,039,970,304 Byte-Hours"
    expect(total(result, 'TimedStorage-ByteHrs|StandardStorage')).toBe(5_257_039_970_304n * HOUR);
  });

  test('each calendar month gets its own days, and nothing outside the horizon counts', () => {
    const events = [at('2024-01-10 00:00', 'PUT', { size: 1 })];
    const { usage } = referenceUsage(events, {}, horizon('2024-01-30', '2024-03-03'));
    expect(usage).toEqual(
      new Map([
        ['2024-01|TimedStorage-ByteHrs|StandardStorage', 2n * DAY],
        ['2024-02|TimedStorage-ByteHrs|StandardStorage', 29n * DAY],
        ['2024-03|TimedStorage-ByteHrs|StandardStorage', 2n * DAY],
      ]),
    );
  });

  test('the FAQ example of One Zone-IA: a 6 KB object is charged for 6 KB and a fee for 122 KB', () => {
    const events = [at('2026-03-01 00:00', 'PUT', { size: 6 * KB })];
    const result = referenceUsage(events, everythingIn('ONEZONE_IA'), horizon('2026-03-01', '2026-03-02'));
    expect(total(result, 'TimedStorage-ZIA-ByteHrs|OneZoneIAStorage')).toBe(BigInt(6 * KB) * DAY);
    expect(total(result, 'TimedStorage-ZIA-SmObjects|OneZoneIASizeOverhead')).toBe(BigInt(122 * KB) * DAY);
  });

  test('an archived object has 32 KB at its own rate and 8 KB at the rate of STANDARD', () => {
    // The FAQ's 100,000 objects of 1 GB, in binary kilobytes: 100,003.0518 GB in Glacier and 0.7629 GB in Standard.
    const events = [at('2026-03-01 00:00', 'PUT', { size: GB, count: 100_000 })];
    const result = referenceUsage(events, everythingIn('GLACIER'), horizon('2026-03-01', '2026-04-01'));
    const month = Number(31n * DAY) * GB;
    const glacier =
      total(result, 'TimedStorage-GlacierByteHrs|GlacierStorage') +
      total(result, 'TimedStorage-GlacierByteHrs|GlacierObjectOverhead');
    expect(Number(glacier) / month).toBeCloseTo(100_003.0518, 4);
    expect(Number(total(result, 'TimedStorage-ByteHrs|GlacierS3ObjectOverhead')) / month).toBeCloseTo(0.7629, 4);
    expect(total(result, 'Requests-GLACIER-Tier1|PutObject')).toBe(100_000n);
  });

  test('parts of an upload into GLACIER are staged until the upload is complete', () => {
    const events = [
      at('2026-03-01 00:00', 'CREATE_MULTIPART'),
      at('2026-03-01 01:00', 'UPLOAD_PART', { size: 5 * GB, count: 2 }),
      at('2026-03-01 03:00', 'COMPLETE_MULTIPART'),
    ];
    const result = referenceUsage(events, everythingIn('GLACIER'), horizon('2026-03-01', '2026-03-02'));
    // 2 parts for 2 hours; then 10 GB for 21 hours.
    expect(total(result, 'TimedStorage-GlacierStaging|GlacierStagingStorage')).toBe(BigInt(10 * GB) * 2n * HOUR);
    expect(total(result, 'TimedStorage-GlacierByteHrs|GlacierStorage')).toBe(BigInt(10 * GB) * 21n * HOUR);
    expect(total(result, 'Requests-Tier1|CreateMultipartUpload')).toBe(1n);
    expect(total(result, 'Requests-Tier1|UploadPart')).toBe(2n);
    expect(total(result, 'Requests-GLACIER-Tier1|CompleteMultipartUpload')).toBe(1n);
  });

  test('EXPRESS_ONEZONE charges for bytes written once, with the parts', () => {
    const events = [at('2026-03-01 00:00', 'UPLOAD_PART', { size: 70 }), at('2026-03-01 01:00', 'COMPLETE_MULTIPART')];
    const result = referenceUsage(events, everythingIn('EXPRESS_ONEZONE'), horizon('2026-03-01', '2026-03-02'));
    expect(total(result, 'Upload-XZ|PutObject')).toBe(70n);
  });

  test('a lifecycle rule aborts an upload at the midnight after its days, without an early delete', () => {
    const events = [
      at('2026-03-01 10:30', 'CREATE_MULTIPART'),
      at('2026-03-01 12:00', 'UPLOAD_PART', { size: 1000 }),
      at('2026-03-09 00:00', 'UPLOAD_PART', { size: 1000 }),
    ];
    const abort = {
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    } as const;
    const policy = { uploadStorageClass: 'STANDARD_IA', lifecycle: { Rules: [abort] } } as const;
    const { usage } = referenceUsage(events, policy, horizon('2026-03-01', '2026-04-01'));
    // From the 1st 12:00 to the 9th 00:00; what comes later is too late.
    expect(usage).toEqual(
      new Map([
        ['2026-03|Requests-SIA-Tier1|CreateMultipartUpload', 1n],
        ['2026-03|Requests-SIA-Tier1|UploadPart', 2n],
        ['2026-03|TimedStorage-SIA-ByteHrs|StandardIAStorage', 1000n * (7n * DAY + 12n * HOUR)],
      ]),
    );
  });
});

describe('early delete', () => {
  test('the FAQ example: out of Glacier one month after upload costs two months more, after two months one', () => {
    const removedAfter = (date: string) =>
      referenceUsage(
        [at('2026-06-01 00:00', 'PUT', { size: GB }), at(date, 'DELETE')],
        everythingIn('GLACIER'),
        horizon('2026-06-01', '2026-12-01', { earlyDeleteOverhead: 'excluded' }),
      );
    const [one, two] = [removedAfter('2026-07-01 00:00'), removedAfter('2026-07-31 00:00')];
    expect(one.usage.get('2026-07|EarlyDelete-ByteHrs|GlacierStorage')).toBe(BigInt(GB) * 60n * DAY);
    expect(two.usage.get('2026-07|EarlyDelete-ByteHrs|GlacierStorage')).toBe(BigInt(GB) * 30n * DAY);
    expect(total(removedAfter('2026-08-30 00:00'), 'EarlyDelete-ByteHrs|GlacierStorage')).toBe(0n);
  });

  test('the index of an archived object is part of it or not', () => {
    const events = [at('2026-06-01 00:00', 'PUT', { size: 0 }), at('2026-06-01 00:00', 'DELETE')];
    const result = referenceUsage(events, everythingIn('DEEP_ARCHIVE'), horizon('2026-06-01', '2026-07-01'));
    expect(total(result, 'EarlyDelete-GDA|DeepArchiveStorage')).toBe(32_768n * 180n * DAY);
  });

  test('put into STANDARD_IA and deleted on day 10, an object is charged for 30 days in all, padding too', () => {
    const events = [at('2026-06-01 00:00', 'PUT', { size: KB }), at('2026-06-11 00:00', 'DELETE')];
    const result = referenceUsage(events, everythingIn('STANDARD_IA'), horizon('2026-06-01', '2026-07-01'));
    const bytes =
      total(result, 'TimedStorage-SIA-ByteHrs|StandardIAStorage') + total(result, 'EarlyDelete-SIA|StandardIAStorage');
    const filler =
      total(result, 'TimedStorage-SIA-SmObjects|StandardIASizeOverhead') +
      total(result, 'EarlyDelete-SIA-SmObjects|StandardIASizeOverhead');
    expect(bytes).toBe(BigInt(KB) * 30n * DAY);
    expect(filler).toBe(BigInt(127 * KB) * 30n * DAY);
  });

  test('overwriting is deleting; the end of the horizon is not', () => {
    const events = [at('2026-06-01 00:00', 'PUT', { size: GB }), at('2026-06-21 00:00', 'PUT', { size: 1 })];
    const result = referenceUsage(events, everythingIn('GLACIER_IR'), horizon('2026-06-01', '2026-07-01'));
    expect(total(result, 'EarlyDelete-GIR|GlacierInstantRetrievalStorage')).toBe(BigInt(GB) * 70n * DAY);
  });

  test('an expiration is early too, and the removal that follows is not charged again', () => {
    const policy: ReferencePolicy = {
      uploadStorageClass: 'STANDARD_IA',
      lifecycle: { Rules: [{ Status: 'Enabled', Expiration: { Days: 10 } }] },
    };
    const events = [at('2026-06-01 00:00', 'PUT', { size: GB }), at('2026-06-15 00:00', 'DELETE')];
    const result = referenceUsage(events, policy, horizon('2026-06-01', '2026-08-01'));
    expect(total(result, 'EarlyDelete-SIA|StandardIAStorage')).toBe(BigInt(GB) * 20n * DAY);
    expect(result.deletesOfUnknownKeys).toBe(0);
  });

  test('the clock starts when the object came into the class, and a transition out of it is early as well', () => {
    const Transitions = [
      { Days: 30, StorageClass: 'STANDARD_IA' },
      { Days: 40, StorageClass: 'INTELLIGENT_TIERING' },
    ] as const;
    const policy: ReferencePolicy = {
      lifecycle: { Rules: Transitions.map((transition) => ({ Status: 'Enabled', Transitions: [transition] })) },
    };
    const events = [at('2026-06-01 10:30', 'PUT', { size: GB })];
    const { usage } = referenceUsage(events, policy, horizon('2026-06-01', '2026-08-01'));
    // In on 2 July, out on 12 July: 20 of 30 days remain.
    expect(usage.get('2026-07|TimedStorage-SIA-ByteHrs|StandardIAStorage')).toBe(BigInt(GB) * 10n * DAY);
    expect(usage.get('2026-07|EarlyDelete-SIA|StandardIAStorage')).toBe(BigInt(GB) * 20n * DAY);
    expect(usage.get('2026-07|Requests-Tier4|S3-SIATransition')).toBe(1n);
    expect(usage.get('2026-07|Requests-Tier4|S3-INTTransition')).toBe(1n);
    // Transitions retrieve nothing: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
    expect([...usage.keys()].filter((name) => name.includes('Retrieval'))).toEqual([]);
  });
});

describe('lifecycle dates', () => {
  const movedAfter = (created: string, policy: ReferencePolicy) => {
    const options = horizon('2014-01-01', '2014-03-01');
    const result = referenceUsage([at(created, 'PUT', { size: GB })], policy, options);
    const standard = total(result, 'TimedStorage-ByteHrs|StandardStorage') / BigInt(GB);
    return new Date(Date.parse(`${created}Z`) + Number(standard) * 1000).toISOString();
  };

  test.each([
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    ['2014-01-15 10:30', 3, '2014-01-19T00:00:00.000Z'],
    ['2014-01-02 11:30', 5, '2014-01-08T00:00:00.000Z'],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html
    ['2014-01-02 00:05', 1, '2014-01-04T00:00:00.000Z'],
    // An instant already at midnight stays.
    ['2014-01-02 00:00', 0, '2014-01-02T00:00:00.000Z'],
    ['2014-01-02 00:00:01', 0, '2014-01-03T00:00:00.000Z'],
    ['2014-01-02 00:00', 1, '2014-01-03T00:00:00.000Z'],
  ])('created %s, %i days: at %s', (created, Days, expected) => {
    expect(movedAfter(created, days('GLACIER', Days))).toBe(expected);
    if (Days > 0) {
      const expiring: ReferencePolicy = { lifecycle: { Rules: [{ Status: 'Enabled', Expiration: { Days } }] } };
      expect(movedAfter(created, expiring)).toBe(expected);
    }
  });

  test('a past date acts at the next midnight, a disabled rule never', () => {
    const dated = (Status: 'Enabled' | 'Disabled'): ReferencePolicy => ({
      lifecycle: { Rules: [{ Status, Transitions: [{ Date: '2014-01-10T00:00:00.000Z', StorageClass: 'GLACIER' }] }] },
    });
    expect(movedAfter('2014-01-15 10:30', dated('Enabled'))).toBe('2014-01-16T00:00:00.000Z');
    expect(movedAfter('2014-01-05 10:30', dated('Enabled'))).toBe('2014-01-10T00:00:00.000Z');
    expect(movedAfter('2014-01-05 10:30', dated('Disabled'))).toBe('2014-03-01T00:00:00.000Z');
  });

  test('a removal at the very midnight comes first', () => {
    const events = [at('2014-01-15 10:30', 'PUT', { size: GB }), at('2014-01-19 00:00:00.999', 'DELETE')];
    const { usage } = referenceUsage(events, days('GLACIER', 3), horizon('2014-01-01', '2014-02-01'));
    expect([...usage.keys()]).toEqual([
      '2014-01|Requests-Tier1|PutObject',
      '2014-01|TimedStorage-ByteHrs|StandardStorage',
    ]);
  });

  test('GLACIER_IR on day 4 and DEEP_ARCHIVE on day 94 leave nothing to pay early', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    const policy: ReferencePolicy = {
      lifecycle: {
        Rules: [
          {
            Status: 'Enabled',
            Transitions: [
              { Days: 4, StorageClass: 'GLACIER_IR' },
              { Days: 94, StorageClass: 'DEEP_ARCHIVE' },
            ],
          },
        ],
      },
    };
    const result = referenceUsage(
      [at('2025-01-01 09:00', 'PUT', { size: GB })],
      policy,
      horizon('2025-01-01', '2026-01-01'),
    );
    expect(total(result, 'TimedStorage-GIR-ByteHrs|GlacierInstantRetrievalStorage')).toBe(BigInt(GB) * 90n * DAY);
    expect([...result.usage.keys()].filter((name) => name.includes('EarlyDelete'))).toEqual([]);
  });
});

describe('lifecycle filters and conflicts', () => {
  const stored = (event: Details, policy: ReferencePolicy) =>
    new Set(
      [
        ...referenceUsage(
          [at('2025-01-01 00:00', 'PUT', event)],
          policy,
          horizon('2025-01-01', '2026-06-01'),
        ).usage.keys(),
      ]
        .filter((name) => /TimedStorage/.test(name) && !/Overhead/.test(name))
        .map((name) => name.slice(8).split('|')[1]),
    );
  const rule = (Filter: object, rest: object): ReferencePolicy => ({
    lifecycle: { Rules: [{ Status: 'Enabled', Filter, ...rest }] },
  });
  const toGlacier = { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] };
  const moved = new Set(['StandardStorage', 'GlacierStorage']);
  const stayed = new Set(['StandardStorage']);

  test('objects below 128 KB stay, unless the configuration varies by class or the rule asks for sizes', () => {
    expect(stored({ size: 131_071 }, rule({}, toGlacier))).toEqual(stayed);
    expect(stored({ size: 131_072 }, rule({}, toGlacier))).toEqual(moved);
    expect(stored({ size: 100 }, rule({ ObjectSizeGreaterThan: 1 }, toGlacier))).toEqual(moved);
    const varying = rule({}, toGlacier).lifecycle!;
    const lifecycle = { ...varying, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' } as const;
    expect(stored({ size: 100 }, { lifecycle })).toEqual(moved);
    const toGlacierIR = rule({}, { Transitions: [{ Days: 1, StorageClass: 'GLACIER_IR' }] }).lifecycle!;
    expect(stored({ size: 100 }, { lifecycle: { ...lifecycle, Rules: toGlacierIR.Rules } })).toEqual(stayed);
  });

  test('size bounds are exclusive', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html: neither 128 KB nor 1 MB itself
    const between = rule({ And: { ObjectSizeGreaterThan: 131_072, ObjectSizeLessThan: 1_048_576 } }, toGlacier);
    expect(stored({ size: 131_072 }, between)).toEqual(stayed);
    expect(stored({ size: 131_073 }, between)).toEqual(moved);
    expect(stored({ size: 1_048_575 }, between)).toEqual(moved);
    expect(stored({ size: 1_048_576 }, between)).toEqual(stayed);
  });

  test('prefix and tags must match exactly; further tags do not matter', () => {
    const tagged = rule({ And: { Prefix: 'photo', Tags: [{ Key: 'env', Value: 'a' }] } }, toGlacier);
    expect(stored({ size: GB, tags: { env: 'a', team: 'b' } }, tagged)).toEqual(moved);
    expect(stored({ size: GB, tags: { env: 'b' } }, tagged)).toEqual(stayed);
    expect(stored({ size: GB }, tagged)).toEqual(stayed);
    expect(stored({ size: GB, tags: { env: 'a' }, key: 'film' }, tagged)).toEqual(stayed);
  });

  test('a tag set later makes a rule due at the next midnight', () => {
    const events = [
      at('2025-01-01 00:00', 'PUT', { size: GB }),
      at('2025-01-10 08:00', 'PUT_TAGGING', { tags: { env: 'a' } }),
      at('2025-01-12 08:00', 'DELETE_TAGGING'),
    ];
    const policy = rule({ Tag: { Key: 'env', Value: 'a' } }, toGlacier);
    const result = referenceUsage(events, policy, horizon('2025-01-01', '2025-02-01'));
    expect(total(result, 'TimedStorage-ByteHrs|StandardStorage')).toBe(BigInt(GB) * 10n * DAY);
    expect(total(result, 'Requests-Tier1|PutObjectTagging')).toBe(1n);
  });

  test('of one midnight, the expiration goes first and then the coldest class', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
    const both = (other: object): ReferencePolicy => ({
      lifecycle: {
        Rules: [
          { Status: 'Enabled', Transitions: [{ Days: 365, StorageClass: 'STANDARD_IA' }] },
          { Status: 'Enabled', ...other },
        ],
      },
    });
    const requests = (policy: ReferencePolicy) =>
      [
        ...referenceUsage(
          [at('2025-01-01 00:00', 'PUT', { size: GB })],
          policy,
          horizon('2025-01-01', '2026-06-01'),
        ).usage.keys(),
      ]
        .map((name) => name.split('|')[2]!)
        .filter((operation) => operation.endsWith('Transition'));
    const toGlacierToo = { Transitions: [{ Days: 365, StorageClass: 'GLACIER' }] };
    expect(requests(both(toGlacierToo))).toEqual(['S3-GlacierTransition']);
    expect(requests(both({ Expiration: { Days: 365 } }))).toEqual([]);
  });

  test('two rules by tag: expiring after 14 days leaves nothing for GLACIER after 365', () => {
    const policy: ReferencePolicy = {
      lifecycle: {
        Rules: [
          {
            Status: 'Enabled',
            Filter: { Tag: { Key: 'tag1', Value: 'value1' } },
            Transitions: [{ Days: 365, StorageClass: 'GLACIER' }],
          },
          { Status: 'Enabled', Filter: { Tag: { Key: 'tag2', Value: 'value2' } }, Expiration: { Days: 14 } },
        ],
      },
    };
    const events = [
      at('2025-01-01 00:00', 'PUT', { size: GB, tags: { tag1: 'value1', tag2: 'value2' } }),
      at('2025-01-20 00:00', 'GET'),
      at('2025-01-20 00:00', 'HEAD'),
    ];
    const result = referenceUsage(events, policy, horizon('2025-01-01', '2026-06-01'));
    expect(result.usage).toEqual(
      new Map([
        ['2025-01|Requests-Tier1|PutObject', 1n],
        ['2025-01|TimedStorage-ByteHrs|StandardStorage', BigInt(GB) * 14n * DAY],
        // Two tags, until they go with the object.
        ['2025-01|TagStorage-TagHrs|', 2n * 14n * DAY],
        ['2025-01|Requests-Tier2|GetObject', 1n],
        ['2025-01|Requests-Tier2|HeadObject', 1n],
      ]),
    );
    expect(result.readsAfterExpiration).toBe(1);
  });

  test('a transition that is not allowed when its turn comes is dropped', () => {
    // ONEZONE_IA never goes on to GLACIER_IR.
    const policy: ReferencePolicy = {
      lifecycle: {
        Rules: [
          { Status: 'Enabled', Transitions: [{ Days: 30, StorageClass: 'ONEZONE_IA' }] },
          { Status: 'Enabled', Transitions: [{ Days: 60, StorageClass: 'GLACIER_IR' }] },
        ],
      },
    };
    expect(stored({ size: GB }, policy)).toEqual(new Set(['StandardStorage', 'OneZoneIAStorage']));
  });
});

describe('restores', () => {
  const restored = (row: ReferenceEvent, more: ReferenceEvent[] = [], options: Partial<ReferenceOptions> = {}) =>
    referenceUsage(
      [at('2012-06-01 00:00', 'PUT', { size: GB }), row, ...more],
      everythingIn('GLACIER'),
      horizon('2012-06-01', '2013-01-01', { restoreDays: 3, ...options }),
    );

  test('the documented example: complete on 2012-10-15 10:30, three days, gone on 2012-10-19', () => {
    // Standard retrieval takes 5 hours: asked for at 05:30. The copy lasts 13.5 hours and 3 days.
    const result = restored(at('2012-10-15 05:30', 'RESTORE'));
    const held = 3n * DAY + 13n * HOUR + 1_800n;
    expect(result.usage.get('2012-10|TimedStorage-ByteHrs|RestoreObject')).toBe(BigInt(GB) * held);
    expect(result.usage.get('2012-10|Requests-Tier3|RestoreObject')).toBe(1n);
    expect(result.usage.get('2012-10|Standard-Retrieval-Bytes|RestoreObject')).toBe(BigInt(GB));
    expect(result).toMatchObject({ restores: 1, readsNeedingRestore: 0, restoreWaitSeconds: 0 });
  });

  test('a read of an archived object restores it and waits; a read of the copy does not', () => {
    const result = restored(at('2012-10-15 05:30', 'GET'), [
      at('2012-10-15 07:30', 'GET'),
      at('2012-10-15 10:30', 'GET'),
      at('2012-10-18 23:59:59', 'GET'),
      at('2012-10-19 00:00', 'GET'),
    ]);
    // The first waits 5 hours, the second the remaining 3, the last needs a new restore and waits 5.
    expect(result).toMatchObject({
      restores: 2,
      readsNeedingRestore: 3,
      restoreWaitSeconds: 13 * 3600,
      longestRestoreWaitSeconds: 5 * 3600,
    });
    expect(total(result, 'Requests-GLACIER-Tier2|GetObject')).toBe(5n);
    expect(total(result, 'Standard-Retrieval-Bytes|RestoreObject')).toBe(BigInt(2 * GB));
  });

  test('a copy complete at midnight is there for whole days', () => {
    const result = restored(at('2012-10-15 19:00', 'RESTORE'));
    expect(total(result, 'TimedStorage-ByteHrs|RestoreObject')).toBe(BigInt(GB) * 3n * DAY);
  });

  test('restoring again only moves the end, and is charged as a GET', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
    const result = restored(at('2012-10-15 05:30', 'RESTORE'), [at('2012-10-17 12:00', 'RESTORE')]);
    expect(total(result, 'TimedStorage-ByteHrs|RestoreObject')).toBe(BigInt(GB) * (5n * DAY + 13n * HOUR + 1_800n));
    expect(total(result, 'Requests-GLACIER-Tier2|GetObject')).toBe(1n);
    expect(result.restores).toBe(1);
  });

  test('expedited is minutes, bulk is hours; DEEP_ARCHIVE has no expedited', () => {
    const expedited = restored(at('2012-10-15 05:30', 'GET'), [], { restoreTier: 'expedited' });
    expect(expedited.restoreWaitSeconds).toBe(300);
    expect(total(expedited, 'Requests-Tier6|RestoreObject')).toBe(1n);
    const bulk = restored(at('2012-10-15 05:30', 'GET'), [], { restoreTier: 'bulk' });
    expect(bulk.restoreWaitSeconds).toBe(12 * 3600);
    expect(total(bulk, 'Bulk-Retrieval-Bytes|RestoreObject')).toBe(BigInt(GB));
    const deep = referenceUsage(
      [at('2012-06-01 00:00', 'PUT', { size: GB }), at('2012-10-15 00:00', 'GET')],
      everythingIn('DEEP_ARCHIVE'),
      horizon('2012-06-01', '2013-01-01', { restoreTier: 'expedited' }),
    );
    expect(deep.restoreWaitSeconds).toBe(12 * 3600);
    expect(total(deep, 'Requests-GDA-Tier3|DeepArchiveRestoreObject')).toBe(1n);
    // Complete at noon on the 15th, one day: until midnight of the 17th.
    expect(total(deep, 'TimedStorage-ByteHrs|DeepArchiveRestoreObject')).toBe(BigInt(GB) * (DAY + 12n * HOUR));
  });
});

describe('Intelligent-Tiering', () => {
  const tiering = (
    Tierings: NonNullable<ReferencePolicy['intelligentTiering']>[number]['Tierings'],
  ): ReferencePolicy => ({
    ...everythingIn('INTELLIGENT_TIERING'),
    intelligentTiering: [{ Id: 'archive', Status: 'Enabled', Tierings }],
  });
  const put = at('2025-01-01 00:00', 'PUT', { size: GB });
  const tiers = (policy: ReferencePolicy, reads: ReferenceEvent[], options: Partial<ReferenceOptions> = {}) => {
    const result = referenceUsage([put, ...reads], policy, horizon('2025-01-01', '2026-01-01', options));
    const daysIn = (tier: string) =>
      Number(total(result, `TimedStorage-INT-${tier}-ByteHrs|IntelligentTiering${tier}Storage`)) / GB / Number(DAY);
    return { result, held: Object.fromEntries(['FA', 'IA', 'AIA', 'AA', 'DAA'].map((tier) => [tier, daysIn(tier)])) };
  };
  const plain = everythingIn('INTELLIGENT_TIERING');
  const archive = tiering([{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }]);

  test('30 days without access, then 90; a read brings it back', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
    expect(tiers(plain, []).held).toEqual({ FA: 30, IA: 60, AIA: 275, AA: 0, DAA: 0 });
    const day100 = at('2025-04-11 00:00', 'GET');
    const { held, result } = tiers(plain, [day100]);
    expect(held).toEqual({ FA: 60, IA: 120, AIA: 10 + 175, AA: 0, DAA: 0 });
    expect([...result.usage.keys()].filter((name) => /Retrieval|EarlyDelete/.test(name))).toEqual([]);
  });

  test('HEAD and tagging are no access', () => {
    const touches = [
      at('2025-01-15 00:00', 'HEAD'),
      at('2025-01-16 00:00', 'GET_TAGGING'),
      at('2025-01-17 00:00', 'PUT_TAGGING'),
    ];
    expect(tiers(plain, touches).held).toEqual(tiers(plain, []).held);
  });

  test('SELECT holds back the archive tiers only', () => {
    const day80 = at('2025-03-22 00:00', 'SELECT');
    // Infrequent after 30 days, archive instant after 90, archive 90 days after the SELECT.
    expect(tiers(archive, [day80]).held).toEqual({ FA: 30, IA: 60, AIA: 80, AA: 195, DAA: 0 });
  });

  test('Archive Access after 90 days passes over Archive Instant Access', () => {
    const both = tiering([
      { Days: 90, AccessTier: 'ARCHIVE_ACCESS' },
      { Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' },
    ]);
    const { held, result } = tiers(both, []);
    expect(held).toEqual({ FA: 30, IA: 60, AIA: 0, AA: 90, DAA: 185 });
    expect(total(result, 'TimedStorage-INT-AA-ByteHrs|IntAAObjectOverhead')).toBe(32_768n * 90n * DAY);
    expect(total(result, 'TimedStorage-ByteHrs|IntDAAS3ObjectOverhead')).toBe(8_192n * 185n * DAY);
  });

  test('a read in Archive Access waits, and then the object is in Frequent Access', () => {
    const day100 = at('2025-04-11 00:00', 'GET');
    const standard = tiers(archive, [day100]);
    expect(standard.result).toMatchObject({ restores: 1, readsNeedingRestore: 1, restoreWaitSeconds: 5 * 3600 });
    // Back at 05:00; 30 days later is rounded up to midnight, and so is every further date.
    expect(standard.held.FA).toBeCloseTo(30 + 30 + 19 / 24, 9);
    expect(total(standard.result, 'Standard-Retrieval-Bytes|RestoreObject')).toBe(0n);
    const expedited = tiers(archive, [day100], { restoreTier: 'expedited' });
    expect(total(expedited.result, 'Expedited-Retrieval-Bytes|RestoreObject')).toBe(BigInt(GB));
    expect(total(expedited.result, 'Requests-Tier6|RestoreObject')).toBe(1n);
  });

  test('a restore that is running keeps an object from sinking deeper', () => {
    const both = tiering([
      { Days: 90, AccessTier: 'ARCHIVE_ACCESS' },
      { Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' },
    ]);
    // Day 180 is 30 June. Complete at 04:00 of it; the clocks start again.
    const { held } = tiers(both, [at('2025-06-29 23:00', 'GET')]);
    expect(held.AA).toBeCloseTo(90 + 4 / 24 + 90, 9);
    expect(held.DAA).toBe(365 - 180 - 181);
  });

  test('an archive configuration asks for the tags an object has when it comes into the class', () => {
    const policy: ReferencePolicy = {
      ...archive,
      intelligentTiering: archive.intelligentTiering!.map((configuration) => {
        return { ...configuration, Filter: { Tag: { Key: 'env', Value: 'a' } } };
      }),
    };
    expect(tiers(policy, [at('2025-01-01 00:00', 'PUT_TAGGING', { tags: { env: 'a' } })]).held.AA).toBe(275);
    expect(tiers(policy, [at('2025-01-02 00:00', 'PUT_TAGGING', { tags: { env: 'a' } })]).held.AA).toBe(0);
  });

  test('objects below 128 KB are neither monitored nor moved', () => {
    const small = at('2025-01-01 00:00', 'PUT', { size: 131_071 });
    const result = referenceUsage([small], plain, horizon('2025-01-01', '2025-07-01'));
    const expected = ['Requests-INT-Tier1|PutObject', 'TimedStorage-INT-FA-ByteHrs|IntelligentTieringFAStorage'];
    expect([...new Set([...result.usage.keys()].map((name) => name.slice(8)))]).toEqual(expected);
  });

  test('monitoring 100 objects for one day of 31 is 3.2258 object-months', () => {
    // A line of a real cost and usage report.
    const events = [at('2025-01-31 00:00', 'PUT', { size: 131_072, count: 100 })];
    const result = referenceUsage(events, plain, horizon('2025-01-01', '2025-02-01'));
    const monitored = total(result, 'Monitoring-Automation-INT|IntelligentTieringStorage');
    expect(Number(monitored) / Number(31n * DAY)).toBeCloseTo(3.2258, 4);
  });

  test('where the object is limits where a rule can move it', () => {
    const toOneZone = (Days: number): ReferencePolicy => ({
      uploadStorageClass: 'INTELLIGENT_TIERING',
      lifecycle: { Rules: [{ Status: 'Enabled', Transitions: [{ Days, StorageClass: 'ONEZONE_IA' }] }] },
    });
    const requests = (days: number, ...reads: ReferenceEvent[]) =>
      total(tiers(toOneZone(days), reads).result, 'Requests-Tier4|S3-ZIATransition');
    expect(requests(89)).toBe(1n);
    expect(requests(91)).toBe(0n);
    // Back in Frequent Access it could be moved, but its turn is over.
    expect(requests(91, at('2025-05-01 00:00', 'GET'))).toBe(0n);
  });
});

describe('requests', () => {
  const read = (status: number, storageClass: StorageClass = 'STANDARD_IA') =>
    referenceUsage(
      [at('2025-01-01 00:00', 'PUT', { size: GB, storageClass }), at('2025-01-02 00:00', 'GET', { status, count: 3 })],
      {},
      horizon('2025-01-01', '2025-01-03', { egress: true }),
    );

  test('a status decides what is charged and what moved', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html
    const charged = (status: number) => [
      total(read(status), 'Requests-SIA-Tier2|GetObject'),
      total(read(status), 'Retrieval-SIA|GetObject'),
      total(read(status), 'DataTransfer-Out-Bytes|GetObject'),
    ];
    const all = BigInt(3 * GB);
    expect(charged(200)).toEqual([3n, all, all]);
    expect(charged(206)).toEqual([3n, all, all]);
    for (const status of [304, 403, 404, 412]) expect(charged(status)).toEqual([3n, 0n, 0n]);
    for (const status of [301, 307, 500, 503]) expect(charged(status)).toEqual([0n, 0n, 0n]);
  });

  test('a failed read needs no restore, one that finds the object unchanged does', () => {
    expect(read(404, 'GLACIER').restores).toBe(0);
    expect(read(304, 'GLACIER').restores).toBe(1);
  });

  test('LIST is a PUT-type request to STANDARD in every class; DELETE is free', () => {
    const events = [
      at('2025-01-01 00:00', 'LIST', { count: 5 }),
      at('2025-01-01 00:00', 'DELETE', { key: 'never there', count: 2 }),
    ];
    const result = referenceUsage(events, everythingIn('GLACIER_IR'), horizon('2025-01-01', '2025-01-02'));
    expect(result.usage).toEqual(new Map([['2025-01|Requests-Tier1|ListBucket', 5n]]));
    expect(result).toMatchObject({ deletesOfUnknownKeys: 2, objects: 0, events: 2 });
  });

  test('a row of a cohort happens to each of its objects', () => {
    const events = [
      at('2025-01-01 00:00', 'PUT', { size: 10, count: 4 }),
      at('2025-01-01 00:00', 'GET', { bytes: 7, count: 3 }),
    ];
    const result = referenceUsage(events, everythingIn('EXPRESS_ONEZONE'), horizon('2025-01-01', '2025-01-02'));
    expect(result.usage).toEqual(
      new Map([
        ['2025-01|Requests-XZ-Tier1|PutObject', 4n],
        ['2025-01|Upload-XZ|PutObject', 40n],
        ['2025-01|Requests-XZ-Tier2|GetObject', 12n],
        ['2025-01|Retrieval-XZ|GetObject', 84n],
        ['2025-01|TimedStorage-XZ-ByteHrs|ExpressOneZoneStorage', 40n * DAY],
      ]),
    );
    expect(result.objects).toBe(4);
  });
});

describe('objects that existed before', () => {
  test('an object first seen in a read has been there since the trace began', () => {
    const events = [
      at('2024-12-20 12:00', 'HEAD', { key: 'other', size: 1 }),
      at('2025-01-20 12:00', 'GET', { storageClass: 'GLACIER_IR' }),
      at('2025-01-21 00:00', 'DELETE', { size: GB }),
    ];
    const result = referenceUsage(events, {}, horizon('2025-01-01', '2025-02-01'));
    expect(total(result, 'TimedStorage-GIR-ByteHrs|GlacierInstantRetrievalStorage')).toBe(BigInt(GB) * 20n * DAY);
    // Since 20 December, that is 32 of 90 days.
    expect(total(result, 'EarlyDelete-GIR|GlacierInstantRetrievalStorage')).toBe(BigInt(GB) * 58n * DAY);
    expect(result).toMatchObject({ assumedObjects: 2, objects: 2 });
  });

  test('a class for uploads takes in what existed before as well', () => {
    const events = [at('2025-01-20 12:00', 'GET', { size: GB })];
    const used = (policy: ReferencePolicy) => referenceUsage(events, policy, horizon('2025-01-01', '2025-02-01'));
    expect(total(used(everythingIn('GLACIER_IR')), 'Retrieval-GIR|GetObject')).toBe(BigInt(GB));
    expect(total(used({ uploadStorageClass: 'GLACIER_IR' }), 'Retrieval-GIR|GetObject')).toBe(BigInt(GB));
  });

  test('what was deleted is not there any more', () => {
    const events = [
      at('2025-01-01 00:00', 'PUT', { size: GB, storageClass: 'STANDARD_IA' }),
      at('2025-01-02 00:00', 'DELETE'),
      at('2025-01-03 00:00', 'GET'),
      at('2025-01-04 00:00', 'DELETE'),
    ];
    const result = referenceUsage(events, {}, horizon('2025-01-01', '2025-02-01'));
    expect(total(result, 'Requests-Tier2|GetObject')).toBe(1n);
    expect(total(result, 'Retrieval-SIA|GetObject')).toBe(0n);
    expect(result).toMatchObject({ assumedObjects: 0, deletesOfUnknownKeys: 1, readsAfterExpiration: 0 });
  });

  test('an object without a size is an error', () => {
    expect(() => referenceUsage([at('2025-01-01 00:00', 'GET')], {}, horizon('2025-01-01', '2025-01-02'))).toThrow(
      'never given a size: photo.gif',
    );
  });
});

describe('properties', () => {
  const runs = { numRuns: 150 };

  test('no quantity is negative or zero, and every month is one of the horizon', () => {
    fc.assert(
      fc.property(scenarios(), ({ events, policy, options }) => {
        const { usage, ...counts } = referenceUsage(events, policy, options);
        const [first, last] = [options.from, options.until - 1].map((t) =>
          new Date(t * 1000).toISOString().slice(0, 7),
        );
        for (const [name, quantity] of usage) {
          expect(quantity).toBeGreaterThan(0n);
          expect(name.slice(0, 7) >= first! && name.slice(0, 7) <= last!).toBe(true);
        }
        for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  test('the rows may come in any order', () => {
    fc.assert(
      fc.property(scenarios(), fc.infiniteStream(fc.nat()), ({ events, policy, options }, random) => {
        const shuffled = events
          .map((event) => ({ event, rank: random.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ event }) => event);
        expect(referenceUsage(shuffled, policy, options)).toEqual(referenceUsage(events, policy, options));
      }),
      runs,
    );
  });

  test('usages of different keys add up to the usage of all', () => {
    fc.assert(
      fc.property(scenarios(), ({ events, policy, options }) => {
        // A row that is not charged keeps the beginning of the trace where it was.
        const start = Math.min(options.from * 1000, ...events.map(({ time }) => time));
        const inert: ReferenceEvent = { time: start, operation: 'LIST', key: '', status: 503 };
        const whole = referenceUsage(events, policy, options);
        const parts = [true, false].map((isLog) =>
          referenceUsage([inert, ...events.filter(({ key }) => key.startsWith('logs/') === isLog)], policy, options),
        );
        const sum = new Map(parts[0]!.usage);
        for (const [name, quantity] of parts[1]!.usage) sum.set(name, (sum.get(name) ?? 0n) + quantity);
        expect(sum).toEqual(whole.usage);
        const added = (
          name: 'restores' | 'readsNeedingRestore' | 'readsAfterExpiration' | 'objects' | 'assumedObjects',
        ) => parts[0]![name] + parts[1]![name];
        for (const name of [
          'restores',
          'readsNeedingRestore',
          'readsAfterExpiration',
          'objects',
          'assumedObjects',
        ] as const)
          expect(added(name)).toBe(whole[name]);
      }),
      runs,
    );
  });

  test('in one class, bytes × time in is byte-seconds out', () => {
    const uploads = fc.array(fc.record({ day: fc.nat(40), size: fc.nat(1_000_000) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(uploads, (list) => {
        const events = list.map(({ day, size }, i): ReferenceEvent => {
          return { time: Date.UTC(2025, 0, 1 + day, 10, 30), operation: 'PUT', key: `key-${i}`, size };
        });
        const result = referenceUsage(events, everythingIn('DEEP_ARCHIVE'), horizon('2025-01-01', '2025-03-01'));
        const until = Date.UTC(2025, 2, 1);
        const expected = events.reduce((sum, { time, size }) => sum + BigInt(size! * ((until - time) / 1000)), 0n);
        expect(total(result, 'TimedStorage-GDA-ByteHrs|DeepArchiveStorage')).toBe(expected);
      }),
      runs,
    );
  });

  test('a scenario can be written down', () => {
    const events = [
      at('2025-01-01 00:00', 'PUT', { key: 'a', size: 1, count: 2, storageClass: 'GLACIER', tags: { a: 'b', c: '' } }),
    ];
    expect(workloadCsv(events)).toBe(
      'timestamp,operation,key,version_id,size,bytes,count,storage_class,status,tags,requester\n2025-01-01T00:00:00.000Z,PUT,a,,1,,2,GLACIER,,a=b&c=,\n',
    );
  });

  test('usage of the project reads as usage of the model', () => {
    const month = { month: '2025-01', firstDay: 0, endDay: 31, seconds: 2_678_400 };
    expect(usageAsMap({ months: [{ month, quantities: new Map([[0, 5n]]) }] })).toEqual(
      new Map([['2025-01|TimedStorage-ByteHrs|StandardStorage', 5n]]),
    );
  });
});
