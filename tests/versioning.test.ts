/**
 * Versioned buckets, requests in and line items out. Storage is in byte-days: size × days, where every change falls on a
 * midnight. Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html and the pages named
 * at each test.
 */
import { describe, expect, test } from 'vitest';
import { DEFAULT_SWITCHES } from '../src/model/assumptions.ts';
import type { PolicyResult } from '../src/model/comparison.ts';
import { regionPrices } from '../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile } from '../src/policies/index.ts';
import { type CompareOptions, compare } from '../src/simulate.ts';
import type { MemoryTrace } from '../src/trace/memory-trace.ts';
import { chargedTrace, instant, trace } from './events.ts';

const prices = regionPrices('us-east-1');
const DAY = 86_400;

function rules(...actions: readonly object[]) {
  const Rules = actions.map((action, i) => ({ ID: `r${i}`, Status: 'Enabled', Filter: {}, ...action }));
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify({ Rules }), { name: 'rules' });
  if (!policy) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

function bill(events: MemoryTrace, policy = namedPolicy('as-is'), options: CompareOptions = {}): PolicyResult {
  const horizon = { from: instant('2025-01-01'), until: instant('2025-02-01') };
  return compare(events, [policy], prices, { horizon, versioning: 'enabled', ...options }).results[0]!;
}

/** Usage of a usage type and operation over all months; in byte-days where it is storage. */
function usage({ lineItems }: PolicyResult, usageType: string, operation?: string): number {
  const items = lineItems.filter((i) => i.usageType === usageType && (operation ?? i.operation) === i.operation);
  return items.reduce((sum, { usageQuantity, usageUnit }) => {
    return sum + Number(usageQuantity) / (usageUnit.endsWith('-seconds') ? DAY : 1);
  }, 0);
}

describe('versions and delete markers', () => {
  test('an overwritten version goes on costing, and pays no early delete', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 storage_class=STANDARD_IA',
      '2025-01-11T00:00 PUT k size=300000 storage_class=STANDARD_IA',
    );
    // 200,000 B × 31 d + 300,000 B × 21 d
    expect(usage(bill(events), 'TimedStorage-SIA-ByteHrs')).toBe(200_000 * 31 + 300_000 * 21);
    expect(usage(bill(events), 'EarlyDelete-SIA')).toBe(0);
    // In an unversioned bucket the overwrite removes the first, 20 days early.
    const unversioned = bill(events, undefined, { versioning: 'unversioned' });
    expect(usage(unversioned, 'TimedStorage-SIA-ByteHrs')).toBe(200_000 * 10 + 300_000 * 21);
    expect(usage(unversioned, 'EarlyDelete-SIA')).toBe(200_000 * 20);
  });

  test('a delete of nothing makes a marker too, which rules with sizes or tags do not remove', () => {
    const removed = (Filter: object) => {
      const policy = rules({ Filter, Expiration: { Days: 10 } }, { Filter: { Prefix: 'z' }, Expiration: { Days: 1 } });
      return usage(bill(trace('2025-01-01T00:00 DELETE key'), policy), 'TimedStorage-ByteHrs');
    };
    // Three bytes of its key for 10 days until the rule removes it, or for all of January.
    expect(removed({})).toBe(3 * 10);
    expect(removed({ Prefix: 'k' })).toBe(3 * 10);
    const others = [
      { Tag: { Key: 'a', Value: 'b' } },
      { ObjectSizeGreaterThan: 1 },
      { ObjectSizeLessThan: 9 },
      { And: { ObjectSizeGreaterThan: 1, ObjectSizeLessThan: 9 } },
    ];
    expect(others.map(removed)).toEqual([93, 93, 93, 93]);
  });

  test('a delete makes a marker of the bytes of its key; removing the version by its id is what frees it', () => {
    const events = trace(
      '2025-01-01T00:00 PUT ключ size=1000 version_id=v1',
      '2025-01-11T00:00 DELETE ключ',
      '2025-01-21T00:00 DELETE ключ version_id=v1',
    );
    // 1,000 B × 20 d, and a marker of 8 bytes (four letters of two) × 21 d: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
    expect(usage(bill(events), 'TimedStorage-ByteHrs')).toBe(1000 * 20 + 8 * 21);
  });

  test('early delete falls due when a version is really removed', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 storage_class=GLACIER_IR version_id=a',
      '2025-01-02T00:00 PUT k size=200000 storage_class=GLACIER_IR version_id=b',
      '2025-01-31T00:00 DELETE k version_id=a',
    );
    expect(usage(bill(events), 'EarlyDelete-GIR')).toBe(200_000 * 60);
  });

  test('a request that names a version goes to it, one that names none to the current one', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 storage_class=STANDARD_IA version_id=a',
      '2025-01-02T00:00 PUT k size=300000 storage_class=GLACIER_IR version_id=b',
      '2025-01-03T00:00 GET k',
      '2025-01-04T00:00 GET k version_id=a',
      '2025-01-05T00:00 DELETE k',
      '2025-01-06T00:00 GET k',
    );
    const result = bill(events);
    expect(usage(result, 'Retrieval-GIR')).toBe(300_000);
    expect(usage(result, 'Retrieval-SIA')).toBe(200_000);
    expect(usage(result, 'Requests-GIR-Tier2')).toBe(1);
    expect(usage(result, 'Requests-SIA-Tier2')).toBe(1);
    // The last finds a delete marker: 404, charged in Standard.
    expect(usage(result, 'Requests-Tier2')).toBe(1);
  });

  test('deleting a delete marker brings the version back', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-02T00:00 DELETE k',
      '2025-01-03T00:00 DELETE k version_id=marker',
      '2025-01-04T00:00 GET k',
    );
    const policy = rules({ Expiration: { Days: 30 } });
    expect(bill(events, policy).notices.readsAfterExpiration).toBe(0);
    // The version 31 days, the marker one.
    expect(usage(bill(events), 'TimedStorage-ByteHrs')).toBe(1000 * 31 + 1);
  });

  test('a suspended bucket overwrites its null version and keeps those with ids', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-11T00:00 PUT k size=2000',
      '2025-01-21T00:00 PUT k size=4000',
    );
    expect(usage(bill(events, undefined, { versioning: 'suspended' }), 'TimedStorage-ByteHrs')).toBe(
      1000 * 31 + 2000 * 10 + 4000 * 11,
    );
    const deleted = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-11T00:00 DELETE k');
    expect(usage(bill(deleted, undefined, { versioning: 'suspended' }), 'TimedStorage-ByteHrs')).toBe(1000 * 10 + 21);
  });

  test('an id nobody uploaded is that of the oldest version without one', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000',
      '2025-01-02T00:00 PUT k size=2000',
      '2025-01-11T00:00 DELETE k version_id=x',
      '2025-01-12T00:00 DELETE k version_id=x',
    );
    expect(usage(bill(events), 'TimedStorage-ByteHrs')).toBe(1000 * 10 + 2000 * 30);
    const read = trace('2025-01-05T00:00 GET k size=500 version_id=old', '2025-01-06T00:00 PUT k size=1000');
    const horizon = { from: instant('2025-01-05'), until: instant('2025-02-01') };
    expect(usage(bill(read, undefined, { horizon }), 'TimedStorage-ByteHrs')).toBe(500 * 27 + 1000 * 26);
  });

  test('a read without an id is of the version that an upload with one made before, not of one older than the trace', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000 version_id=a', '2025-01-14T00:00 GET k');
    expect(compare(events, [namedPolicy('as-is')], prices).workload).toMatchObject({
      versions: 1,
      assumedObjects: 0,
      rejectedRows: 0,
    });
  });

  test('the input shows whether the bucket is versioned', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000 version_id=a', '2025-01-11T00:00 PUT k size=2000');
    const { workload } = compare(events, [namedPolicy('standard')], prices);
    expect(workload).toMatchObject({ versioning: 'enabled', objects: 1, versions: 2, deleteMarkers: 0 });
    const plain = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-11T00:00 PUT k size=2000');
    expect(compare(plain, [namedPolicy('standard')], prices).workload.versioning).toBe('unversioned');
  });
});

describe('lifecycle in a versioned bucket', () => {
  test('a hundred objects expired after seven days are two hundred entries', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html
    const events = trace('2025-01-01T00:00 PUT key size=1000 count=100');
    const result = bill(events, rules({ Expiration: { Days: 7 } }));
    // The versions all month; the markers, of 3 bytes each, from the 8th on.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(100 * (1000 * 31 + 3 * 24));
  });

  test('photo.gif: deleted at 11:30 on the 2nd, gone at midnight of the 8th', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    const events = trace('2025-01-01T00:00 PUT photo.gif size=1000', '2025-01-02T11:30 DELETE photo.gif');
    const result = bill(events, rules({ NoncurrentVersionExpiration: { NoncurrentDays: 5 } }));
    // The marker of 9 bytes from 11:30 on the 2nd: 29 days and 12.5 hours.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBeCloseTo(1000 * 7 + 9 * (29 + 12.5 / 24), 9);
  });

  test('a successor of 10:30 on the 15th and three days: the 19th', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-15T10:30 PUT k size=1');
    const result = bill(events, rules({ NoncurrentVersionExpiration: { NoncurrentDays: 3 } }));
    expect(usage(result, 'TimedStorage-ByteHrs')).toBeCloseTo(1000 * 18 + 1 * (16 + 13.5 / 24), 9);
  });

  test('a version goes only once it has so many newer ones as well', () => {
    const lines = [1, 2, 3, 4].map((day) => `2025-01-0${day}T00:00 PUT k size=${10 ** day}`);
    const expire = (NewerNoncurrentVersions: number) =>
      rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions } });
    // Noncurrent since the 2nd, 3rd, 4th. With one newer: the first is due on the 3rd and the second is noncurrent then;
    // the second is due on the 4th and so is its count; the third stays.
    expect(usage(bill(trace(...lines), expire(1)), 'TimedStorage-ByteHrs')).toBe(
      10 * 2 + 100 * 2 + 1000 * 29 + 10_000 * 28,
    );
    // With two newer: the first on the 4th, when the third becomes noncurrent; no other.
    expect(usage(bill(trace(...lines), expire(2)), 'TimedStorage-ByteHrs')).toBe(
      10 * 3 + 100 * 30 + 1000 * 29 + 10_000 * 28,
    );
  });

  test('a marker with nothing behind it goes: by ExpiredObjectDeleteMarker at once, by days at its age', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-02T00:00 DELETE k');
    const noncurrent = { NoncurrentVersionExpiration: { NoncurrentDays: 3 } };
    const markers = (...actions: object[]): number =>
      usage(bill(events, rules(noncurrent, ...actions)), 'TimedStorage-ByteHrs') - 1000 * 4;
    expect(markers()).toBe(30);
    expect(markers({ Expiration: { ExpiredObjectDeleteMarker: true } })).toBe(3);
    expect(markers({ Expiration: { Days: 10 } })).toBe(10);
    expect(markers({ Expiration: { Days: 1 } })).toBe(3);
    expect(markers({ Filter: { Prefix: 'other' }, Expiration: { Days: 1 } })).toBe(30);
  });

  test('noncurrent versions move, and pay their early delete when they expire', () => {
    const events = trace('2025-01-01T00:00 PUT k size=200000', '2025-01-02T00:00 PUT k size=1');
    const result = bill(
      events,
      rules({
        NoncurrentVersionTransitions: [{ NoncurrentDays: 5, StorageClass: 'GLACIER_IR' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 15 },
      }),
    );
    expect(usage(result, 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * 10);
    expect(usage(result, 'EarlyDelete-GIR')).toBe(200_000 * 80);
    expect(usage(result, 'Requests-Tier4', 'S3-GIRTransition')).toBe(1);
  });

  test('an expired version is not found any more, but by its id', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 version_id=a storage_class=GLACIER_IR',
      '2025-01-15T00:00 GET k',
      '2025-01-16T00:00 GET k version_id=a',
    );
    const result = bill(events, rules({ Expiration: { Days: 10 } }));
    expect(result.notices.readsAfterExpiration).toBe(1);
    expect(usage(result, 'Retrieval-GIR')).toBe(200_000);
    expect(usage(result, 'Requests-Tier2')).toBe(1);
  });

  test('a suspended bucket expires its null version for good, and leaves a null marker', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000');
    const result = bill(events, rules({ Expiration: { Days: 10 } }), { versioning: 'suspended' });
    // The marker, with nothing behind it, goes by the same rule ten days later.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 * 10 + 10);
  });

  test('a suspended bucket that expires a version with an id removes the null version beneath for good', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html: a null marker takes its place.
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=null',
      '2025-01-02T00:00 PUT k size=2000 version_id=v2',
    );
    const result = bill(events, rules({ Expiration: { Days: 10 } }), { versioning: 'suspended' });
    // The null version to the 12th, the other to the end, the marker of one byte from the 12th on.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 * 11 + 2000 * 30 + 20);
  });

  test('a version that comes back to the top is a current one again, from that midnight on', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-02T00:00 PUT k size=2000 version_id=b',
      '2025-01-20T12:00 DELETE k version_id=b',
    );
    const policy = rules({ Expiration: { Days: 25 } });
    // The first is 25 days old on the 26th: a marker of one byte covers it for six days.
    expect(usage(bill(events, policy), 'TimedStorage-ByteHrs')).toBe(1000 * 31 + 2000 * 18.5 + 6);
    // It was ten days old while another covered it, and so is done at the next midnight.
    const early = rules({ Expiration: { Days: 10 }, Filter: { ObjectSizeLessThan: 1500 } });
    expect(usage(bill(events, early), 'TimedStorage-ByteHrs')).toBe(1000 * 31 + 2000 * 18.5 + 11);
  });

  test('a marker of the policy stands for as many objects as the version beneath, whatever markers came between', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a count=100',
      '2025-01-02T00:00 DELETE k',
      '2025-01-03T00:00 DELETE k version_id=marker',
    );
    const result = bill(events, rules({ Expiration: { Days: 10 } }));
    // The markers of the DELETE for a day, those of the rule from the 11th on.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(100 * (1000 * 31 + 1 + 21));
  });

  test('at one midnight the older version is looked at first', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000',
      '2025-01-02T00:00 PUT k size=200000',
      '2025-01-03T00:00 PUT k size=1',
    );
    const policy = rules(
      { Filter: { ObjectSizeGreaterThan: 100_000 }, NoncurrentVersionExpiration: { NoncurrentDays: 9 } },
      { NoncurrentVersionExpiration: { NoncurrentDays: 10, NewerNoncurrentVersions: 1 } },
    );
    // Both are due on the 12th: the first still has a newer noncurrent one then.
    expect(usage(bill(events, policy), 'TimedStorage-ByteHrs')).toBe(1000 * 11 + 200_000 * 10 + 29);
  });

  test('newer versions count when the action is done, not when it became due', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=10',
      '2025-01-01T00:00 PUT k size=200000',
      '2025-01-02T00:00 PUT k size=300000 version_id=c',
      '2025-01-03T00:00 PUT k size=1',
      '2025-01-05T00:00 DELETE k version_id=c',
    );
    const policy = rules({
      Filter: { ObjectSizeGreaterThan: 100 },
      NoncurrentVersionExpiration: { NoncurrentDays: 10, NewerNoncurrentVersions: 1 },
    });
    expect(usage(bill(events, policy), 'TimedStorage-ByteHrs')).toBe(10 * 31 + 200_000 * 31 + 300_000 * 3 + 29);
  });

  test('of two moves due at one midnight the one into the colder class is made, whichever rule comes first', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
    const events = trace('2025-01-01T00:00 PUT k size=200000', '2025-01-02T00:00 PUT k size=1');
    const move = (StorageClass: string) => ({
      NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass }],
    });
    const horizon = { from: instant('2025-01-01'), until: instant('2025-03-01') };
    for (const classes of [
      ['STANDARD_IA', 'GLACIER'],
      ['GLACIER', 'STANDARD_IA'],
    ]) {
      const result = bill(events, rules(...classes.map(move)), { horizon });
      expect(usage(result, 'Requests-Tier3', 'S3-GlacierTransition')).toBe(1);
      expect(usage(result, 'Requests-Tier4')).toBe(0);
      // From 1 February on, with 32 KB of overhead.
      expect(usage(result, 'TimedStorage-GlacierByteHrs')).toBe((200_000 + 32_768) * 28);
    }
  });

  test('a second move of a midnight, due by what was done at that very midnight, waits a day', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 version_id=a',
      '2025-01-02T00:00 PUT k size=300000 version_id=b',
    );
    const policy = rules(
      {
        Filter: { ObjectSizeLessThan: 250_000 },
        NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass: 'GLACIER_IR' }],
      },
      {
        Filter: { ObjectSizeLessThan: 250_000 },
        NoncurrentVersionTransitions: [{ NoncurrentDays: 10, NewerNoncurrentVersions: 1, StorageClass: 'GLACIER' }],
      },
      { Filter: { ObjectSizeGreaterThan: 250_000 }, Expiration: { Days: 10 } },
    );
    const result = bill(events, policy);
    // On the 12th the first moves and then the second is covered, so that the first has a newer one.
    expect(usage(result, 'TimedStorage-GIR-ByteHrs')).toBe(200_000);
    expect(usage(result, 'TimedStorage-GlacierByteHrs')).toBe((200_000 + 32_768) * 19);
  });

  test('a suspended bucket expires its null version before it would move it', () => {
    const events = trace('2025-01-01T00:00 PUT k size=200000');
    const policy = rules({ Expiration: { Days: 10 } }, { Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }] });
    const moves = (versioning: 'suspended' | 'enabled') =>
      usage(bill(events, policy, { versioning }), 'Requests-Tier4', 'S3-GIRTransition');
    // Removing for good comes before moving, and moving before a delete marker.
    expect([moves('suspended'), moves('enabled')]).toEqual([0, 1]);
  });

  test('the null version of a suspended bucket is replaced whatever became of versions with ids', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=null',
      '2025-01-02T00:00 PUT k size=2000 version_id=v',
      '2025-01-03T00:00 DELETE k version_id=v',
      '2025-01-04T00:00 PUT k size=4000',
    );
    const policy = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 20 } });
    expect(usage(bill(events, policy, { versioning: 'suspended' }), 'TimedStorage-ByteHrs')).toBe(
      1000 * 3 + 2000 + 4000 * 28,
    );
  });

  test("tags put on a key go by a version that a marker of the policy's covers, but for those that name it", () => {
    const storage = (tagging: string) => {
      const events = trace('2025-01-01T00:00 PUT k size=1000 version_id=a', tagging);
      const policy = rules(
        { Expiration: { Days: 5 } },
        { Filter: { Tag: { Key: 'x', Value: '1' } }, NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
      );
      return usage(bill(events, policy), 'TimedStorage-ByteHrs');
    };
    // The marker of one byte is there from the 6th on, to the 11th where nothing is left beneath it then.
    expect(storage('2025-01-08T00:00 PUT_TAGGING k tags=x=1')).toBe(1000 * 31 + 26);
    expect(storage('2025-01-05T00:00 PUT_TAGGING k tags=x=1')).toBe(1000 * 10 + 5);
    expect(storage('2025-01-08T00:00 PUT_TAGGING k tags=x=1 version_id=a')).toBe(1000 * 10 + 5);
  });

  test("what a removed version uncovers is not found beneath a marker of the policy's", () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-02T00:00 PUT k size=2000 version_id=b',
      '2025-01-05T12:00 GET k',
      '2025-01-08T00:00 DELETE k version_id=b',
      '2025-01-09T00:00 GET k',
      '2025-01-10T00:00 GET k version_id=a',
    );
    expect(bill(events, rules({ Expiration: { Days: 5 } })).notices.readsAfterExpiration).toBe(1);
  });

  test("a version is found again when an upload has replaced the policy's null marker and is itself removed", () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-07T00:00 GET k',
      '2025-01-08T00:00 PUT k size=2000',
      '2025-01-09T12:00 DELETE k version_id=null',
      '2025-01-09T18:00 GET k',
      '2025-01-10T06:00 GET k',
    );
    const result = bill(events, rules({ Expiration: { Days: 5 } }), { versioning: 'suspended' });
    // On the 7th, and again on the 10th: it is expired anew at the midnight after it came back.
    expect(result.notices.readsAfterExpiration).toBe(2);
  });

  test('a version that rules removed and rows remove again takes no other with it', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=a',
      '2025-01-02T00:00 PUT k size=2000 version_id=b',
      '2025-01-20T00:00 DELETE k version_id=a',
    );
    const policy = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 5 }, Expiration: { Days: 20 } });
    // The first to the 7th; the second, covered by a marker on the 22nd, to the 27th.
    expect(usage(bill(events, policy), 'TimedStorage-ByteHrs')).toBe(1000 * 6 + 2000 * 25 + 10);
  });

  test('expiring a version with an id removes the null version of a suspended bucket, whatever else was removed', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=null',
      '2025-01-02T00:00 PUT k size=2000 version_id=v',
      '2025-01-03T00:00 PUT k size=4000 version_id=w',
      '2025-01-04T00:00 DELETE k version_id=v',
    );
    const result = bill(events, rules({ Expiration: { Days: 10 } }), { versioning: 'suspended' });
    // The null version to the 13th; a null marker is there from then on.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 * 12 + 2000 * 2 + 4000 * 29 + 19);
  });

  test('a null version that is gone is not removed a second time', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 version_id=null',
      '2025-01-02T00:00 PUT k size=2000 version_id=v',
    );
    const policy = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 5 } }, { Expiration: { Days: 20 } });
    const result = bill(events, policy, { versioning: 'suspended' });
    // The null version to the 7th; the other expires on the 22nd, and is noncurrent for five days more.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 * 6 + 2000 * 25 + 10);
  });

  test('a marker goes only when all that it covers has gone, and a lone version stays', () => {
    const put = ['2025-01-01T00:00 PUT k size=1000 version_id=a', '2025-01-02T00:00 PUT k size=200000 version_id=b'];
    const policy = rules(
      { Filter: { ObjectSizeLessThan: 5000 }, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
      { Expiration: { ExpiredObjectDeleteMarker: true } },
    );
    expect(usage(bill(trace(...put), policy), 'TimedStorage-ByteHrs')).toBe(1000 * 4 + 200_000 * 30);
    const marked = trace(...put, '2025-01-04T00:00 DELETE k');
    expect(usage(bill(marked, policy), 'TimedStorage-ByteHrs')).toBe(1000 * 4 + 200_000 * 30 + 28);
  });

  test('of two moves due at one midnight the other is not made on the next, though it would be allowed', () => {
    // INTELLIGENT_TIERING is preferred to GLACIER_IR: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
    const events = trace('2025-01-01T00:00 PUT k size=200000', '2025-01-02T00:00 PUT k size=1');
    const move = (StorageClass: string) => ({ NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass }] });
    const result = bill(events, rules(move('GLACIER_IR'), move('INTELLIGENT_TIERING')));
    expect(usage(result, 'TimedStorage-INT-FA-ByteHrs')).toBe(200_000 * 20);
    expect(usage(result, 'TimedStorage-GIR-ByteHrs')).toBe(0);
  });

  test('an upload of midnight moves at that midnight, when it moves after no days', () => {
    const events = trace('2025-01-09T12:00 PUT k size=1', '2025-01-10T00:00 PUT k size=200000');
    const policy = rules({ Transitions: [{ Days: 0, StorageClass: 'GLACIER_IR' }] });
    for (const versioning of ['enabled', 'unversioned'] as const) {
      expect(usage(bill(events, policy, { versioning }), 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * 22);
    }
  });

  test('an upload takes the place of the null marker that an expired null version left', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-10T00:00 PUT k size=2000');
    const result = bill(events, rules({ Expiration: { Days: 5 } }), { versioning: 'suspended' });
    // Five days each, a marker of four days after the first, and one of five after the second.
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 * 5 + 4 + 2000 * 5 + 5);
  });

  test('noncurrent actions do nothing in an unversioned bucket', () => {
    const events = trace('2025-01-01T00:00 PUT k size=1000', '2025-01-02T00:00 PUT k size=2000');
    const result = bill(events, rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }), {
      versioning: 'unversioned',
    });
    expect(result.idleVersionRules).toBe(true);
    expect(usage(result, 'TimedStorage-ByteHrs')).toBe(1000 + 2000 * 30);
  });
});

describe('requests as they are charged', () => {
  test('errors AWS does not bill are free, others are not', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000',
      '2025-01-02T00:00 GET k status=404 error_code=NoSuchKey',
      '2025-01-02T00:01 GET k status=404 error_code=NoSuchUpload',
      '2025-01-02T00:02 GET k status=403 error_code=SignatureDoesNotMatch',
      '2025-01-02T00:03 GET k status=503 error_code=SlowDown',
      '2025-01-02T00:04 GET k status=412 error_code=PreconditionFailed',
      '2025-01-02T00:05 GET k status=403 error_code=AccessDenied requester=-',
      '2025-01-02T00:06 GET k status=403 error_code=AccessDenied requester=arn:aws:iam::111122223333:user/a',
    );
    expect(usage(bill(events), 'Requests-Tier2')).toBe(3);
  });

  test('what other accounts pay themselves is not on the owner’s bill', () => {
    const owner = '111122223333';
    const events = chargedTrace(
      { account: owner, requesterPays: true },
      '2025-01-01T00:00 PUT k size=200000 storage_class=GLACIER_IR',
      `2025-01-02T00:00 GET k requester=arn:aws:iam::${owner}:user/a`,
      '2025-01-03T00:00 GET k requester=arn:aws:iam::444455556666:user/b',
      '2025-01-04T00:00 GET k requester=arn:aws:iam::444455556666:user/b status=403 error_code=AccessDenied',
      '2025-01-05T00:00 PUT k size=400000 requester=arn:aws:iam::444455556666:user/b',
    );
    for (const policy of [undefined, namedPolicy('glacier-ir')]) {
      const result = bill(events, policy, { versioning: 'unversioned', egress: true });
      expect(usage(result, 'Requests-GIR-Tier2')).toBe(1);
      expect(usage(result, 'Retrieval-GIR')).toBe(200_000);
      expect(usage(result, 'DataTransfer-Out-Bytes')).toBe(200_000);
      expect(usage(result, 'Requests-GIR-Tier1') + usage(result, 'Requests-Tier1')).toBe(1);
    }
    // What they upload is stored at the owner's cost: 400,000 B from the 5th on.
    expect(usage(bill(events, undefined, { versioning: 'unversioned' }), 'TimedStorage-ByteHrs')).toBe(400_000 * 27);
  });

  test('tags are stored by the tag and month until they are taken off', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 tags=a=1&b=2 count=10',
      '2025-01-11T00:00 PUT_TAGGING k tags=a=1',
      '2025-01-21T00:00 DELETE_TAGGING k',
    );
    for (const policy of [
      undefined,
      namedPolicy('glacier-ir'),
      namedPolicy('glacier'),
      rules({ Expiration: { Days: 300 } }),
    ]) {
      expect(usage(bill(events, policy), 'TagStorage-TagHrs')).toBe(10 * (2 * 10 + 1 * 10));
    }
  });

  test('a copy reads its source, whose request may be free', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=200000 storage_class=GLACIER_IR',
      '2025-01-02T00:00 COPY_SOURCE k',
    );
    expect(usage(bill(events), 'Retrieval-GIR')).toBe(200_000);
    expect(usage(bill(events, undefined, { egress: true }), 'DataTransfer-Out-Bytes')).toBe(0);
    expect(usage(bill(events), 'Requests-GIR-Tier2')).toBe(1);
  });
});

test('an early delete may be of months of 30 days', () => {
  const events = trace('2025-01-01T00:00 PUT k size=1073741824 storage_class=STANDARD_IA', '2025-01-11T00:00 DELETE k');
  const cost = (month: '30-days' | 'calendar-month'): string | undefined => {
    const switches = { ...DEFAULT_SWITCHES, 'early-delete-month': month };
    return bill(events, undefined, { versioning: 'unversioned', switches }).components['early delete'];
  };
  // 1 GB × 20 d: 20/31 of $0.0125, or 20/30.
  expect([cost('calendar-month'), cost('30-days')]).toEqual(['0.008064516', '0.008333333']);
});

describe('rules that begin later', () => {
  const events = trace('2024-11-01T00:00 PUT a size=200000 count=50', '2025-01-05T00:00 PUT b size=200000');

  test('move at once what was there, and by age what comes after', () => {
    const { policy } = parsePolicyFile(
      JSON.stringify({
        Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }] }],
      }),
      { name: 'rules', rulesFrom: instant('2025-01-11') },
    );
    const result = bill(events, policy!, { versioning: 'unversioned' });
    expect(usage(result, 'Requests-Tier4', 'S3-GIRTransition')).toBe(51);
    // 50 objects from the 11th, one from the 15th.
    expect(usage(result, 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * (50 * 21 + 17));
  });

  test('a transition into INTELLIGENT_TIERING may be made later than its midnight', () => {
    const late = (tieringDelayDays: number): number => {
      const { policy } = parsePolicyFile(
        JSON.stringify({
          Rules: [
            {
              ID: 'r',
              Status: 'Enabled',
              Filter: {},
              Transitions: [{ Days: 10, StorageClass: 'INTELLIGENT_TIERING' }],
            },
          ],
        }),
        { name: 'rules', tieringDelayDays },
      );
      const put = trace('2025-01-01T00:00 PUT b size=200000');
      return usage(bill(put, policy!, { versioning: 'unversioned' }), 'TimedStorage-ByteHrs');
    };
    expect([late(0), late(2)]).toEqual([200_000 * 10, 200_000 * 12]);
  });
});

describe('what deserves a name of its own', () => {
  test('the wave of transitions on the day the rules begin, and its requests', () => {
    const { policy } = parsePolicyFile(
      JSON.stringify({
        Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }] }],
      }),
      { name: 'rules', rulesFrom: instant('2025-01-11') },
    );
    const events = trace('2024-11-01T00:00 PUT a size=200000 count=50', '2025-01-05T00:00 PUT b size=200000');
    const { firstTransitions } = bill(events, policy!, { versioning: 'unversioned' });
    // 50 transitions at $0.02 per 1,000.
    expect(firstTransitions).toEqual({ date: '2025-01-11', objects: 50, costUSD: '0.001000000' });
  });

  test('multipart uploads nobody completed, and what their parts hold', () => {
    const events = trace(
      `2025-01-01T00:00 CREATE_MULTIPART a`,
      `2025-01-01T00:00 UPLOAD_PART a size=${2 ** 30}`,
      `2025-01-01T00:00 CREATE_MULTIPART b`,
      `2025-01-01T00:00 UPLOAD_PART b size=${2 ** 30}`,
      `2025-01-02T00:00 COMPLETE_MULTIPART b`,
      `2025-01-01T00:00 PUT c size=${2 ** 30}`,
    );
    const { unfinishedUploads } = bill(events, undefined, { versioning: 'unversioned' });
    // One GiB for the whole of January: a GB-month at $0.023.
    expect(unfinishedUploads).toEqual({ uploads: 1, bytes: String(2 ** 30), costUSD: '0.023000000' });
    // And in February, which has 28 days, another.
    const horizon = { from: instant('2025-01-01'), until: instant('2025-03-01') };
    const twoMonths = bill(events, undefined, { versioning: 'unversioned', horizon });
    expect(twoMonths.unfinishedUploads).toEqual({ uploads: 1, bytes: String(2 ** 30), costUSD: '0.046000000' });
    const aborted = rules({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    // 0.023 × 7/31 = 0.005193548387…
    expect(bill(events, aborted, { versioning: 'unversioned' }).unfinishedUploads?.costUSD).toBe('0.005193548');
  });
});
