/** What S3's own lifecycle is recorded to have done: followed by `as-is`, and by no other policy. */
import { describe, expect, test } from 'vitest';
import type { Comparison, PolicyResult } from '../../src/model/comparison.ts';
import { explainFiles } from '../../src/node/explain.ts';
import { ingestFiles } from '../../src/node/ingest.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { profileFiles } from '../../src/node/profile.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { rowNotices } from '../../src/reports/row-notices.ts';
import { compare } from '../../src/simulate.ts';
import { readTrace } from '../../src/sources/read-trace.ts';
import { writeInventory } from '../inventories.ts';
import { type LogFields, logLine, logTime } from '../sources/access-log-lines.ts';
import { RUN_OPTIONS, runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const policies = [namedPolicy('as-is'), namedPolicy('standard'), namedPolicy('lifecycle-example')];
const GiB = 2 ** 30;
const DAY = 86_400;
const HOUR = 3600;

/** A record that S3 itself writes, some seconds after the beginning of 2025. */
function own(operation: string, key: string, seconds: number, more: Partial<LogFields> = {}): string {
  return logLine({
    operation: `S3.${operation}`,
    key,
    time: logTime(seconds),
    requester: 'AmazonS3',
    requestId: `${operation}${key}${seconds}`,
    uri: '"-"',
    status: '-',
    sent: '-',
    size: '-',
    total: '-',
    turnAround: '-',
    ...more,
  });
}

function put(key: string, seconds: number, more: Partial<LogFields> = {}): string {
  const time = logTime(seconds);
  const requestId = `PUT${key}${seconds}`;
  return logLine({ operation: 'REST.PUT.OBJECT', key, time, requestId, sent: '-', size: `${GiB}`, ...more });
}

/** Ends a log on a day, at a cost of its own. */
function list(seconds: number): string {
  return logLine({ operation: 'REST.GET.BUCKET', key: '-', time: logTime(seconds), requestId: 'LIST', size: '-' });
}

function text(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function resultOf({ results }: Comparison, policy = 'as-is'): PolicyResult {
  return results.find((one) => one.policy === policy)!;
}

/** Quantities of a policy by usage type and operation, of all months, but for the LIST. */
function used(comparison: Comparison, policy = 'as-is'): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const { usageType, operation, usageQuantity } of resultOf(comparison, policy).lineItems) {
    const name = `${usageType} ${operation}`;
    if (operation !== 'ListBucket') sums.set(name, (sums.get(name) ?? 0n) + BigInt(usageQuantity));
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, String(sum)]));
}

function inventoryOf(...rows: readonly string[]): string {
  const columns = 'Bucket, Key, Size, LastModifiedDate, StorageClass';
  const bucket = 'amzn-s3-demo-bucket';
  const root = folder.path(`inventory-${Math.random()}`);
  return writeInventory(root, { bucket, takenAt: '2025-01-01T00:00:00Z', columns, files: [rows] }).manifest;
}

const MOVED = [
  own('TRANSITION_SIA.OBJECT', 'a', 40 * DAY + 3 * HOUR),
  own('EXPIRE.OBJECT', 'a', 80 * DAY + 4 * HOUR + 59),
  list(99 * DAY),
];

describe('an object of an inventory', () => {
  const inventories = [inventoryOf(`a|${GiB}|2024-12-01T00:00:00.000Z|STANDARD`)];

  test('moves and expires at the midnight before each record', async () => {
    const log = folder.write('moved.log', text(...MOVED));
    const { comparison } = await runFiles(log, { inventories }, policies);
    // 1 January until 11 April, the day after the LIST. In STANDARD from day 0 to day 40, 10 February; in STANDARD_IA to
    // day 80, 22 March: 40 days, more than the minimum of 30.
    expect(used(comparison)).toEqual({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 40 * DAY}`,
      'TimedStorage-SIA-ByteHrs StandardIAStorage': `${GiB * 40 * DAY}`,
      'Requests-Tier4 S3-SIATransition': '1',
    });
    const february = resultOf(comparison).lineItems.filter(({ month }) => month === '2025-02');
    // 9 days of February in STANDARD, 19 in STANDARD_IA; of 28.
    expect(february.map(({ usageType, usageQuantity }) => [usageType, usageQuantity]).sort()).toEqual([
      ['Requests-Tier4', '1'],
      ['TimedStorage-ByteHrs', `${GiB * 9 * DAY}`],
      ['TimedStorage-SIA-ByteHrs', `${GiB * 19 * DAY}`],
    ]);
    // $0.023 × (1 + 9/28) + $0.0125 × (19/28 + 21/31), and the request of a transition, $0.01 of 1,000; and of a LIST $0.005.
    expect(Number(resultOf(comparison).totalUSD)).toBeCloseTo(
      0.023 * (1 + 9 / 28) + 0.0125 * (19 / 28 + 21 / 31) + 0.00001 + 0.000005,
      8,
    );
    expect(used(comparison, 'standard')).toEqual({ 'TimedStorage-ByteHrs StandardStorage': `${GiB * 100 * DAY}` });
  });

  test('that goes before its 30 days in STANDARD_IA pays the rest', async () => {
    const early = [MOVED[0]!, own('EXPIRE.OBJECT', 'a', 60 * DAY + HOUR), MOVED[2]!];
    const { comparison } = await runFiles(folder.write('early.log', text(...early)), { inventories }, policies);
    // 20 days there, 10 days too few.
    expect(used(comparison)).toEqual({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 40 * DAY}`,
      'TimedStorage-SIA-ByteHrs StandardIAStorage': `${GiB * 20 * DAY}`,
      'EarlyDelete-SIA StandardIAStorage': `${GiB * 10 * DAY}`,
      'Requests-Tier4 S3-SIATransition': '1',
    });
  });

  test('is taken over by Intelligent-Tiering when it is recorded, by any other class at the midnight before', async () => {
    const lines = [
      own('TRANSITION_INT.OBJECT', 'a', 10 * DAY + 5 * HOUR),
      own('TRANSITION_GDA.OBJECT', 'a', 20 * DAY + 5 * HOUR),
      list(29 * DAY),
    ];
    const { comparison } = await runFiles(folder.write('tiered.log', text(...lines)), { inventories }, policies);
    const tiered = 10 * DAY - 5 * HOUR;
    expect(used(comparison)).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * (10 * DAY + 5 * HOUR)}`,
      'TimedStorage-INT-FA-ByteHrs IntelligentTieringFAStorage': `${GiB * tiered}`,
      'TimedStorage-GDA-ByteHrs DeepArchiveStorage': `${GiB * 10 * DAY}`,
      'Monitoring-Automation-INT IntelligentTieringStorage': `${tiered}`,
      'Requests-Tier4 S3-INTTransition': '1',
    });
  });

  test('is read in its new class, or after its expiration, from the midnight before each record on', async () => {
    const get = (seconds: number) =>
      logLine({ key: 'a', time: logTime(seconds), requestId: `GET${seconds}`, sent: '1000', size: `${GiB}` });
    const reads = [40 * DAY - 1, 40 * DAY + HOUR, 80 * DAY - 1, 80 * DAY + HOUR].map(get);
    const { comparison } = await runFiles(
      folder.write('reads.log', text(...MOVED, ...reads)),
      { inventories },
      policies,
    );
    expect(used(comparison)).toMatchObject({
      'Requests-Tier2 GetObject': '2',
      'Requests-SIA-Tier2 GetObject': '2',
      'Retrieval-SIA GetObject': '2000',
    });
    expect(resultOf(comparison).notices.readsAfterExpiration).toBe(1);
  });

  test('leaves what was recorded before the inventory out', async () => {
    const before = own('TRANSITION_GDA.OBJECT', 'a', -HOUR);
    const { comparison } = await runFiles(
      folder.write('before.log', text(before, ...MOVED)),
      { inventories },
      policies,
    );
    const alone = await runFiles(folder.write('after.log', text(...MOVED)), { inventories }, policies);
    expect(comparison.results).toEqual(alone.comparison.results);
    expect(comparison.workload.otherRows).toContainEqual({ kind: 'before the inventory', rows: 1 });
  });
});

const LOG = [
  put('a', 0),
  put('b', 0),
  own('TRANSITION_SIA.OBJECT', 'a', 30 * DAY + 3 * HOUR),
  own('TRANSITION_SIA.OBJECT', 'a', 30 * DAY + 3 * HOUR),
  own('TRANSITION.OBJECT', 'a', 60 * DAY),
  own('TRANSITION_ZIA.OBJECT', 'b', 31 * DAY, { status: '503' }),
  own('EXPIRE.OBJECT', 'nobody', 50 * DAY, { size: `${GiB}` }),
  own('EXPIRE.OBJECT', 'b', 70 * DAY + HOUR),
  own('EXPIRE.OBJECT', '-', 70 * DAY + HOUR),
  logLine({ key: 'b', time: logTime(75 * DAY), requestId: 'GET', sent: '10', size: `${GiB}` }),
  own('EXPIRE.OBJECT', 'a', 200 * DAY),
  list(99 * DAY),
];

describe('records in a log', () => {
  test('are no requests, and say who follows them', async () => {
    const { comparison } = await runFiles(folder.write('all.log', text(...LOG)), {}, policies);
    const { workload } = comparison;
    expect(workload).toMatchObject({
      rows: 12,
      events: 4,
      objects: 2,
      duplicateRows: 0,
      rejectedRows: 0,
      versioning: 'unversioned',
      until: '2025-04-11T00:00:00Z',
      otherRows: [
        { kind: 'S3.EXPIRE.OBJECT', rows: 4 },
        { kind: 'S3.TRANSITION_SIA.OBJECT', rows: 2 },
        { kind: 'S3.TRANSITION.OBJECT', rows: 1 },
        { kind: 'S3.TRANSITION_ZIA.OBJECT', rows: 1 },
      ],
    });
    expect(rowNotices(workload)).toEqual([
      "8 rows say what S3's own lifecycle did, which as-is follows and no other policy: 4 S3.EXPIRE.OBJECT, 2 S3.TRANSITION_SIA.OBJECT, 1 S3.TRANSITION.OBJECT, 1 S3.TRANSITION_ZIA.OBJECT",
    ]);
    // a: 30 days in STANDARD, 30 in STANDARD_IA, 40 in GLACIER. b: 70 days in STANDARD.
    expect(used(comparison)).toEqual({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 100 * DAY}`,
      'TimedStorage-ByteHrs GlacierS3ObjectOverhead': `${8192 * 40 * DAY}`,
      'TimedStorage-GlacierByteHrs GlacierObjectOverhead': `${32768 * 40 * DAY}`,
      'TimedStorage-GlacierByteHrs GlacierStorage': `${GiB * 40 * DAY}`,
      'TimedStorage-SIA-ByteHrs StandardIAStorage': `${GiB * 30 * DAY}`,
      'Requests-Tier1 PutObject': '2',
      'Requests-Tier2 GetObject': '1',
      'Requests-Tier3 S3-GlacierTransition': '1',
      'Requests-Tier4 S3-SIATransition': '1',
    });
    const missed = policies.map(({ name }) => resultOf(comparison, name).notices.readsAfterExpiration);
    expect(missed).toEqual([1, 0, 0]);
  });

  test('change nothing for any other policy', async () => {
    const requests = LOG.filter((line) => !line.includes(' S3.'));
    const { comparison } = await runFiles(folder.write('all.log', text(...LOG)), {}, policies);
    const without = await runFiles(folder.write('requests.log', text(...requests)), {}, policies);
    for (const policy of ['standard', 'lifecycle-example']) {
      const { lineItems, notices } = resultOf(comparison, policy);
      expect(resultOf(without.comparison, policy)).toMatchObject({ lineItems, notices });
    }
    const { rows: _, otherRows: __, inputs: ___, ...rest } = comparison.workload;
    expect(without.comparison.workload).toMatchObject(rest);
  });

  test('are the same in memory, in a trace, in a trace they were added to, and read one by one', async () => {
    const log = folder.write('all.log', text(...LOG));
    const { comparison } = await runFiles(log, {}, policies);
    const facts = ({ results, workload }: Comparison): unknown => {
      const { rows, events, duplicateRows, otherRows, from, until, objects, buckets } = workload;
      return [results, rows, events, duplicateRows, otherRows, from, until, objects, buckets];
    };
    const memory = readTrace(text(...LOG));
    expect(facts(compare(memory, policies, regionPrices('us-east-1')))).toEqual(facts(comparison));

    const onBadRow = 'skip';
    const whole = folder.path('whole.parquet');
    const written = await ingestFiles({ ...RUN_OPTIONS, inputs: [log], output: whole, append: false });
    expect(written.facts).toMatchObject({ rows: 4, runs: [11], last: '2025-04-10T00:00:00.000Z' });
    expect(written.facts.counts.otherRows).toEqual([{ kind: 'S3.EXPIRE.OBJECT', rows: 1 }]);
    expect(facts((await runFiles(whole, { onBadRow }, policies)).comparison)).toEqual(facts(comparison));

    const parts = [LOG.filter((_, at) => at % 2 === 0), LOG.filter((_, at) => at % 2 === 1)];
    const added = folder.path('added.parquet');
    for (const [at, part] of parts.entries()) {
      const input = folder.write(`part-${at}.log`, text(...part));
      await ingestFiles({ ...RUN_OPTIONS, inputs: [input], output: added, append: at > 0 });
    }
    expect(facts((await runFiles(added, { onBadRow }, policies)).comparison)).toEqual(facts(comparison));
    const beside = folder.write('beside.csv', 'timestamp,operation,key,size,bucket\n2025-02-01T00:00:00Z,PUT,c,5,x\n');
    const [one, other] = [
      await runFiles([whole, beside], { onBadRow }, policies),
      await runFiles([log, beside], { onBadRow }, policies),
    ];
    expect(facts(one.comparison)).toEqual(facts(other.comparison));

    const spoilt = folder.write('spoilt.log', text(...LOG, 'nonsense'));
    const careful = (await runFiles(spoilt, { onBadRow }, policies)).comparison;
    expect(careful.results).toEqual(comparison.results);
    expect(careful.workload).toMatchObject({ rows: 13, events: 4, rejectedRows: 1 });
  });

  test('alone are added to a trace, and are nothing to compare by themselves', async () => {
    const requests = folder.write('requests.log', text(...LOG.filter((line) => !line.includes(' S3.'))));
    const acts = folder.write('acts.log', text(...LOG.filter((line) => line.includes(' S3.'))));
    const output = folder.path('later.parquet');
    await expect(ingestFiles({ ...RUN_OPTIONS, inputs: [acts], output, append: false })).rejects.toThrow(
      'none of the 8 rows is a request that is replayed: 4 S3.EXPIRE.OBJECT, 2 S3.TRANSITION_SIA.OBJECT',
    );
    await expect(runFiles(acts, { onBadRow: 'skip' }, policies)).rejects.toThrow('none of the 8 rows is a request');
    await ingestFiles({ ...RUN_OPTIONS, inputs: [requests], output, append: false });
    const { added, facts } = await ingestFiles({ ...RUN_OPTIONS, inputs: [acts], output, append: true });
    expect([added, facts.rows, facts.first, facts.last]).toEqual([
      0,
      4,
      '2025-01-01T00:00:00.000Z',
      '2025-04-10T00:00:00.000Z',
    ]);
    const { comparison } = await runFiles(folder.write('all.log', text(...LOG)), {}, policies);
    expect((await runFiles(output, { onBadRow: 'skip' }, policies)).comparison.results).toEqual(comparison.results);
  });

  test('are no requests of a profile', async () => {
    const log = folder.write('all.log', text(...LOG));
    const { profile } = await profileFiles({ ...RUN_OPTIONS, inputs: [log] });
    expect(profile.workload).toMatchObject({ rows: 12, requests: 4, objects: 2, equalRows: 0 });
    expect(profile.operations.map(({ operation, requests }) => [operation, requests])).toEqual([
      ['PUT', 2],
      ['GET', 1],
      ['LIST', 1],
    ]);
    expect(profile.days.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
  });

  test('are told of an object, by the rule they are', async () => {
    const { explanation } = await explainFiles(
      policies[0]!,
      regionPrices('us-east-1'),
      { key: 'a' },
      { ...RUN_OPTIONS, inputs: [folder.write('all.log', text(...LOG))] },
    );
    const moves = explanation.objects[0]!.rows!.filter(({ event }) => event === 'move');
    expect(moves.map(({ at, storageClass, rule }) => [at, storageClass, rule])).toEqual([
      ['2025-01-31T00:00:00Z', 'STANDARD_IA', 'recorded by S3'],
      ['2025-03-02T00:00:00Z', 'GLACIER', 'recorded by S3'],
    ]);
    expect(explanation.objects[0]!.requests).toBe(1);
  });
});

test('a CSV names them as a log does, or by the class they go to', async () => {
  const rows = (move: string, expire: string): string =>
    `timestamp,operation,key,size\n2025-01-01T00:00:00Z,PUT,a,1000\n2025-01-31T05:00:00Z,${move},a,\n2025-02-28T05:00:00Z,${expire},a,\n2025-03-31T00:00:00Z,LIST,,\n`;
  const logged = rows('S3.TRANSITION_GIR.OBJECT', 's3.expire.object');
  const short = rows('TRANSITION_GLACIER_IR', 'EXPIRE');
  const [one, other] = await Promise.all(
    [logged, short].map((csv, at) => runFiles(folder.write(`${at}.csv`, csv), {}, policies)),
  );
  expect(one!.comparison.results).toEqual(other!.comparison.results);
  // 30 days in STANDARD, 28 in GLACIER_IR: 62 too few; 127 KB and 24 bytes are filler.
  expect(used(one!.comparison)).toMatchObject({
    'TimedStorage-ByteHrs StandardStorage': `${1000 * 30 * DAY}`,
    'TimedStorage-GIR-ByteHrs GlacierInstantRetrievalStorage': `${1000 * 28 * DAY}`,
    'EarlyDelete-GIR GlacierInstantRetrievalStorage': `${1000 * 62 * DAY}`,
  });
  const failed = `timestamp,operation,key,size,status\n2025-01-01T00:00:00Z,PUT,a,1000,200\n2025-01-31T05:00:00Z,EXPIRE,a,,403\n2025-03-31T00:00:00Z,LIST,,,\n`;
  const { comparison } = await runFiles(folder.write('failed.csv', failed), {}, policies);
  expect(used(comparison)).toMatchObject({ 'TimedStorage-ByteHrs StandardStorage': `${1000 * 90 * DAY}` });
  await expect(
    runFiles(folder.write('keyless.csv', failed.replace('EXPIRE,a', 'EXPIRE,')), {}, policies),
  ).rejects.toThrow('the key is empty');
});

describe('in a versioned bucket', () => {
  const [v1, v2, marker] = ['1', '2', 'm'].map((letter) => letter.repeat(32)) as [string, string, string];
  const covered = [
    put('a', 0, { version: v1 }),
    own('CREATE.DELETEMARKER', 'a', 30 * DAY + HOUR, { version: marker }),
    logLine({ key: 'a', time: logTime(31 * DAY), requestId: 'G', status: '404', error: 'NoSuchKey' }),
    own('EXPIRE.OBJECT', 'a', 60 * DAY + HOUR, { version: v1 }),
    own('EXPIRE.OBJECT', 'a', 61 * DAY + HOUR, { version: marker }),
    list(99 * DAY),
  ];

  test('a delete marker covers the version, which is removed later, and then the marker', async () => {
    const { comparison } = await runFiles(folder.write('versions.log', text(...covered)), {}, policies);
    expect(comparison.workload).toMatchObject({ versioning: 'enabled', versions: 1, deleteMarkers: 0 });
    // The version for 60 days; the marker, of a key of one byte, from day 30 to day 61.
    expect(used(comparison)).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 60 * DAY + 31 * DAY}`,
    });
    expect(used(comparison, 'standard')).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 100 * DAY}`,
    });
  });

  test('an upload after the marker is the current version, and the first is noncurrent since the marker', async () => {
    const lines = [...covered.slice(0, 3), put('a', 40 * DAY, { version: v2, size: '1000' }), ...covered.slice(3)];
    const { comparison } = await runFiles(folder.write('again.log', text(...lines)), {}, policies);
    expect(used(comparison)).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 60 * DAY + 31 * DAY + 1000 * 60 * DAY}`,
    });
    const { explanation } = await explainFiles(
      policies[0]!,
      regionPrices('us-east-1'),
      { key: 'a' },
      { ...RUN_OPTIONS, inputs: [folder.path('again.log')] },
    );
    const rows = explanation.objects[0]!.rows!.filter(({ event }) => ['mark', 'noncurrent', 'expire'].includes(event));
    expect(rows.map(({ event, at, version, rule }) => [event, at.slice(0, 10), version, rule])).toEqual([
      ['noncurrent', '2025-01-31', 1, undefined],
      ['mark', '2025-01-31', 2, 'recorded by S3'],
      ['expire', '2025-03-02', 1, 'recorded by S3'],
      ['expire', '2025-03-03', 2, 'recorded by S3'],
    ]);
  });

  test('a noncurrent version moves and goes by its id', async () => {
    const lines = [
      put('a', 0, { version: v1 }),
      put('a', 10 * DAY, { version: v2, size: '1000' }),
      own('TRANSITION_ZIA.OBJECT', 'a', 40 * DAY + HOUR, { version: v1 }),
      own('EXPIRE.OBJECT', 'a', 80 * DAY + HOUR, { version: v1 }),
      list(99 * DAY),
    ];
    const { comparison } = await runFiles(folder.write('noncurrent.log', text(...lines)), {}, policies);
    expect(used(comparison)).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': `${GiB * 40 * DAY + 1000 * 90 * DAY}`,
      'TimedStorage-ZIA-ByteHrs OneZoneIAStorage': `${GiB * 40 * DAY}`,
    });
  });
});

test('an upload that S3 aborts holds its parts no longer', async () => {
  const part = (number: number, seconds: number): string =>
    logLine({
      operation: 'REST.PUT.PART',
      key: 'big',
      time: logTime(seconds),
      requestId: `P${number}`,
      sent: '-',
      size: `${GiB}`,
    });
  const begun = logLine({ operation: 'REST.POST.UPLOADS', key: 'big', time: logTime(0), requestId: 'U', size: '-' });
  const lines = [begun, part(1, 0), own('DELETE.UPLOAD', 'big', 7 * DAY + HOUR), part(2, 20 * DAY), list(29 * DAY)];
  const { comparison } = await runFiles(folder.write('parts.log', text(...lines)), {}, policies);
  // The first part for 7 days; the second, of another upload, for the last 10 of 30.
  expect(used(comparison)).toMatchObject({ 'TimedStorage-ByteHrs StandardStorage': `${GiB * 17 * DAY}` });
  expect(used(comparison, 'standard')).toMatchObject({ 'TimedStorage-ByteHrs StandardStorage': `${GiB * 40 * DAY}` });
});
