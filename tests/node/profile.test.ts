/** What a profile says of random logs is what a plain loop over their rows finds; and what single rows mean. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GroupProfile, NamedReads, NamedShare, Profile } from '../../src/model/profile.ts';
import { ingestFiles } from '../../src/node/ingest.ts';
import { type ProfileFilesOptions, profileFiles } from '../../src/node/profile.ts';
import { renderProfile } from '../../src/reports/profile.ts';
import { dayGaps, profileHeadline, profileNotices } from '../../src/reports/profile-words.ts';
import { writeInventory } from '../inventories.ts';
import { csv } from './random-rows.ts';
import { HEADER, refusal, testFolder } from './run-files.ts';

const { path, write } = testFolder();
const DAY = 86_400;
const SPANS = [1, 7, 30, 60, 90, 180, 365];
const SIZES = [1, 1024, 16_384, 131_072, 2 ** 20, 2 ** 24, 2 ** 27, 2 ** 30, 2 ** 34];

async function profile(inputs: string | readonly string[], more: Partial<ProfileFilesOptions> = {}): Promise<Profile> {
  return (await profileFiles({ inputs: [inputs].flat(), renames: {}, ...more })).profile;
}

/** A row of a log, with its time in seconds since 2025 began. */
interface Row {
  readonly at: number;
  readonly operation: string;
  readonly key: string;
  readonly size: number;
  readonly bytes: number | undefined;
  readonly storageClass: string;
  readonly status: number;
  readonly requester: string;
  readonly count: number;
}

const BEGIN = Date.UTC(2025, 0, 1) / 1000;

function log(rows: readonly Row[]): string {
  return csv(
    rows.map((row) => ({
      timestamp: new Date((BEGIN + row.at) * 1000).toISOString(),
      operation: row.operation,
      key: row.key,
      size: row.operation === 'DELETE' ? '' : String(row.size),
      bytes: row.bytes === undefined ? '' : String(row.bytes),
      storage_class: row.operation === 'PUT' ? row.storageClass : '',
      status: String(row.status),
      requester: row.requester,
      count: String(row.count),
    })),
  );
}

const rowOf = fc.record({
  day: fc.integer({ min: 0, max: 420 }),
  second: fc.integer({ min: 0, max: DAY - 1 }),
  operation: fc.constantFrom('PUT', 'GET', 'GET', 'GET', 'COPY_SOURCE', 'HEAD', 'DELETE'),
  key: fc.constantFrom('a/1', 'a/2', 'b/x/1', 'b/x/2', 'top'),
  size: fc.constantFrom(0, 1, 1023, 131_071, 131_072, 5_000_000, 2 ** 30, 5 * 2 ** 40),
  bytes: fc.constantFrom(undefined, undefined, 100),
  storageClass: fc.constantFrom('', 'STANDARD_IA', 'GLACIER'),
  status: fc.constantFrom(200, 200, 200, 200, 206, 304, 404, 503),
  requester: fc.constantFrom('', '-', 'A', 'arn:aws:sts::1:assumed-role/R/one', 'arn:aws:sts::1:assumed-role/R/two'),
  count: fc.constantFrom(1, 1, 1, 3),
});

/** No two rows at one time. */
const logs = fc
  .uniqueArray(rowOf, { minLength: 1, maxLength: 40, selector: ({ day, second }) => day * DAY + second })
  .map((rows) => rows.map(({ day, second, ...row }): Row => ({ at: day * DAY + second, ...row })));

interface Kept {
  readonly key: string;
  readonly created: number;
  readonly size: number;
  readonly count: number;
  readonly storageClass: string;
  readonly isAssumed: boolean;
  readonly reads: { readonly at: number; readonly bytes: number; readonly times: number }[];
  isThere: boolean;
}

/** The objects of a log, one after the other for each key. */
function objectsOf(rows: readonly Row[]): { readonly kept: Kept[]; strays: number; deletes: number } {
  const since = Math.floor(Math.min(...rows.map(({ at }) => at)) / DAY) * DAY;
  const found = { kept: [] as Kept[], strays: 0, deletes: 0 };
  for (const key of new Set(rows.map((row) => row.key))) {
    const own = rows.filter((row) => row.key === key).sort((a, b) => a.at - b.at);
    const first = own.find(hasSucceeded);
    let present: Kept | undefined;
    const begin = (created: number, { size, count, storageClass, operation }: Row, isAssumed: boolean): void => {
      present = {
        key,
        created,
        size,
        count: isAssumed ? 1 : count,
        storageClass: operation === 'PUT' && storageClass !== '' ? storageClass : 'STANDARD',
        isAssumed,
        reads: [],
        isThere: true,
      };
      found.kept.push(present);
    };
    if (first && first.operation !== 'PUT' && first.operation !== 'DELETE') begin(since, first, true);
    for (const row of own) {
      if (row.status === 503) continue;
      if (row.operation === 'PUT') {
        if (!hasSucceeded(row)) continue;
        if (present) present.isThere = false;
        begin(row.at, row, false);
      } else if (!present) {
        if (row.operation !== 'DELETE') found.strays += row.count;
        else if (hasSucceeded(row)) found.deletes += row.count;
      } else if (row.operation === 'DELETE') {
        if (!hasSucceeded(row)) continue;
        present.isThere = false;
        present = undefined;
      } else if (isRead(row)) {
        const whole = row.status === 304 ? 0 : (present as Kept).size;
        (present as Kept).reads.push({ at: row.at, bytes: row.bytes ?? whole, times: row.count });
      }
    }
  }
  return found;
}

function hasSucceeded({ status }: Row): boolean {
  return status < 300 || status === 304;
}

function isRead(row: Row): boolean {
  return (row.operation === 'GET' || row.operation === 'COPY_SOURCE') && hasSucceeded(row);
}

function bucketOf(value: number, ends: readonly number[]): number {
  return ends.filter((end) => value >= end).length;
}

/** Adds up objects, or reads, by the index of what they are. */
function tally<T>(
  of: readonly T[],
  length: number,
  index: (one: T) => number,
  count: (one: T) => number,
  bytes: (one: T) => bigint,
): [number, string][] {
  const sums = Array.from({ length }, () => ({ count: 0, bytes: 0n }));
  for (const one of of) {
    sums[index(one)]!.count += count(one);
    sums[index(one)]!.bytes += bytes(one);
  }
  return sums.map(({ count, bytes }) => [count, String(bytes)]);
}

const shares = (found: readonly NamedShare[]): [number, string][] =>
  found.map(({ objects, bytes }) => [objects, bytes]);
const reads = (found: readonly NamedReads[]): [number, string][] => found.map(({ reads, bytes }) => [reads, bytes]);

describe('of random logs', () => {
  test('objects, ages, reads and prefixes are those a plain loop finds', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (rows) => {
        const found = await profile(write('random.csv', log(rows)));
        const { kept, strays, deletes } = objectsOf(rows);
        const until = (Math.floor(Math.max(...rows.map(({ at }) => at)) / DAY) + 1) * DAY;
        const there = kept.filter(({ isThere }) => isThere);
        const bytesOf = ({ size, count }: Kept): bigint => BigInt(size) * BigInt(count);
        const countOf = ({ count }: Kept): number => count;
        const lastRead = ({ reads }: Kept): number | undefined => reads.at(-1)?.at;
        const spanOf = (seconds: number): number => bucketOf(seconds / DAY, SPANS);
        expect(shares(found.sizes)).toEqual(tally(there, 10, ({ size }) => bucketOf(size, SIZES), countOf, bytesOf));
        expect(shares(found.ages)).toEqual(tally(there, 8, ({ created }) => spanOf(until - created), countOf, bytesOf));
        const idleOf = (one: Kept): number => (lastRead(one) === undefined ? 8 : spanOf(until - lastRead(one)!));
        expect(shares(found.idle)).toEqual(tally(there, 9, idleOf, countOf, bytesOf));
        expect(found.present).toEqual({
          objects: there.reduce((sum, one) => sum + one.count, 0),
          bytes: String(there.reduce((sum, one) => sum + bytesOf(one), 0n)),
        });
        for (const { name, objects } of found.classes) {
          const ofClass = there.filter(({ storageClass }) => storageClass === name);
          expect([name, objects]).toEqual([name, ofClass.reduce((sum, one) => sum + one.count, 0)]);
        }
        const all = kept.flatMap((one) => one.reads.map((read, at) => ({ one, read, before: one.reads[at - 1] })));
        const bytesRead = ({ one, read }: (typeof all)[0], times: number): bigint =>
          BigInt(read.bytes) * BigInt(one.count) * BigInt(times);
        expect(reads(found.readsByAge)).toEqual(
          tally(
            all,
            8,
            ({ one, read }) => spanOf(read.at - one.created),
            ({ one, read }) => one.count * read.times,
            (it) => bytesRead(it, it.read.times),
          ),
        );
        // A read that is repeated comes again at once.
        const gaps = all.flatMap((it) => [
          ...(it.before || !it.one.isAssumed
            ? [{ it, gap: it.read.at - (it.before?.at ?? it.one.created), times: 1 }]
            : []),
          { it, gap: 0, times: it.read.times - 1 },
        ]);
        expect(reads(found.gaps)).toEqual(
          tally(
            gaps,
            8,
            ({ gap }) => spanOf(gap),
            ({ it, times }) => it.one.count * times,
            ({ it, times }) => bytesRead(it, times),
          ),
        );
        expect([found.workload.strayRequests, found.workload.deletesOfUnknownKeys]).toEqual([strays, deletes]);
        checkPrefixes(found, kept, until);
      }),
      { numRuns: 50, seed: 5 },
    );
  });

  test('those who keep cold data warm are those a plain loop finds', { timeout: 300_000 }, async () => {
    const who = ({ requester }: Row): string => requester.replace(/(assumed-role\/[^/]+)\/.*/, '$1');
    await fc.assert(
      fc.asyncProperty(logs, async (rows) => {
        const { requesters } = await profile(write('requesters.csv', log(rows)));
        const since = Math.floor(Math.min(...rows.map(({ at }) => at)) / DAY) * DAY;
        const expected = new Map<string, { reads: number; readBytes: bigint; objects: Map<string, bigint> }>();
        for (const row of rows.filter(isRead)) {
          const before = rows.filter((other) => other.key === row.key && other.at < row.at);
          const uploads = before
            .filter((other) => other.operation === 'PUT' && hasSucceeded(other))
            .sort((a, b) => a.at - b.at);
          const others = before.filter((other) => isRead(other) && who(other) !== who(row));
          const touched = Math.max(since, ...uploads.map(({ at }) => at), ...others.map(({ at }) => at));
          if (row.at < touched + 30 * DAY) continue;
          const cohort = uploads.at(-1)?.count ?? 1;
          const { size } = row;
          const bytes = row.bytes ?? (row.status === 304 ? 0 : size);
          const found = expected.get(who(row)) ?? { reads: 0, readBytes: 0n, objects: new Map() };
          found.reads += row.count * cohort;
          found.readBytes += BigInt(bytes) * BigInt(row.count * cohort);
          const most = BigInt(size) * BigInt(cohort);
          if ((found.objects.get(row.key) ?? -1n) < most) found.objects.set(row.key, most);
          expected.set(who(row), found);
        }
        const named = [...expected].map(([requester, { reads, readBytes, objects }]) => ({
          requester,
          reads,
          readBytes: String(readBytes),
          bytes: String([...objects.values()].reduce((sum, size) => sum + size, 0n)),
        }));
        const byName = (a: { requester: string }, b: { requester: string }): number =>
          a.requester < b.requester ? -1 : 1;
        expect(requesters!.warmers.map(({ objects: _, ...rest }) => rest).sort(byName)).toEqual(named.sort(byName));
        expect(requesters!.warmReads).toBe(named.reduce((sum, { reads }) => sum + reads, 0));
        expect(requesters!.requesters).toBe(new Set(rows.map(who)).size);
      }),
      { numRuns: 40, seed: 6 },
    );
  });
});

function checkPrefixes({ prefixes, workload }: Profile, kept: readonly Kept[], until: number): void {
  const prefix = (key: string): string =>
    key
      .split('/')
      .slice(0, -1)
      .slice(0, prefixes.depth)
      .map((part) => `${part}/`)
      .join('');
  const days =
    (Date.parse(workload.until) - Math.floor(Date.parse(workload.first) / (DAY * 1000)) * DAY * 1000) / DAY / 1000;
  expect(prefixes.coldDays).toBe([90, 30, 7, 1].find((cold) => cold <= days));
  const expected = [...new Set(kept.map(({ key }) => prefix(key)))].map((name) => {
    const own = kept.filter(({ key }) => prefix(key) === name);
    const sum = (of: readonly Kept[]): bigint =>
      of.reduce((total, { size, count }) => total + BigInt(size) * BigInt(count), 0n);
    const there = own.filter(({ isThere }) => isThere);
    const isCold = ({ created, reads }: Kept): boolean =>
      until - (reads.at(-1)?.at ?? created) >= prefixes.coldDays * DAY;
    return {
      name,
      objects: there.reduce((total, { count }) => total + count, 0),
      bytes: String(sum(there)),
      cold: String(sum(there.filter(isCold))),
      never: String(sum(there.filter(({ reads }) => reads.length === 0))),
      reads: own.reduce(
        (total, { reads, count }) => total + reads.reduce((times, read) => times + read.times * count, 0),
        0,
      ),
    };
  });
  const shown = ({ name, present, coldBytes, neverReadBytes, reads }: GroupProfile): unknown => ({
    name,
    objects: present.objects,
    bytes: present.bytes,
    cold: coldBytes,
    never: neverReadBytes,
    reads,
  });
  const byName = <T extends { name: string }>(found: readonly T[]): T[] =>
    found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(byName(prefixes.hottest).map(shown)).toEqual(byName(expected.filter(({ reads }) => reads > 0)));
  expect(byName(prefixes.coldest).map(shown)).toEqual(byName(expected.filter(({ cold }) => cold !== '0')));
  const ranked = prefixes.hottest.map(({ reads }) => reads);
  expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
}

describe('what single rows mean', () => {
  const rows = (...lines: string[]): string => write('rows.csv', `${[HEADER, ...lines].join('\n')}\n`);

  test('days without a request are told', async () => {
    const found = await profile(
      rows(
        '2025-01-30T10:00:00Z,PUT,a,10',
        '2025-01-30T11:00:00Z,GET,a,',
        '2025-02-02T00:00:00Z,GET,a,',
        '2025-02-04T23:59:59Z,GET,a,',
      ),
    );
    expect(found.days).toEqual([
      { date: '2025-01-30', requests: 2 },
      { date: '2025-01-31', requests: 0 },
      { date: '2025-02-01', requests: 0 },
      { date: '2025-02-02', requests: 1 },
      { date: '2025-02-03', requests: 0 },
      { date: '2025-02-04', requests: 1 },
    ]);
    expect(dayGaps(found)).toEqual([
      { from: '2025-01-31', to: '2025-02-01', days: 2 },
      { from: '2025-02-03', to: '2025-02-03', days: 1 },
    ]);
    expect(profileNotices(found)).toEqual([
      'no request on 3 days (31 January 2025 to 1 February 2025, 3 February 2025): is the log whole?',
    ]);
    expect(found.operations).toEqual([
      { operation: 'GET', requests: 3, failed: 0 },
      { operation: 'PUT', requests: 1, failed: 0 },
    ]);
  });

  test('what is cold is told by days that the trace has', async () => {
    const put = (day: number, key: string): string => `2025-01-0${day}T00:00:00Z,PUT,${key},10`;
    const get = (day: number, key: string): string => `2025-01-0${day}T00:00:00Z,GET,${key},`;
    // Two days until midnight of the 3rd.
    const short = await profile(rows(put(1, 'a'), get(1, 'a'), put(2, 'b')));
    expect(profileHeadline(short)).toContain(': 50% of the bytes were never read, another 50% not for 1 day or more.');
    expect(renderProfile(short, { color: false })).toMatch(/not read for 1 day +%/);
    // Eight: a was read as long before their end, b seven days.
    const longer = await profile(rows(put(1, 'a'), get(1, 'a'), put(1, 'b'), get(2, 'b'), put(8, 'c')));
    expect(profileHeadline(longer)).toContain(', another 66.7% not for 7 days or more.');
  });

  test('prefixes have no more folders than tell objects apart', async () => {
    const depthOf = async (...keys: readonly string[]): Promise<number> =>
      (await profile(rows(...keys.map((key) => `2025-01-01T00:00:00Z,PUT,${key},10`)))).prefixes.depth;
    expect(await depthOf('a', 'b')).toBe(1);
    expect(await depthOf('one/a', 'one/b')).toBe(1);
    expect(await depthOf('one/a/1', 'one/b/1', 'one/b/2')).toBe(2);
  });

  test('records that came twice, and equal rows', async () => {
    const file = write(
      'twice.csv',
      'timestamp,operation,key,size,request_id\n2025-01-01T00:00:00Z,PUT,a,10,R1\n2025-01-01T00:00:00Z,PUT,a,10,R1\n2025-01-02T00:00:00Z,GET,a,,\n2025-01-02T00:00:00Z,GET,a,,\n2025-01-02T00:00:00Z,GET,a,,\n',
    );
    const { workload } = await profile(file);
    expect([workload.requests, workload.duplicateRows, workload.equalRows]).toEqual([4, 1, 2]);
  });

  test('equal rows are found in what was added later, too', async () => {
    const trace = path('added.parquet');
    const [put, get] = ['2025-02-01T00:00:00Z,PUT,a,10', '2025-02-01T00:00:00Z,GET,a,10'];
    const others = Array.from({ length: 9 }, (_, i) => `2025-01-0${i + 1}T00:00:00Z,HEAD,b${i},1`);
    // The last file has an empty line, so that its content is not known already.
    for (const lines of [[put, ...others], [get], [get, '']]) {
      const file = write('added.csv', `${[HEADER, ...lines!].join('\n')}\n`);
      await ingestFiles({ inputs: [file], output: trace, append: true, renames: {} });
    }
    expect((await profile(trace)).workload.equalRows).toBe(1);
  });

  test('versions that are there count, noncurrent ones too', async () => {
    const file = write(
      'versions.csv',
      'timestamp,operation,key,size,version_id\n2025-01-01T00:00:00Z,PUT,a,10,v1\n2025-01-02T00:00:00Z,PUT,a,100,v2\n2025-01-03T00:00:00Z,DELETE,a,,\n2025-01-04T00:00:00Z,GET,a,,v1\n',
    );
    const found = await profile(file);
    expect([found.present, found.workload.versioning, found.workload.deleteMarkers]).toEqual([
      { objects: 2, bytes: '110' },
      'enabled',
      1,
    ]);
    expect(profileHeadline(found)).toMatch(/^2 versions, 110 B on 4 January 2025: 90.9% of the bytes were never read/);
    const unversioned = await profile(file, { versioning: 'unversioned' });
    // The overwrite and the delete leave nothing, and the read finds nothing.
    expect([unversioned.present, unversioned.workload.strayRequests]).toEqual([{ objects: 0, bytes: '0' }, 1]);
  });

  test('an object without a size is in no share, and told', async () => {
    const found = await profile(rows('2025-01-01T00:00:00Z,GET,a,', '2025-01-01T00:00:00Z,PUT,b,10'));
    expect([found.present.objects, found.workload.unsizedRows]).toEqual([1, 1]);
  });

  test('a read keeps an object warm when nobody else touched it for 30 days, to the second', async () => {
    const by = (who: string, time: string, operation: string, key: string): string =>
      `${time},${operation},${key},${key.length * 100},${who}`;
    const file = write(
      'warm.csv',
      [
        'timestamp,operation,key,size,requester',
        by('app', '2025-01-01T12:00:00Z', 'PUT', 'a'),
        // Thirty days to the second, then what only the same role has read since: its sessions are one.
        by('arn:aws:sts::1:assumed-role/Scan/x', '2025-01-31T12:00:00Z', 'GET', 'a'),
        by('arn:aws:sts::1:assumed-role/Scan/y', '2025-02-01T12:00:00Z', 'GET', 'a'),
        // Somebody else has read it a second less than thirty days before.
        by('app', '2025-03-03T11:59:59Z', 'GET', 'a'),
        by('arn:aws:sts::1:assumed-role/Scan/x', '2025-03-04T00:00:00Z', 'GET', 'a'),
        // The one who uploads it anew has a fresh object.
        by('app', '2025-01-01T12:00:00Z', 'PUT', 'bb'),
        by('app', '2025-03-01T12:00:00Z', 'PUT', 'bb'),
        by('app', '2025-03-02T12:00:00Z', 'GET', 'bb'),
        // An object from before is taken as touched when the trace begins.
        by('-', '2025-01-30T23:59:59Z', 'GET', 'ccc'),
        by('-', '2025-01-31T00:00:00Z', 'GET', 'ccc'),
        '',
      ].join('\n'),
    );
    expect((await profile(file)).requesters).toEqual({
      requesters: 3,
      warmDays: 30,
      warmReads: 3,
      warmers: [
        { requester: '-', reads: 1, readBytes: '300', objects: 1, bytes: '300' },
        { requester: 'arn:aws:sts::1:assumed-role/Scan', reads: 2, readBytes: '200', objects: 1, bytes: '100' },
      ],
    });
  });

  test('what is kept warm is as large as it was when it was read', async () => {
    const lines = [
      `${HEADER},requester`,
      // 10 bytes were read of an object that was 5,000 before and 7,000 after.
      '2025-01-01T00:00:00Z,PUT,a,5000,app',
      '2025-01-02T00:00:00Z,PUT,a,10,app',
      '2025-03-01T00:00:00Z,GET,a,,scan',
      '2025-03-02T00:00:00Z,PUT,a,7000,app',
    ];
    const { requesters } = await profile(write('overwritten.csv', `${lines.join('\n')}\n`));
    expect(requesters!.warmers).toEqual([{ requester: 'scan', reads: 1, readBytes: '10', objects: 1, bytes: '10' }]);
  });

  test('bytes of many large objects are exact', async () => {
    const lines = [
      `${HEADER},count,requester`,
      '2025-01-01T00:00:00Z,PUT,a,5497558138879,900000007,app',
      '2025-03-01T00:00:00Z,GET,a,,,scan',
    ];
    const { requesters } = await profile(write('many.csv', `${lines.join('\n')}\n`));
    const bytes = String(5_497_558_138_879n * 900_000_007n);
    expect(requesters!.warmers).toMatchObject([{ requester: 'scan', objects: 900_000_007, readBytes: bytes, bytes }]);
  });

  test('no requester, no section', async () => {
    expect((await profile(rows('2025-01-01T00:00:00Z,PUT,b,10'))).requesters).toBeUndefined();
  });
});

describe('by groups', () => {
  const file = (): string =>
    write(
      'grouped.csv',
      'timestamp,operation,key,size,tags,storage_class\n2025-01-01T00:00:00Z,PUT,a/b/1,1000,team=red,GLACIER\n2025-01-01T00:00:00Z,PUT,a/c/2,200,team=blue,\n2025-01-01T00:00:00Z,PUT,z/1,30,,\n2025-01-02T00:00:00Z,PUT,a/c/2,1,team=red,\n2025-04-30T00:00:00Z,GET,z/1,,,\n',
    );
  const told = async (groupBy: ProfileFilesOptions['groupBy'], topGroups = 10): Promise<unknown> =>
    (await profile(file(), { ...(groupBy && { groupBy }), topGroups })).groupBy!.groups.map(
      ({ name, others, present, coldBytes, reads }) => [name, others, present.objects, present.bytes, coldBytes, reads],
    );

  test('of every kind', async () => {
    expect(await told({ kind: 'prefix', depth: 1 })).toEqual([
      ['a/', undefined, 2, '1001', '1001', 0],
      ['z/', undefined, 1, '30', '0', 1],
    ]);
    expect(await told({ kind: 'tag', key: 'team' })).toEqual([
      ['red', undefined, 2, '1001', '1001', 0],
      ['', undefined, 1, '30', '0', 1],
    ]);
    expect(await told({ kind: 'class' })).toEqual([
      ['STANDARD', undefined, 2, '31', '1', 1],
      ['GLACIER', undefined, 1, '1000', '1000', 0],
    ]);
    expect(await told({ kind: 'size' })).toEqual([['under 1 KiB', undefined, 3, '1031', '1001', 1]]);
  });

  test('the largest, and the others together', async () => {
    expect(await told({ kind: 'prefix', depth: 2 }, 1)).toEqual([
      ['a/b/', undefined, 1, '1000', '1000', 0],
      ['other', 2, 2, '31', '1', 1],
    ]);
  });
});

describe('inventories', () => {
  const columns = 'Bucket, Key, Size, LastModifiedDate, StorageClass, IntelligentTieringAccessTier';
  const { manifest } = writeInventory(path('.'), {
    columns,
    files: [
      [
        'a/1|1000000|2023-01-01T00:00:00.000Z|STANDARD|',
        'a/2|2000|2025-02-01T00:00:00.000Z|GLACIER|',
        // In the frequent tier though 100 days old: read 15 days before the inventory.
        'b/1|500000|2024-11-30T00:00:00.000Z|INTELLIGENT_TIERING|FREQUENT',
      ],
    ],
  });

  test('alone tell what is there, and nothing of reads', async () => {
    const found = await profile(manifest);
    const { workload, prefixes, gaps, readsByAge } = found;
    expect(workload).toMatchObject({
      requests: 0,
      rows: 3,
      objects: 3,
      first: '2025-03-10T01:00:00Z',
      until: '2025-03-11T00:00:00Z',
      inventory: { listed: 3, impliedReads: 1, hasRequests: false },
    });
    expect([found.days, found.operations, prefixes.hottest]).toEqual([[], [], []]);
    expect([...gaps, ...readsByAge].every(({ reads }) => reads === 0)).toBe(true);
    expect(found.ages.filter(({ objects }) => objects > 0)).toEqual([
      { name: '30 to 60 days', objects: 1, bytes: '2000' },
      { name: '90 to 180 days', objects: 1, bytes: '500000' },
      { name: '1 year and more', objects: 1, bytes: '1000000' },
    ]);
    // The tier is what the last read is known by.
    expect(found.idle.filter(({ objects }) => objects > 0)).toEqual([
      { name: '7 to 30 days', objects: 1, bytes: '500000' },
      { name: 'never read', objects: 2, bytes: '1002000' },
    ]);
    expect(found.groupBy!.groups.map(({ name, present }) => [name, present.bytes])).toEqual([
      ['a/', '1002000'],
      ['b/', '500000'],
    ]);
    expect(profileHeadline(found)).toBe(
      '3 objects, 1.43 MiB on 10 March 2025; an inventory does not tell which of it is read.',
    );
    expect(profileNotices(found)).toEqual([
      '1 object in a warmer tier of Intelligent-Tiering than its age explains: taken as read 15 or 60 days before the inventory',
    ]);
    const text = renderProfile(found, { color: false });
    expect(text).toContain('inventory of pictures as of 10 March 2025, 01:00 UTC');
    expect(text).not.toMatch(/last read|hottest|coldest/);
  });

  test('before requests are what those find', async () => {
    const requests = write(
      'after.csv',
      [
        'timestamp,operation,key,size,requester',
        '2025-03-09T00:00:00Z,GET,a/1,,who',
        '2025-03-12T00:00:00Z,GET,a/1,,who',
        '2025-03-14T00:00:00Z,GET,a/1,,who',
        '2025-04-20T00:00:00Z,GET,a/2,,who',
        '2025-04-21T00:00:00Z,PUT,c,5,who',
        '',
      ].join('\n'),
    );
    const found = await profile(requests, { inventories: [manifest] });
    expect(found.workload).toMatchObject({
      requests: 4,
      rows: 8,
      objects: 4,
      assumedObjects: 0,
      first: '2025-03-10T01:00:00Z',
      last: '2025-04-21T00:00:00Z',
      otherRows: [{ kind: 'before the inventory', rows: 1 }],
    });
    expect(found.days.slice(0, 3).map(({ requests }) => requests)).toEqual([0, 0, 1]);
    expect([found.days[0]!.date, found.days.length]).toEqual(['2025-03-10', 43]);
    // Reads before the inventory are not known: only the second read has one before it.
    expect(found.gaps.filter(({ reads }) => reads > 0)).toEqual([{ name: '1 to 7 days', reads: 1, bytes: '1000000' }]);
    expect(found.readsByAge.reduce((sum, { reads }) => sum + reads, 0)).toBe(3);
    // 41 days after the inventory, of which nobody else is known to have read it.
    expect(found.requesters).toMatchObject({ requesters: 1, warmReads: 1 });
    expect(found.requesters!.warmers).toMatchObject([{ requester: 'who', reads: 1, objects: 1, bytes: '2000' }]);
  });
});

test('a trace says what its logs say, and bad rows are named', async () => {
  const log = write(
    'log.csv',
    `${HEADER}\n2025-01-01T00:00:00Z,PUT,a/b,10\nyesterday,GET,a/b,\n2025-03-02T00:00:00Z,GET,a/b,\n`,
  );
  expect(await refusal(profile(log))).toMatch(/^log\.csv:3: timestamp 'yesterday'/);
  const trace = join(path('log.parquet'));
  await ingestFiles({ inputs: [log], output: trace, append: false, renames: {}, onBadRow: 'skip' });
  const { workload, ...rest } = await profile(log, { onBadRow: 'skip' });
  const found = await profile(trace);
  expect(found).toEqual({ ...rest, workload: { ...workload, inputs: [trace], formats: found.workload.formats } });
  expect(workload.rejectedRows).toBe(1);
});
