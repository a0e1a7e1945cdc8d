/** The reference model in versioned buckets, against AWS's published examples and cases worked by hand. */
import { describe, expect, test } from 'vitest';
import {
  type LifecycleRule,
  type ReferenceEvent,
  type ReferenceOptions,
  type ReferencePolicy,
  type ReferenceResult,
  referenceUsage,
} from './reference-model.ts';

const DAY = 86_400n;
const HOUR = 3_600n;
/** Of an object: more than all byte-seconds of markers here, so that those can be told apart. */
const SIZE = 2 ** 36;
const KEY = 'photo.gif';
/** UTF-8 bytes of {@link KEY}. */
const MARKER = 9n;

type Details = Partial<Omit<ReferenceEvent, 'time' | 'operation'>>;

function at(time: string, operation: ReferenceEvent['operation'], details: Details = {}): ReferenceEvent {
  return { time: Date.parse(`${time}Z`), operation, key: KEY, ...details };
}

function put(time: string, details: Details = {}): ReferenceEvent {
  return at(time, 'PUT', { size: SIZE, ...details });
}

function used(
  events: readonly ReferenceEvent[],
  rules: readonly Omit<LifecycleRule, 'Status'>[] = [],
  options: Partial<ReferenceOptions> = {},
  policy: ReferencePolicy = {},
): ReferenceResult {
  const lifecycle = { Rules: rules.map((rule) => ({ Status: 'Enabled' as const, Filter: {}, ...rule })) };
  return referenceUsage(events, rules.length > 0 ? { ...policy, lifecycle } : policy, {
    from: Date.UTC(2014, 0, 1) / 1000,
    until: Date.UTC(2014, 1, 1) / 1000,
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    earlyDeleteOverhead: 'included',
    versioning: 'enabled',
    ...options,
  });
}

function quantity({ usage }: ReferenceResult, name: string): bigint {
  return [...usage].reduce((sum, [key, value]) => (key.slice(8) === name ? sum + value : sum), 0n);
}

/** Byte-seconds of STANDARD: of versions, and of markers. Both in seconds of one of them. */
function standard(result: ReferenceResult): { versions: bigint; markers: bigint } {
  const sum = quantity(result, 'TimedStorage-ByteHrs|StandardStorage');
  return { versions: sum / BigInt(SIZE), markers: (sum % BigInt(SIZE)) / MARKER };
}

describe('AWS’s examples', () => {
  test('100 objects that expire after 7 days become 100 noncurrent versions and 100 markers', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html
    // From 1 January: 31 days of each version; markers from the 8th, 24 days.
    const result = used([put('2014-01-01 00:00', { count: 100, size: 2 ** 40 })], [{ Expiration: { Days: 7 } }]);
    const versions = 100n * 2n ** 40n * 31n * DAY;
    const markers = 100n * MARKER * 24n * DAY;
    expect(quantity(result, 'TimedStorage-ByteHrs|StandardStorage')).toBe(versions + markers);
  });

  test('photo.gif deleted on 2 January 11:30 and removed 5 days later, on the 8th', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    const rule = { NoncurrentVersionExpiration: { NoncurrentDays: 5 } };
    const result = used([put('2014-01-01 00:00'), at('2014-01-02 11:30', 'DELETE')], [rule]);
    // The version for 7 days; the marker from 2 January 11:30 to the end of the month, 29.5 days and 30 minutes.
    expect(standard(result)).toEqual({ versions: 7n * DAY, markers: 29n * DAY + 12n * HOUR + 1_800n });
  });

  test('a successor of 15 January 10:30 and 3 days: on the 19th', () => {
    const rule = { NoncurrentVersionExpiration: { NoncurrentDays: 3 } };
    const result = used([put('2014-01-01 00:00'), put('2014-01-15 10:30')], [rule]);
    // 18 days of the first, 16 days and 13.5 hours of the second.
    expect(standard(result).versions).toBe(18n * DAY + 16n * DAY + 13n * HOUR + 1_800n);
  });

  test('the FAQ’s two versions: 4 GB for 31 days and 5 GB for 16', () => {
    const events = [put('2014-01-01 00:00', { size: 4 * 2 ** 30 }), put('2014-01-16 00:00', { size: 5 * 2 ** 30 })];
    expect(quantity(used(events), 'TimedStorage-ByteHrs|StandardStorage')).toBe(5_257_039_970_304n * HOUR);
  });
});

describe('noncurrent versions', () => {
  const daily = ['01', '02', '03', '04'].map((day) => put(`2014-01-${day} 00:00`));

  test.each([
    // Each is noncurrent after 1 day and due 1 day later; the last is current for 28 days.
    [undefined, 2 + 2 + 2 + 28],
    // The first has one newer noncurrent version from the 3rd, the second from the 4th; the third never has.
    [1, 2 + 2 + 29 + 28],
    // The first has two from the 4th.
    [2, 3 + 30 + 29 + 28],
    [3, 31 + 30 + 29 + 28],
  ])('expire only while %s newer ones are kept', (NewerNoncurrentVersions, days) => {
    const newer = NewerNoncurrentVersions === undefined ? {} : { NewerNoncurrentVersions };
    const result = used(daily, [{ NoncurrentVersionExpiration: { NoncurrentDays: 1, ...newer } }]);
    expect(standard(result).versions).toBe(BigInt(days) * DAY);
  });

  test('an early delete falls due when the version goes, not when it is overwritten', () => {
    const rule = { NoncurrentVersionExpiration: { NoncurrentDays: 5 } };
    const policy = { uploadStorageClass: 'STANDARD_IA' } as const;
    const events = [put('2014-01-01 00:00'), put('2014-01-11 00:00')];
    expect(quantity(used(events, [], {}, policy), 'EarlyDelete-SIA|StandardIAStorage')).toBe(0n);
    // Gone on the 16th, after 15 of 30 days.
    const result = used(events, [rule], {}, policy);
    expect(quantity(result, 'EarlyDelete-SIA|StandardIAStorage')).toBe(BigInt(SIZE) * 15n * DAY);
  });

  test('move by their own transitions, and current ones by theirs', () => {
    const rule: Omit<LifecycleRule, 'Status'> = {
      Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }],
      NoncurrentVersionTransitions: [{ NoncurrentDays: 2, StorageClass: 'GLACIER' }],
    };
    const result = used([put('2014-01-01 00:00'), put('2014-01-05 00:00')], [rule]);
    // The first: noncurrent on the 5th, GLACIER on the 7th, 25 days. The second: GLACIER_IR on the 15th, 17 days.
    expect(quantity(result, 'TimedStorage-GlacierByteHrs|GlacierStorage')).toBe(BigInt(SIZE) * 25n * DAY);
    expect(quantity(result, 'TimedStorage-GIR-ByteHrs|GlacierInstantRetrievalStorage')).toBe(BigInt(SIZE) * 17n * DAY);
    expect(quantity(result, 'Requests-Tier3|S3-GlacierTransition')).toBe(1n);
    expect(quantity(result, 'Requests-Tier4|S3-GIRTransition')).toBe(1n);
  });

  test('become current again when what is above is deleted', () => {
    const rule = { NoncurrentVersionExpiration: { NoncurrentDays: 5 } };
    const events = [
      put('2014-01-01 00:00', { versionId: 'one' }),
      put('2014-01-03 00:00', { versionId: 'two' }),
      at('2014-01-05 00:00', 'DELETE', { versionId: 'two' }),
    ];
    expect(standard(used(events, [rule])).versions).toBe(31n * DAY + 2n * DAY);
  });

  test('do nothing of it in an unversioned bucket', () => {
    const rule: Omit<LifecycleRule, 'Status'> = {
      Expiration: { ExpiredObjectDeleteMarker: true },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 0, StorageClass: 'GLACIER' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    };
    const events = [put('2014-01-01 00:00'), put('2014-01-05 00:00'), at('2014-01-07 00:00', 'DELETE')];
    const options = { versioning: 'unversioned' } as const;
    expect(used(events, [rule], options)).toEqual(used(events, [], options));
  });
});

describe('delete markers', () => {
  test('weigh the bytes of their key, not its letters', () => {
    const result = used([at('2014-01-01 00:00', 'DELETE', { key: 'é€😀' })]);
    // 2 + 3 + 4 bytes.
    expect(result.usage).toEqual(new Map([['2014-01|TimedStorage-ByteHrs|StandardStorage', 9n * 31n * DAY]]));
    expect(result.deletesOfUnknownKeys).toBe(1);
  });

  test('that are alone are removed, by a rule for them or by its days', () => {
    const events = [
      put('2014-01-01 00:00', { versionId: 'v' }),
      at('2014-01-02 00:00', 'DELETE'),
      at('2014-01-04 11:30', 'DELETE', { versionId: 'v' }),
    ];
    const markers = (rule: Omit<LifecycleRule, 'Status'>) => standard(used(events, [rule])).markers;
    // Alone since the 4th 11:30: gone on the 5th, after 3 days.
    expect(markers({ Expiration: { ExpiredObjectDeleteMarker: true } })).toBe(3n * DAY);
    // Not before 10 days of its own, on the 12th.
    expect(markers({ Expiration: { Days: 10 } })).toBe(10n * DAY);
    expect(markers({ Expiration: { Date: '2014-01-20T00:00:00.000Z' } })).toBe(18n * DAY);
    // Markers have no tags and no size to ask for; they have a prefix.
    expect(markers({ Filter: { Tag: { Key: 'a', Value: 'b' } }, Expiration: { Days: 10 } })).toBe(30n * DAY);
    expect(markers({ Filter: { ObjectSizeLessThan: 1000 }, Expiration: { Days: 10 } })).toBe(30n * DAY);
    expect(markers({ Filter: { Prefix: 'photo' }, Expiration: { Days: 10 } })).toBe(10n * DAY);
    expect(markers({ Filter: { Prefix: 'film' }, Expiration: { Days: 10 } })).toBe(30n * DAY);
  });

  test('that are not alone stay', () => {
    const events = [put('2014-01-01 00:00'), at('2014-01-02 00:00', 'DELETE')];
    const result = used(events, [{ Expiration: { ExpiredObjectDeleteMarker: true } }]);
    expect(standard(result)).toEqual({ versions: 31n * DAY, markers: 30n * DAY });
  });

  test('go in the same midnight as the last version below them', () => {
    const rule: Omit<LifecycleRule, 'Status'> = {
      Expiration: { ExpiredObjectDeleteMarker: true },
      NoncurrentVersionExpiration: { NoncurrentDays: 3 },
    };
    const result = used([put('2014-01-01 00:00'), at('2014-01-02 00:00', 'DELETE')], [rule]);
    expect(standard(result)).toEqual({ versions: 4n * DAY, markers: 3n * DAY });
  });

  test('hide the object: reads without id find nothing, reads by id find it', () => {
    const read = (versionId?: string) =>
      used(
        [put('2014-01-01 00:00', { versionId: 'v' }), at('2014-01-20 00:00', 'GET', versionId ? { versionId } : {})],
        [{ Expiration: { Days: 7 } }],
        {},
        { uploadStorageClass: 'STANDARD_IA' },
      );
    expect(read().readsAfterExpiration).toBe(1);
    expect(quantity(read(), 'Requests-Tier2|GetObject')).toBe(1n);
    expect(quantity(read(), 'Retrieval-SIA|GetObject')).toBe(0n);
    expect(read('v').readsAfterExpiration).toBe(0);
    expect(quantity(read('v'), 'Retrieval-SIA|GetObject')).toBe(BigInt(SIZE));
  });

  test('are undone by their id', () => {
    // An id no upload gives names the marker: the version already has its own.
    const events = [
      put('2014-01-01 00:00', { versionId: 'v' }),
      at('2014-01-11 00:00', 'DELETE'),
      at('2014-01-12 00:00', 'DELETE', { versionId: 'marker' }),
      at('2014-01-20 00:00', 'GET'),
    ];
    const result = used(events, [{ Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }] }]);
    // Due on the 11th, when it was not current: done on the 12th.
    expect(standard(result)).toEqual({ versions: 11n * DAY, markers: DAY });
    expect(quantity(result, 'Requests-GIR-Tier2|GetObject')).toBe(1n);
    expect(result.deletesOfUnknownKeys).toBe(0);
  });
});

describe('suspended buckets', () => {
  const suspended = { versioning: 'suspended' } as const;
  const policy = { uploadStorageClass: 'STANDARD_IA' } as const;
  const early = 'EarlyDelete-SIA|StandardIAStorage';
  const held = 'TimedStorage-SIA-ByteHrs|StandardIAStorage';

  test('overwrite the null version for good, and no other', () => {
    const events = [
      put('2014-01-01 00:00', { versionId: 'v' }),
      put('2014-01-03 00:00'),
      put('2014-01-13 00:00', { versionId: 'null' }),
    ];
    const result = used(events, [], suspended, policy);
    // The second goes after 10 of its 30 days; the first and the third stay 31 and 19 days.
    expect(quantity(result, early)).toBe(BigInt(SIZE) * 20n * DAY);
    expect(quantity(result, held)).toBe(BigInt(SIZE) * (31n + 10n + 19n) * DAY);
  });

  test('put a null marker where the null version was', () => {
    const result = used([put('2014-01-01 00:00'), at('2014-01-11 00:00', 'DELETE')], [], suspended, policy);
    expect(quantity(result, early)).toBe(BigInt(SIZE) * 20n * DAY);
    expect(quantity(result, 'TimedStorage-ByteHrs|StandardStorage')).toBe(MARKER * 21n * DAY);
  });

  test('remove a null version beneath the one that expires', () => {
    // "This delete marker replaces any object version with a null version ID": from the 12th, when the newer one is 10 days old.
    const events = [put('2014-01-01 00:00'), put('2014-01-02 00:00', { versionId: 'v' })];
    const result = used(events, [{ Filter: { Prefix: 'photo' }, Expiration: { Days: 10 } }], suspended);
    expect(standard(result).versions).toBe((11n + 30n) * DAY);
  });

  test('expire a null version for good, and cover any other', () => {
    const rule = { Expiration: { Days: 10 } };
    const ofNull = used([put('2014-01-01 00:00')], [rule], suspended, policy);
    expect(quantity(ofNull, early)).toBe(BigInt(SIZE) * 20n * DAY);
    const ofOther = used([put('2014-01-01 00:00', { versionId: 'v' })], [rule], suspended, policy);
    expect(quantity(ofOther, early)).toBe(0n);
    expect(quantity(ofOther, held)).toBe(BigInt(SIZE) * 31n * DAY);
    for (const result of [ofNull, ofOther]) {
      // The marker from the 11th on. It is alone where the version is gone, but its own 10 days end on the 21st.
      const days = result === ofNull ? 10n : 21n;
      expect(quantity(result, 'TimedStorage-ByteHrs|StandardStorage')).toBe(MARKER * days * DAY);
    }
  });
});

describe('within one midnight', () => {
  test('what lies beneath a null version that is replaced begins its noncurrent days again', () => {
    const events = [
      put('2014-01-01 00:00', { versionId: 'v' }),
      put('2014-01-02 00:00'),
      put('2014-01-06 00:00', { versionId: 'null' }),
    ];
    const rule = { Filter: { ObjectSizeGreaterThan: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 10 } };
    // The successor is of the 6th: `v` goes on the 16th. The null versions are there for 4 and 26 days.
    const result = used(events, [rule], { versioning: 'suspended' });
    expect(standard(result).versions).toBe((15n + 4n + 26n) * DAY);
  });

  test('a null version that expires is not moved first, any other is', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html: permanent deletion, transition, marker
    const rule: Omit<LifecycleRule, 'Status'> = {
      Transitions: [{ Date: '2014-01-10T00:00:00.000Z', StorageClass: 'GLACIER_IR' }],
      Expiration: { Date: '2014-01-11T00:00:00.000Z' },
    };
    const moves = (versionId: string) => {
      const rulesFrom = Date.UTC(2014, 0, 20) / 1000;
      const result = used([put('2014-01-01 00:00', { versionId })], [rule], { versioning: 'suspended', rulesFrom });
      return quantity(result, 'Requests-Tier4|S3-GIRTransition');
    };
    expect(moves('null')).toBe(0n);
    expect(moves('v')).toBe(1n);
  });

  test('a version that the policy makes noncurrent counts as a newer one at once', () => {
    const events = [put('2014-01-01 00:00'), put('2014-01-02 00:00')];
    const rules = [
      { Expiration: { Days: 9 } },
      { NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 } },
    ];
    // The second is covered on the 11th, its tenth day: only then has the first one that is newer.
    expect(standard(used(events, rules)).versions).toBe((10n + 30n) * DAY);
  });

  test('a noncurrent transition that falls due at the midnight of its last as a current one waits a day', () => {
    const rules: Omit<LifecycleRule, 'Status'>[] = [
      { Transitions: [{ Days: 5, StorageClass: 'INTELLIGENT_TIERING' }] },
      {
        Expiration: { Days: 5 },
        NoncurrentVersionTransitions: [{ NoncurrentDays: 0, StorageClass: 'GLACIER' }],
      },
    ];
    const result = used([put('2014-01-01 00:00')], rules);
    expect(quantity(result, 'Requests-Tier4|S3-INTTransition')).toBe(1n);
    expect(quantity(result, 'Requests-Tier3|S3-GlacierTransition')).toBe(1n);
    expect(quantity(result, 'TimedStorage-GlacierByteHrs|GlacierStorage')).toBe(BigInt(SIZE) * 25n * DAY);
  });
});

describe('what was there before', () => {
  test('a version that only an id shows is older than the current one', () => {
    const events = [
      at('2014-01-05 00:00', 'GET', { size: SIZE }),
      at('2014-01-06 00:00', 'GET', { versionId: 'current', size: SIZE }),
      at('2014-01-07 00:00', 'GET', { versionId: 'old', size: 2 * SIZE }),
    ];
    const result = used(events, [{ NoncurrentVersionExpiration: { NoncurrentDays: 9 } }]);
    expect(result.assumedObjects).toBe(2);
    // One size for 31 days, two noncurrent from the 1st, for 9.
    expect(standard(result).versions).toBe((31n + 2n * 9n) * DAY);
  });

  test('an upload with an id is no object from before, whoever reads it later', () => {
    const events = [put('2014-01-05 00:00', { versionId: 'v' }), at('2014-01-06 00:00', 'GET')];
    expect(used(events).assumedObjects).toBe(0);
  });

  test('what was deleted first is not what is read later', () => {
    const events = [
      at('2014-01-05 00:00', 'DELETE', { versionId: 'old' }),
      at('2014-01-06 00:00', 'GET', { size: SIZE }),
    ];
    expect(used(events)).toMatchObject({ assumedObjects: 1, deletesOfUnknownKeys: 1, readsAfterExpiration: 0 });
    expect(standard(used(events)).versions).toBe(31n * DAY);
  });
});

describe('rules from a date on, moves that take days, tags, and who pays', () => {
  test('no action is due before the rules begin', () => {
    const rulesFrom = Date.UTC(2014, 0, 20) / 1000;
    const transition = { Transitions: [{ Days: 3, StorageClass: 'GLACIER_IR' as const }] };
    expect(standard(used([put('2014-01-01 00:00')], [transition], { rulesFrom })).versions).toBe(19n * DAY);
    const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } };
    const part = at('2014-01-01 00:00', 'UPLOAD_PART', { size: SIZE });
    expect(standard(used([part], [abort], { rulesFrom })).versions).toBe(19n * DAY);
  });

  test.each([
    ['midnight', 3n],
    ['day-later', 4n],
    ['two-days-later', 5n],
  ] as const)('Intelligent-Tiering takes over at %s', (intelligentTieringMove, days) => {
    const to = (StorageClass: 'INTELLIGENT_TIERING' | 'GLACIER_IR') => [{ Transitions: [{ Days: 3, StorageClass }] }];
    const moved = (storageClass: 'INTELLIGENT_TIERING' | 'GLACIER_IR') =>
      standard(used([put('2014-01-01 00:00')], to(storageClass), { intelligentTieringMove })).versions;
    expect(moved('INTELLIGENT_TIERING')).toBe(days * DAY);
    expect(moved('GLACIER_IR')).toBe(3n * DAY);
  });

  test('tags are kept by the version, from its first row to its removal', () => {
    const events = [
      put('2014-01-01 00:00', { versionId: 'v', tags: { a: '1', b: '2' }, count: 5 }),
      put('2014-01-03 00:00', { versionId: 'w' }),
      at('2014-01-06 00:00', 'PUT_TAGGING', { versionId: 'v', tags: { a: '1', b: '2', c: '3' } }),
      at('2014-01-11 00:00', 'DELETE_TAGGING', { versionId: 'v' }),
    ];
    // Five objects: two tags for 5 days, three for 5.
    expect(quantity(used(events), 'TagStorage-TagHrs|')).toBe(5n * (2n * 5n + 3n * 5n) * DAY);
  });

  test('a request somebody else pays for has its effects all the same', () => {
    const events = (unpaid: boolean) => [
      put('2014-01-01 00:00'),
      at('2014-01-10 00:00', 'GET', unpaid ? { unpaid } : {}),
    ];
    const glacier = (unpaid: boolean) => used(events(unpaid), [], { egress: true }, { uploadStorageClass: 'GLACIER' });
    const names = ({ usage }: ReferenceResult) => [...usage.keys()].map((name) => name.slice(8));
    const onlyPaid = names(glacier(false)).filter((name) => !names(glacier(true)).includes(name));
    expect(onlyPaid.sort()).toEqual([
      'DataTransfer-Out-Bytes|GetObject',
      'Requests-GLACIER-Tier2|GetObject',
      'Requests-Tier3|RestoreObject',
      'Standard-Retrieval-Bytes|RestoreObject',
    ]);
    // The restored copy is stored in the owner's bucket: from 05:00 of the 10th to the 12th.
    expect(quantity(glacier(true), 'TimedStorage-ByteHrs|RestoreObject')).toBe(BigInt(SIZE) * (DAY + 19n * HOUR));
  });

  test('reading the source of a copy is a GET without transfer, and its request may be free', () => {
    const events = [put('2014-01-01 00:00'), at('2014-01-10 00:00', 'COPY_SOURCE')];
    const read = (copySourceRequest: 'charged' | 'free') =>
      used(events, [], { egress: true, copySourceRequest }, { uploadStorageClass: 'STANDARD_IA' });
    expect(quantity(read('charged'), 'Requests-SIA-Tier2|GetObject')).toBe(1n);
    expect(quantity(read('free'), 'Requests-SIA-Tier2|GetObject')).toBe(0n);
    for (const result of [read('charged'), read('free')]) {
      expect(quantity(result, 'Retrieval-SIA|GetObject')).toBe(BigInt(SIZE));
      expect(quantity(result, 'DataTransfer-Out-Bytes|GetObject')).toBe(0n);
    }
  });

  test('other requests are charged, show nothing and change nothing', () => {
    const events = [at('2014-01-02 00:00', 'OTHER_READ', { count: 3 }), at('2014-01-03 00:00', 'OTHER_WRITE')];
    expect(used(events)).toMatchObject({
      assumedObjects: 0,
      usage: new Map([
        ['2014-01|Requests-Tier2|OtherGet', 3n],
        ['2014-01|Requests-Tier1|OtherPut', 1n],
      ]),
    });
  });
});
