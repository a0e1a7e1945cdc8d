/** Smallest cases in which kernel and reference model once disagreed, or might, each with the number worked by hand. */
import { describe, expect, test } from 'vitest';
import { ENGINES } from './engines.ts';
import type { LifecycleRule, ReferenceEvent, ReferenceOptions, ReferencePolicy } from './reference-model.ts';

const DAY = 86_400;
const FROM = Date.UTC(2024, 0, 1) / 1000;
const SIZE = 2 ** 20;

/** A request of key `k`, of one byte's name, so many days after 1 January 2024. */
function at(
  day: number,
  operation: ReferenceEvent['operation'],
  rest: Partial<Omit<ReferenceEvent, 'time' | 'operation' | 'key'>> = {},
): ReferenceEvent {
  return { time: (FROM + day * DAY) * 1000, operation, key: 'k', ...rest };
}

function rules(...list: Omit<LifecycleRule, 'Status'>[]): ReferencePolicy {
  return { lifecycle: { Rules: list.map((rule, i) => ({ ID: `${i}`, Status: 'Enabled', Filter: {}, ...rule })) } };
}

interface Case {
  readonly name: string;
  readonly events: readonly ReferenceEvent[];
  readonly policy?: ReferencePolicy;
  readonly options?: Partial<ReferenceOptions>;
  readonly of: string;
  readonly is: number;
}

const STORED = 'TimedStorage-ByteHrs|StandardStorage';
const TAGS = 'TagStorage-TagHrs|';
const v = { size: SIZE, versionId: 'v' };

const CASES: readonly Case[] = [
  {
    name: 'the read of a source that is not there is as free as any other',
    events: [at(1, 'COPY_SOURCE', { status: 404 })],
    options: { copySourceRequest: 'free' },
    of: 'Requests-Tier2|GetObject',
    is: 0,
  },
  {
    name: 'a part somebody else pays for costs the owner its storage alone, as a PUT does',
    events: [at(1, 'UPLOAD_PART', { size: SIZE, unpaid: true })],
    policy: { uploadStorageClass: 'EXPRESS_ONEZONE', fixed: true },
    of: 'Upload-XZ|PutObject',
    is: 0,
  },
  {
    name: 'a read without id is of the upload before it, whatever id that has: 30 days of one object',
    events: [at(1, 'PUT', v), at(2, 'GET')],
    of: STORED,
    is: 30 * DAY * SIZE,
  },
  {
    name: 'what is deleted by id before an object is read is not that object: 31 days of one',
    events: [at(1, 'DELETE', { versionId: 'x' }), at(2, 'GET', { size: SIZE })],
    of: STORED,
    is: 31 * DAY * SIZE,
  },
  {
    name: 'nor is the null version of a suspended bucket',
    events: [at(1, 'DELETE', { versionId: 'null' }), at(2, 'GET', { size: SIZE })],
    options: { versioning: 'suspended' },
    of: STORED,
    is: 31 * DAY * SIZE,
  },
  {
    name: 'an id means the same version before a row succeeds as after: two objects of the cohort',
    events: [
      at(1, 'PUT', { size: SIZE, storageClass: 'STANDARD_IA', count: 2 }),
      at(2, 'GET', { versionId: 'x', status: 403 }),
      at(3, 'HEAD', { versionId: 'x' }),
    ],
    of: 'Requests-SIA-Tier2|GetObject',
    is: 2,
  },
  {
    name: 'a request that finds a marker of the policy changes no tags: one tag for 30.5 days',
    events: [at(0.5, 'PUT', { size: SIZE, tags: { a: '1' } }), at(5, 'PUT_TAGGING')],
    policy: rules({ Expiration: { Days: 1 } }),
    of: TAGS,
    is: 30.5 * DAY,
  },
  {
    name: 'tags are those of the first row of a version, by whatever name, until they are changed: 29 days',
    events: [at(1, 'GET', { versionId: 'a', size: SIZE }), at(2, 'PUT_TAGGING', { tags: { a: '1' } })],
    of: TAGS,
    is: 29 * DAY,
  },
  {
    // The only row of `b` gives it a tag from the beginning; the one without id takes it away for a day.
    name: 'the row that shows a version changes its tags too: 1 day and 29',
    events: [
      at(0, 'PUT', { size: SIZE }),
      at(0.2, 'DELETE', { versionId: 'x' }),
      at(1, 'PUT_TAGGING', { size: SIZE }),
      at(2, 'PUT_TAGGING', { versionId: 'b', tags: { a: '1' } }),
    ],
    of: TAGS,
    is: 30 * DAY,
  },
  {
    name: 'an upload that expires at the very midnight is still charged in its class',
    events: [at(1, 'PUT', { size: SIZE })],
    policy: { uploadStorageClass: 'STANDARD_IA', ...rules({ Expiration: { Date: '2024-01-01T00:00:00.000Z' } }) },
    options: { versioning: 'unversioned' },
    of: 'Requests-SIA-Tier1|PutObject',
    is: 1,
  },
  {
    // Day 2: to Intelligent-Tiering while current, then the marker; day 3: to GLACIER for the 28 days that are left.
    name: 'a noncurrent transition waits a day where the version was moved at that very midnight',
    events: [at(0.5, 'PUT', { size: SIZE })],
    policy: rules(
      { Expiration: { Days: 1 }, NoncurrentVersionTransitions: [{ NoncurrentDays: 0, StorageClass: 'GLACIER' }] },
      { Transitions: [{ Days: 1, StorageClass: 'INTELLIGENT_TIERING' }] },
    ),
    of: 'TimedStorage-GlacierByteHrs|GlacierStorage',
    is: 28 * DAY * SIZE,
  },
  {
    // Noncurrent since day 1. Day 6: one newer one, so GLACIER_IR; then the marker on the last upload makes it two. Day 7:
    // GLACIER, for 24 days.
    name: 'a noncurrent transition whose newer versions come at the midnight of another waits a day, and is not lost',
    events: [at(0.5, 'PUT', { size: SIZE }), at(5.5, 'PUT', { size: 1 })],
    policy: rules(
      { Expiration: { Date: '2024-01-02T00:00:00.000Z' } },
      {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 0, NewerNoncurrentVersions: 2, StorageClass: 'GLACIER' }],
      },
      {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 0, NewerNoncurrentVersions: 1, StorageClass: 'GLACIER_IR' }],
      },
    ),
    of: 'TimedStorage-GlacierByteHrs|GlacierStorage',
    is: 24 * DAY * SIZE,
  },
  {
    // The null version 4 days, `v` 30, the marker of one byte from day 4 on 27.
    name: 'the null marker of an expiration takes the place of the null version beneath',
    events: [at(0, 'PUT', { size: SIZE }), at(1, 'PUT', v)],
    policy: rules({ Expiration: { Days: 3 } }),
    options: { versioning: 'suspended' },
    of: STORED,
    is: (4 + 30) * DAY * SIZE + 27 * DAY,
  },
  {
    // Day 6: of the two newer noncurrent versions the first is removed, and one is not enough.
    // The version until day 5, its id known to no upload; the marker of one byte since day 2.
    name: 'a record covers a version, and another removes it by an id that no row gives',
    events: [at(0, 'PUT', { size: SIZE }), at(2.5, 'CREATE_DELETE_MARKER'), at(5.1, 'EXPIRE', { versionId: 'x' })],
    of: STORED,
    is: 5 * DAY * SIZE + 29 * DAY,
  },
  {
    // The null version until day 2, when the null marker takes its place; that until day 8.
    name: 'a recorded marker takes the place of a null version',
    events: [at(0, 'PUT', { size: SIZE }), at(2.5, 'CREATE_DELETE_MARKER'), at(8.1, 'EXPIRE', { versionId: 'null' })],
    options: { versioning: 'suspended' },
    of: STORED,
    is: 2 * DAY * SIZE + 6 * DAY,
  },
  {
    // Put at noon of day 2, after the midnight before the record: covered since noon, and there to the end, 29 days.
    name: 'a recorded marker is no older than what it covers',
    events: [at(2.5, 'PUT', { size: SIZE }), at(2.6, 'CREATE_DELETE_MARKER'), at(2.6, 'CREATE_DELETE_MARKER')],
    of: STORED,
    is: 28.5 * DAY * SIZE + 28.5 * DAY,
  },
  {
    // Ten days of STANDARD; then 21 of GLACIER, which the record of day 10, 06:00 begins at its midnight.
    name: 'a record moves an object at the midnight before it',
    events: [at(0, 'PUT', { size: SIZE }), at(10.25, 'TRANSITION_GLACIER'), at(11, 'TRANSITION_GLACIER')],
    options: { versioning: 'unversioned' },
    of: 'TimedStorage-GlacierByteHrs|GlacierStorage',
    is: 21 * DAY * SIZE,
  },
  {
    name: 'newer noncurrent versions must be there when S3 acts',
    events: [at(0, 'PUT', { size: SIZE }), ...[1, 2, 5.5].map((day) => at(day, 'PUT', { size: 1 }))],
    policy: rules(
      {
        Filter: { ObjectSizeLessThan: 1000 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 },
      },
      {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 3, NewerNoncurrentVersions: 2, StorageClass: 'GLACIER' }],
      },
    ),
    of: 'Requests-Tier3|S3-GlacierTransition',
    is: 0,
  },
];

describe.each(ENGINES)('%s', (_, used) => {
  test.each(CASES)('$name', ({ events, policy = {}, options = {}, of, is }) => {
    const usage = used({
      events,
      policy,
      options: {
        from: FROM,
        until: FROM + 31 * DAY,
        restoreTier: 'standard',
        restoreDays: 1,
        egress: false,
        earlyDeleteOverhead: 'included',
        versioning: 'enabled',
        ...options,
      },
    });
    expect(usage.get(`2024-01|${of}`) ?? 0n).toBe(BigInt(is));
  });
});
