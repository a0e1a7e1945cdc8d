/**
 * Accounts of single objects, worked by hand. Prices of us-east-1 (September 2024): Standard $0.023, Standard-IA $0.0125,
 * Glacier Instant Retrieval $0.004, Glacier $0.0036 per GB-month; a GB-month has the seconds of its calendar month.
 */
import { describe, expect, test } from 'vitest';
import { explain } from '../src/explain.ts';
import type { AccountRow, Explanation, ObjectShare, Question } from '../src/model/explanation.ts';
import { parseNanoUSD } from '../src/model/money.ts';
import { regionPrices } from '../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile } from '../src/policies/index.ts';
import type { Policy } from '../src/policies/policy.ts';
import type { SimulationOptions } from '../src/simulate.ts';
import { readCsv } from '../src/sources/read-trace.ts';
import type { MemoryTrace } from '../src/trace/memory-trace.ts';
import { instant, trace } from './events.ts';

const prices = regionPrices('us-east-1');
const GB = 2 ** 30;

function rules(...actions: readonly object[]): Policy {
  const Rules = actions.map((action, i) => ({ ID: `r${i}`, Status: 'Enabled', Filter: {}, ...action }));
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify({ Rules }), { name: 'rules' });
  if (!policy) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

const TRANSITIONS = rules({
  ID: 'cool-down',
  Transitions: [
    { Days: 30, StorageClass: 'STANDARD_IA' },
    { Days: 90, StorageClass: 'GLACIER_IR' },
  ],
});

function explained(
  events: MemoryTrace,
  asked: Question,
  policy: Policy,
  options: Partial<SimulationOptions> = {},
): Explanation {
  return explain(events, policy, prices, asked, options);
}

function object(events: MemoryTrace, key: string, policy: Policy, options?: Partial<SimulationOptions>): ObjectShare {
  return explained(events, { key }, policy, options).objects[0]!;
}

/** A row as `2025-01-01 09:00 upload STANDARD = 0.000005`: when, until when, what, and its cost. */
function line(row: AccountRow): string {
  const time = (text: string): string => text.slice(0, 16).replace('T', ' ').replace(' 00:00', '');
  const requests = row.requests?.map(({ operation, times }) => (times === 1 ? operation : `${times}x${operation}`));
  const parts = [
    time(row.at),
    row.until && `to ${time(row.until)}`,
    row.version !== undefined && row.version > 1 && `#${row.version}`,
    row.event,
    row.storageClass,
    row.tier,
    row.rule && `by ${row.rule}`,
    requests?.join(' '),
    row.tags && `${row.tags} tags`,
    row.waitSeconds && `waits ${row.waitSeconds} s`,
    row.readyAt && `ready ${time(row.readyAt)}`,
  ];
  return `${parts.filter(Boolean).join(' ')} = ${row.costUSD.replace(/0+$/, '').replace(/\.$/, '')}`;
}

function lines({ rows }: ObjectShare): string[] {
  return rows!.map(line);
}

describe('the life of an object', () => {
  test('uploaded, read, moved twice, deleted before its minimum was over', () => {
    const events = trace(
      `2025-01-01T09:00 PUT k size=${GB}`,
      '2025-01-15T00:00 GET k',
      '2025-02-15T00:00 GET k',
      '2025-02-15T00:00 HEAD k',
      `2025-04-10T12:00 GET k bytes=${GB / 1024}`,
      '2025-05-01T12:00 DELETE k',
    );
    const share = object(events, 'k', TRANSITIONS);
    expect(lines(share)).toEqual([
      // A PUT: $0.005 per 1,000.
      '2025-01-01 09:00 upload STANDARD PUT = 0.000005',
      // 30 days and 15 hours of January's 31 days: 0.023 × 735/744 = 0.0227217742
      '2025-01-01 09:00 to 2025-02-01 stored STANDARD = 0.022721774',
      '2025-01-15 request GET = 0.0000004',
      // 30 days after 1 January 09:00 is 31 January 09:00: the next midnight. $0.01 per 1,000.
      '2025-02-01 move STANDARD_IA by cool-down = 0.00001',
      // All of February and March, one of April's 30 days: 0.0125 × (1 + 1 + 1/30) = 0.0254166667
      '2025-02-01 to 2025-04-02 stored STANDARD_IA = 0.025416667',
      // A GET and a HEAD at $0.001 per 1,000, and a GB out of Standard-IA at $0.01.
      '2025-02-15 request GET HEAD = 0.010002',
      // 90 days after 1 January 09:00 is 1 April 09:00. $0.02 per 1,000.
      '2025-04-02 move GLACIER_IR by cool-down = 0.00002',
      // 29 of April's 30 days and half of one of May's 31: 0.004 × (29/30 + 0.5/31) = 0.0039311828
      '2025-04-02 to 2025-05-01 12:00 stored GLACIER_IR = 0.003931183',
      // $0.01 per 1,000 and a thousandth of a GB at $0.03: 0.00001 + 0.000029296875
      '2025-04-10 12:00 request GET = 0.000039297',
      // 90 days less 29.5 are 60.5 days, in months of May: 0.004 × 60.5/31 = 0.0078064516
      '2025-05-01 12:00 delete = 0.007806452',
    ]);
    // What the rows say, added up: it is the only object, and so the whole bill.
    const total = 22_721_774 + 25_416_667 + 3_931_183 + 7_806_452 + 5000 + 400 + 10_000 + 10_002_000 + 20_000 + 39_297;
    expect(parseNanoUSD(share.totalUSD)).toBe(BigInt(total));
    expect(explained(events, { key: 'k' }, TRANSITIONS).totalUSD).toBe(share.totalUSD);
    expect(share).toMatchObject({ size: GB, count: 1, requests: 5, reads: 3, versionCount: 1 });
    expect(share.components).toEqual({
      storage: '0.052069624',
      requests: '0.000017400',
      transitions: '0.000030000',
      retrieval: '0.010029297',
      'early delete': '0.007806452',
    });
  });

  test('a fixed class is accounted like any other policy', () => {
    const events = trace(`2025-01-01T00:00 PUT k size=${GB}`, '2025-01-31T23:59 HEAD k');
    // 31 of 31 days; the 32 KB index at Glacier's rate, the 8 KB name at Standard's; a PUT into Glacier is $0.03, a HEAD $0.0004 per 1,000.
    expect(object(events, 'k', namedPolicy('glacier')).rows!.flatMap(({ items }) => items)).toMatchObject([
      { usageType: 'Requests-GLACIER-Tier1', operation: 'PutObject', costUSD: '0.000030000' },
      { usageType: 'TimedStorage-GlacierByteHrs', operation: 'GlacierStorage', costUSD: '0.003600000' },
      { usageType: 'TimedStorage-GlacierByteHrs', operation: 'GlacierObjectOverhead', costUSD: '0.000000110' },
      { usageType: 'TimedStorage-ByteHrs', operation: 'GlacierS3ObjectOverhead', costUSD: '0.000000175' },
      { usageType: 'Requests-GLACIER-Tier2', operation: 'HeadObject', costUSD: '0.000000400' },
    ]);
  });

  test('a small object is filled up to 128 KB, in storage and in its early delete', () => {
    const events = trace('2025-01-01T00:00 PUT k size=28672', '2025-01-11T00:00 DELETE k');
    const { rows } = object(events, 'k', namedPolicy('standard-ia'));
    const quantities = rows!.map(({ event, items }) => [event, ...items.map((item) => Number(item.usageQuantity))]);
    // 28 KB and 100 KB for 10 days, then for the 20 days that were left of 30.
    const day = 86_400;
    expect(quantities).toEqual([
      ['upload', 1],
      ['stored', 28_672 * 10 * day, 102_400 * 10 * day],
      ['delete', 28_672 * 20 * day, 102_400 * 20 * day],
    ]);
  });

  test('the tiers of Intelligent-Tiering, by which a read comes back to frequent access', () => {
    const events = trace(`2025-01-01T00:00 PUT k size=${GB}`, '2025-02-10T00:00 GET k', '2025-02-28T23:59 HEAD k');
    expect(lines(object(events, 'k', namedPolicy('intelligent-tiering')))).toEqual([
      '2025-01-01 upload INTELLIGENT_TIERING PUT = 0.000005',
      // 30 of 31 days at Standard's $0.023
      '2025-01-01 to 2025-01-31 stored INTELLIGENT_TIERING frequent = 0.022258065',
      // Watched: $0.0025 per 1,000 objects and month, two months.
      '2025-01-01 to 2025-03-01 monitored = 0.000005',
      '2025-01-31 tier infrequent = 0',
      // 1 of 31 and 9 of 28 days at $0.0125: 0.0004032258 + 0.0040178571
      '2025-01-31 to 2025-02-10 stored INTELLIGENT_TIERING infrequent = 0.004421083',
      '2025-02-10 tier frequent = 0',
      // 19 of 28 days at $0.023
      '2025-02-10 to 2025-03-01 stored INTELLIGENT_TIERING frequent = 0.015607143',
      '2025-02-10 request GET = 0.0000004',
      '2025-02-28 23:59 request HEAD = 0.0000004',
    ]);
  });

  test('a read of an archived object waits for a restore, whose copy expires', () => {
    const events = trace(
      `2025-01-01T00:00 PUT k size=${GB}`,
      '2025-01-10T10:00 GET k',
      '2025-01-10T14:00 GET k',
      '2025-01-11T00:00 GET k',
      '2025-01-31T00:00 HEAD k',
    );
    const told = lines(object(events, 'k', namedPolicy('glacier'), { restoreDays: 2 }));
    expect(told.slice(2)).toEqual([
      // A standard restore: $0.05 per 1,000 requests and $0.01 per GB; it takes 5 hours at the longest.
      '2025-01-10 10:00 restore ready 2025-01-10 15:00 = 0.01005',
      '2025-01-10 10:00 request GET waits 18000 s = 0.0000004',
      '2025-01-10 14:00 request GET waits 3600 s = 0.0000004',
      // Two days after 15:00 on the 10th, at the next midnight: 2 days and 9 hours of Standard in 31 days.
      '2025-01-10 15:00 to 2025-01-13 copy = 0.001762097',
      '2025-01-11 request GET = 0.0000004',
      '2025-01-31 request HEAD = 0.0000004',
    ]);
  });

  test('tags are kept as long as the object has them', () => {
    const events = trace(
      '2025-01-01T00:00 PUT k size=1000 tags=a=1&b=2',
      '2025-01-11T00:00 DELETE_TAGGING k',
      '2025-01-31T00:00 HEAD k',
    );
    // Two tags for 10 of 31 days, at $0.0065 per 10,000 tag-months: 2 × 10/31 × 0.00000065 = 0.0000004194
    expect(lines(object(events, 'k', namedPolicy('standard')))).toContain(
      '2025-01-01 to 2025-01-11 tagged 2 tags = 0.000000419',
    );
  });

  test('parts of a multipart upload that a rule aborts', () => {
    const policy = rules({ ID: 'tidy', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    const events = trace(
      '2025-01-01T10:00 CREATE_MULTIPART k',
      `2025-01-01T12:00 UPLOAD_PART k size=${GB}`,
      `2025-01-01T12:00 UPLOAD_PART k size=${GB}`,
      '2025-01-31T00:00 GET other status=404 error_code=NoSuchKey',
    );
    const share = object(events, 'k', policy);
    expect(lines(share)).toEqual([
      '2025-01-01 10:00 request CREATE_MULTIPART = 0.000005',
      // 2 GB from noon on the 1st to midnight of the 9th, 7.5 days: 2 × 0.023 × 7.5/31 = 0.0111290323
      '2025-01-01 12:00 to 2025-01-09 parts STANDARD = 0.011129032',
      '2025-01-01 12:00 request 2xUPLOAD_PART = 0.00001',
      '2025-01-09 abort by tidy = 0',
    ]);
    expect(share).toMatchObject({ size: null, versionCount: 0, requests: 3 });
  });

  test('objects uploaded one after the other are told apart, and reads of none are requests', () => {
    const events = trace(
      `2025-01-01T00:00 PUT k size=${GB} storage_class=STANDARD_IA`,
      `2025-01-11T00:00 PUT k size=${GB}`,
      '2025-01-21T00:00 DELETE k',
      '2025-01-31T23:00 GET k',
    );
    expect(lines(object(events, 'k', namedPolicy('as-is')))).toEqual([
      '2025-01-01 upload STANDARD_IA PUT = 0.00001',
      // 10 of 31 days
      '2025-01-01 to 2025-01-11 stored STANDARD_IA = 0.004032258',
      // 20 days early, of 31
      '2025-01-11 overwrite = 0.008064516',
      '2025-01-11 #2 upload STANDARD PUT = 0.000005',
      '2025-01-11 to 2025-01-21 #2 stored STANDARD = 0.007419355',
      '2025-01-21 #2 delete = 0',
      '2025-01-31 23:00 request GET = 0.0000004',
    ]);
    expect(object(events, 'k', namedPolicy('as-is')).rows!.at(-1)!.requests).toEqual([
      { operation: 'GET', times: 1, notFound: 1 },
    ]);
  });

  test('an object expired by a rule is not found any more', () => {
    const events = trace(`2025-01-01T00:00 PUT k size=${GB}`, '2025-01-31T12:00 GET k');
    const share = object(events, 'k', rules({ ID: 'drop', Expiration: { Days: 10 } }));
    expect(lines(share).slice(2)).toEqual([
      '2025-01-11 expire by drop = 0',
      '2025-01-31 12:00 request GET = 0.0000004',
    ]);
    expect(share.rows!.at(-1)!.requests).toEqual([{ operation: 'GET', times: 1, notFound: 1 }]);
    expect(share.notices.readsAfterExpiration).toBe(1);
    expect(share.versions).toEqual([
      {
        version: 1,
        createdAt: '2025-01-01T00:00:00Z',
        stays: [{ storageClass: 'STANDARD', from: '2025-01-01T00:00:00Z' }],
        removed: { at: '2025-01-11T00:00:00Z', event: 'expire', rule: 'drop' },
      },
    ]);
  });

  test('what was there before costs from the first billed day on', () => {
    const events = trace(`2025-01-05T00:00 GET k size=${GB}`, `2025-02-10T00:00 GET k size=${GB}`);
    const horizon = { from: instant('2025-02-01'), until: instant('2025-03-01') };
    expect(lines(object(events, 'k', TRANSITIONS, { horizon }))).toEqual([
      '2025-01-05 exist STANDARD = 0',
      // Standard up to 4 February: 3 of 28 days; Standard-IA for 25.
      '2025-02-01 to 2025-02-04 stored STANDARD = 0.002464286',
      '2025-02-04 move STANDARD_IA by cool-down = 0.00001',
      '2025-02-04 to 2025-03-01 stored STANDARD_IA = 0.011160714',
      '2025-02-10 request GET = 0.010001',
    ]);
  });
});

describe('the versions of a key', () => {
  const policy = rules(
    { ID: 'expire', Expiration: { Days: 10 } },
    { ID: 'old', NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
    { ID: 'marker', Expiration: { ExpiredObjectDeleteMarker: true } },
  );
  const horizon = { from: instant('2025-01-01'), until: instant('2025-02-01') };

  test('are superseded, covered by a marker, and removed', () => {
    const events = trace(
      `2025-01-01T00:00 PUT key size=${GB} version_id=a`,
      `2025-01-03T00:00 PUT key size=${GB} version_id=b`,
      '2025-01-14T00:00 GET key',
    );
    const share = object(events, 'key', policy, { horizon });
    expect(lines(share)).toEqual([
      '2025-01-01 upload STANDARD PUT = 0.000005',
      // a: 7 of 31 days; superseded on the 3rd, removed five days later.
      '2025-01-01 to 2025-01-08 stored STANDARD = 0.005193548',
      '2025-01-03 #2 upload STANDARD PUT = 0.000005',
      '2025-01-03 noncurrent = 0',
      // b: 15 of 31 days; covered on the 13th, removed five days later. 0.0111290323, of which the running total of the
      // line, 0.0163225806, makes a nano-dollar more.
      '2025-01-03 to 2025-01-18 #2 stored STANDARD = 0.011129033',
      '2025-01-08 expire by old = 0',
      '2025-01-13 #2 noncurrent = 0',
      '2025-01-13 #3 mark by expire = 0',
      // The marker is billed for the three bytes of its key: a few thousandths of a nano-dollar.
      '2025-01-13 to 2025-01-18 #3 marked = 0',
      '2025-01-14 #2 request GET = 0.0000004',
      '2025-01-18 #2 expire by old = 0',
      '2025-01-18 #3 expire by marker = 0',
    ]);
    expect(
      share.versions.map(({ version, versionId, isDeleteMarker }) => [version, versionId, isDeleteMarker]),
    ).toEqual([
      [1, 'a', undefined],
      [2, 'b', undefined],
      [3, undefined, true],
    ]);
    expect(share.rows!.find(({ event }) => event === 'marked')!.items[0]!.usageQuantity).toBe(String(3 * 5 * 86_400));
  });

  test('become current again when what covers them is removed', () => {
    const events = trace(
      '2025-01-01T00:00 PUT key size=1000 version_id=a',
      '2025-01-02T00:00 DELETE key',
      '2025-01-03T00:00 DELETE key version_id=marker',
      '2025-01-04T00:00 GET key version_id=a',
    );
    const share = object(events, 'key', namedPolicy('as-is'), { horizon });
    const told = share.rows!.filter(({ event }) => event !== 'stored').map((row) => line(row).replace(/ = .*/, ''));
    expect(told).toEqual([
      '2025-01-01 upload STANDARD PUT',
      '2025-01-02 noncurrent',
      '2025-01-02 #2 mark',
      '2025-01-02 to 2025-01-03 #2 marked',
      '2025-01-03 #2 delete',
      '2025-01-03 current',
      '2025-01-04 request GET',
    ]);
    expect(share.versions[1]).toMatchObject({ versionId: 'marker', isDeleteMarker: true });
  });
});

describe('the share of a bill', () => {
  test('volume tiers are shared by all that fills them', () => {
    // 100 TB all January: the first 50 TB at $0.023, the next at $0.022, so $0.0225 on average for either object.
    const events = trace(
      `2025-01-01T00:00 PUT a size=${25 * 1024 * GB} count=1`,
      `2025-01-01T00:00 PUT b size=${25 * 1024 * GB} count=3`,
      '2025-01-31T23:59 HEAD a',
    );
    const shares = ['a', 'b'].map((key) => object(events, key, namedPolicy('standard')).components.storage);
    // 25,600 GB × 0.0225 and three times as much.
    expect(shares).toEqual(['576.000000000', '1728.000000000']);
  });

  test('rows carry the rounding on, so that they add up to the share, which is rounded once', () => {
    // 333,333 bytes all day long, read every second day: storage is cut into no pieces, retrieval is.
    const reads = Array.from({ length: 30 }, (_, i) => `2025-01-${String(i + 1).padStart(2, '0')}T12:00 GET k`);
    const share = object(trace('2025-01-01T00:00 PUT k size=333333', ...reads), 'k', namedPolicy('standard-ia'));
    const retrieved = share.rows!.flatMap(({ items }) =>
      items.filter(({ usageType }) => usageType === 'Retrieval-SIA'),
    );
    expect(retrieved).toHaveLength(30);
    // 0.01 × 333,333/2^30 = 3104.4 nano-dollars each, 93,131.8 together.
    expect(new Set(retrieved.map(({ costUSD }) => costUSD))).toEqual(new Set(['0.000003104', '0.000003105']));
    const sum = retrieved.reduce((total, { costUSD }) => total + parseNanoUSD(costUSD), 0n);
    expect(sum).toBe(93_132n);
    expect(share.lineItems.find(({ usageType }) => usageType === 'Retrieval-SIA')!.costUSD).toBe('0.000093132');
  });
});

describe('the dearest objects', () => {
  const events = trace(
    `2025-01-01T00:00 PUT logs/a size=${GB}`,
    `2025-01-01T00:00 PUT logs/b size=${3 * GB}`,
    `2025-01-01T00:00 PUT logs/c size=${2 * GB}`,
    `2025-01-01T00:00 PUT other size=${9 * GB}`,
    '2025-01-31T12:00 GET logs/a',
    '2025-01-31T12:00 LIST logs/',
  );

  test('of all, dearest first, without their rows', () => {
    const { objects, group } = explained(events, { top: 3 }, namedPolicy('standard'));
    expect(objects.map(({ key }) => key)).toEqual(['other', 'logs/b', 'logs/c']);
    expect(objects.every(({ rows }) => rows === undefined)).toBe(true);
    expect(group).toBeUndefined();
  });

  test('of a prefix, and what the prefix costs in all', () => {
    const { objects, group, totalUSD } = explained(events, { top: 2, prefix: 'logs/' }, namedPolicy('standard'));
    expect(objects.map(({ key }) => key)).toEqual(['logs/b', 'logs/c']);
    // 6 GB at $0.023; three PUTs and a LIST at $0.005, a GET at $0.0004 per 1,000.
    expect(group).toMatchObject({
      prefix: 'logs/',
      objects: 3,
      bytes: String(6 * GB),
      totalUSD: '0.138020400',
      components: { storage: '0.138000000', requests: '0.000020400' },
    });
    // 9 GB and a PUT are not under it.
    expect(parseNanoUSD(totalUSD) - parseNanoUSD(group!.totalUSD)).toBe(207_005_000n);
  });

  test('are found among many, in one pass that remembers few', () => {
    const many = Array.from(
      { length: 5000 },
      (_, i) => `2025-01-01T00:00 PUT o${i} size=${((i * 7919) % 5000) + 1}000000`,
    );
    const { objects } = explained(trace(...many), { top: 4 }, namedPolicy('standard'));
    expect(objects.map(({ size }) => size)).toEqual([5000e6, 4999e6, 4998e6, 4997e6]);
  });
});

describe('what is asked for', () => {
  const csv = [
    'timestamp,operation,bucket,key,size',
    '2025-01-01T00:00:00Z,PUT,one,logs/app.log,1000',
    '2025-01-01T00:00:00Z,PUT,two,logs/app.log,2000',
    '2025-01-01T00:00:00Z,PUT,two,logs/web.log,3000',
    '2025-01-02T00:00:00Z,PUT,two,two/x,4000',
    '',
  ].join('\n');
  const ask = (asked: Question): Explanation => explained(readCsv(csv), asked, namedPolicy('standard'));

  test('a key with its bucket, or alone where it is in one', () => {
    expect(ask({ key: 'two/logs/app.log' }).objects[0]).toMatchObject({ bucket: 'two', size: 2000 });
    expect(ask({ key: 'logs/web.log' }).objects[0]).toMatchObject({ bucket: 'two', size: 3000 });
    expect(ask({ top: 9, prefix: 'two/logs/' }).objects.map(({ size }) => size)).toEqual([3000, 2000]);
  });

  test.each([
    ['logs/app.log', "the key 'logs/app.log' is in 2 buckets; name one: 'one/logs/app.log', 'two/logs/app.log'"],
    ['logs/web.lg', "no request in the trace is of an object 'logs/web.lg'; did you mean 'logs/web.log'?"],
    ['logs/', "no object 'logs/'; 3 keys begin with it: --prefix 'logs/'"],
    ['quite\u001b[31m different', "no request in the trace is of an object 'quite\\u{1b}[31m different'"],
  ])('%j is refused', (key, message) => {
    expect(() => ask({ key })).toThrow(message);
  });

  test.each([
    ['logs/2024/', "no key begins with 'logs/2024/'; there are 'logs/'"],
    ['pictures/', "no key begins with 'pictures/'; there are 'one/', 'two/'"],
  ])('the prefix %j is refused', (prefix, message) => {
    expect(() => ask({ top: 1, prefix })).toThrow(message);
  });
});

describe('an account nobody could read', () => {
  test('tells the requests of a day together where there are more than ten thousand', () => {
    const minutes = Array.from({ length: 12_000 }, (_, i) => {
      const time = new Date(Date.UTC(2025, 0, 2) + i * 60_000).toISOString().slice(0, 19);
      return `${time} GET k bytes=100`;
    });
    const share = object(trace('2025-01-01T00:00 PUT k size=100000', ...minutes), 'k', namedPolicy('standard-ia'));
    expect(share.requests).toBe(12_001);
    const reads = share.rows!.filter(({ event }) => event === 'request');
    // 12,000 minutes are eight days and a third.
    expect(reads.map(({ at, requests }) => [at.slice(8, 10), requests![0]!.times])).toEqual([
      ...Array.from({ length: 8 }, (_, i) => [`0${i + 2}`, 1440]),
      ['10', 480],
    ]);
    // 1,440 GETs at $0.001 per 1,000, and 144,000 bytes at $0.01 per GB.
    expect(reads[0]!.costUSD).toBe('0.001441341');
  });

  test('tells all of a day together where a key was uploaded more than a thousand times', () => {
    const uploads = Array.from({ length: 1200 }, (_, i) => {
      const time = new Date(Date.UTC(2025, 0, 1) + i * 3_600_000).toISOString().slice(0, 19);
      return `${time} PUT k size=1000000`;
    });
    const share = object(trace(...uploads), 'k', namedPolicy('standard-ia'));
    expect(share.versionCount).toBe(1200);
    expect(share.versions).toHaveLength(1000);
    // 50 days: uploads, what they hold, and what is overwritten (on the first day one less).
    expect(share.rows).toHaveLength(150);
    expect(share.rows!.slice(0, 3).map(({ event, count }) => [event, count])).toEqual([
      ['overwrite', 23],
      ['upload', 24],
      ['stored', 24],
    ]);
    const sum = share.rows!.reduce((total, { costUSD }) => total + parseNanoUSD(costUSD), 0n);
    expect(sum).toBe(parseNanoUSD(share.totalUSD));
  });
});
