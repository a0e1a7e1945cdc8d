/** Inventories: found where S3 writes them, checked, read by both readers alike, alone and with requests after them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import type { Explanation, Question } from '../../src/model/explanation.ts';
import { explainFiles } from '../../src/node/explain.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { inventoryNotices } from '../../src/reports/inventory.ts';
import { BEFORE_INVENTORY, CHANGED_AFTER } from '../../src/sources/snapshots.ts';
import { type TestInventory, writeInventory, writeManifest } from '../inventories.ts';
import { record } from '../sources/cloudtrail-records.ts';
import { refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();
let made = 0;

/** What is said, with every file by its name alone. */
async function said(run: Promise<unknown>): Promise<string> {
  return (await refusal(run)).replaceAll(/inventory-\d+\/[\w/-]*\//g, '');
}

function inventory(columns: string, rows: readonly string[], more: Partial<TestInventory> = {}) {
  return writeInventory(folder.path(`inventory-${made++}`), { columns, files: [rows], ...more });
}

const COLUMNS = 'Bucket, Key, Size, LastModifiedDate, StorageClass';
const GiB = 2 ** 30;
const TWO = [
  `albums/a b+c.jpg|${GiB}|2024-03-10T00:00:00.000Z|STANDARD`,
  `albums/ä.jpg|${GiB}|2025-03-01T12:00:00.000Z|GLACIER_IR`,
];
const asIs = [namedPolicy('as-is')];

function facts({ workload: { events, objects, bytes, from, until, inventory } }: Comparison): unknown {
  return { events, objects, bytes, days: [from.slice(0, 10), until.slice(0, 10)], inventory };
}

describe('alone', () => {
  test('a year from its day on, in the classes it says, nothing of the past billed', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    const { comparison } = await runFiles(manifest, {}, asIs);
    expect(facts(comparison)).toEqual({
      events: 0,
      objects: 2,
      bytes: String(2 * GiB),
      days: ['2025-03-10', '2026-03-10'],
      inventory: {
        buckets: [{ bucket: 'pictures', takenAt: '2025-03-10T01:00:00Z' }],
        listed: 2,
        impliedReads: 0,
        hasRequests: false,
      },
    });
    // 1 GB for 22 + 9 days of two Marches and eleven months between: 12 GB-months at $0.023 and at $0.004.
    expect(Number(comparison.results[0]!.totalUSD)).toBeCloseTo(12 * (0.023 + 0.004), 6);
    expect(Object.keys(comparison.results[0]!.components)).toEqual(['storage']);
  });

  test('in Parquet as in CSV, versions and delete markers too', async () => {
    const columns =
      'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass, IntelligentTieringAccessTier';
    const rows = [
      'a%20b|v2|true|true||2025-02-01T00:00:00.000Z||',
      `a%20b|v1|false|false|${GiB}|2024-01-01T00:00:00.000Z|STANDARD_IA|`,
      `b||true|false|${GiB}|2024-01-01T00:00:00.000Z|REDUCED_REDUNDANCY|`,
      'c|v3|true|false|5|2025-03-09T23:59:59.999Z|INTELLIGENT_TIERING|FREQUENT',
      `d|v4|true|false|${GiB}|2024-01-01T00:00:00.000Z|INTELLIGENT_TIERING|INFREQUENT`,
    ];
    const asCsv = inventory(columns, rows);
    const root = folder.path('parquet');
    mkdirSync(root, { recursive: true });
    const values = rows.map((row) => {
      const [key, version, latest, marker, size, modified, storageClass, tier] = row.split('|');
      const text = (value: string | undefined): string => (value ? `'${value}'` : 'NULL');
      return `('pictures', '${key}', ${text(version)}, ${latest}, ${marker}, ${size || 'NULL'}, TIMESTAMPTZ '${modified}', ${text(storageClass)}, ${text(tier)})`;
    });
    await sql(
      `COPY (FROM (VALUES ${values.join(', ')}) AS t(bucket, key, version_id, is_latest, is_delete_marker, size, last_modified_date, storage_class, intelligent_tiering_access_tier)) TO '${root}/list.parquet' (FORMAT parquet)`,
    );
    const schema = 'message s3.inventory { required binary bucket (STRING); optional binary storage_class (STRING);}';
    const manifest = join(root, 'manifest.json');
    writeManifest(manifest, { bucket: 'pictures', takenAt: '2025-03-10T01:00:00Z', format: 'Parquet', schema }, root, [
      'list.parquet',
    ]);
    const [fromCsv, fromParquet] = [await runFiles(asCsv.manifest, {}, asIs), await runFiles(manifest, {}, asIs)];
    expect(facts(fromCsv.comparison)).toMatchObject({ objects: 4, inventory: { listed: 5, impliedReads: 1 } });
    expect(withoutInputs(fromParquet.comparison)).toEqual(withoutInputs(fromCsv.comparison));
  });

  test('in the tiers of Intelligent-Tiering it says', async () => {
    const columns = 'Bucket, Key, Size, LastModifiedDate, StorageClass, IntelligentTieringAccessTier';
    const object = (key: string, modified: string, tier: string): string =>
      `${key}|${GiB}|${modified}|INTELLIGENT_TIERING|${tier}`;
    const { manifest } = inventory(columns, [
      object('read', '2024-01-01T00:00:00Z', 'FREQUENT'),
      object('cooling', '2024-01-01T00:00:00Z', 'INFREQUENT'),
      object('cold', '2024-01-01T00:00:00Z', 'ARCHIVE_INSTANT_ACCESS'),
      object('young', '2025-03-01T00:00:00Z', 'FREQUENT'),
    ]);
    const { comparison } = await runFiles(manifest, { until: Date.UTC(2025, 3, 1) / 1000 }, asIs);
    expect(comparison.workload).toMatchObject({ events: 0, objects: 4, inventory: { listed: 4, impliedReads: 2 } });
    const days = (usageType: string): number =>
      comparison.results[0]!.lineItems.filter((item) => item.usageType === usageType)
        .map((item) => Number(item.usageQuantity) / GiB / 86_400)
        .reduce((sum, days) => sum + days, 0);
    // 22 days of March. 'read' was read on 23 February and cools on 25 March, at the midnight after 1:00; 'young' on 31
    // March at midnight. 'cooling' was read on 9 January and cools on 9 April, 'cold' has.
    expect(days('TimedStorage-INT-FA-ByteHrs')).toBe(16 + 21);
    expect(days('TimedStorage-INT-IA-ByteHrs')).toBe(6 + 1 + 22);
    expect(days('TimedStorage-INT-AIA-ByteHrs')).toBe(22);
  });

  test('--until ends it, --from cannot begin before it', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    const until = Date.UTC(2025, 3, 10) / 1000;
    const { comparison } = await runFiles(manifest, { until, from: Date.UTC(2025, 2, 12) / 1000 });
    expect(facts(comparison)).toMatchObject({ days: ['2025-03-12', '2025-04-10'] });
    expect(await said(runFiles(manifest, { from: Date.UTC(2025, 2, 9) / 1000 }))).toBe(
      '--from 2025-03-09 is before the inventory of 2025-03-10, which does not tell what was deleted until then',
    );
  });
});

function withoutInputs({ workload, ...rest }: Comparison): unknown {
  return { ...rest, workload: { ...workload, inputs: [], formats: [] } };
}

describe('with requests', () => {
  const LOG = [
    'timestamp,operation,key,size',
    '2025-03-10T00:59:59Z,DELETE,albums/a b+c.jpg,',
    '2025-03-10T01:00:00Z,GET,albums/a b+c.jpg,',
    '2025-03-12T00:00:00Z,DELETE,albums/ä.jpg,',
    '2025-03-15T00:00:00Z,GET,new,1000',
    '2025-03-15T00:00:00Z,PUT,newest,1000',
  ].join('\n');

  test('those before it are left out, those after it act on its objects', async () => {
    const { manifest } = inventory(COLUMNS, [...TWO, 'newest|1000|2025-03-15T00:00:00.123Z|STANDARD']);
    const log = folder.write('log.csv', LOG);
    const { comparison } = await runFiles(log, { inventories: [manifest] }, asIs);
    expect(facts(comparison)).toMatchObject({
      events: 4,
      objects: 4,
      days: ['2025-03-10', '2025-03-16'],
      inventory: { listed: 2, hasRequests: true },
    });
    expect(comparison.workload.otherRows).toEqual([
      { kind: 'before the inventory', rows: 1 },
      { kind: 'listed, and changed after the inventory was begun', rows: 1 },
    ]);
    expect(comparison.workload.rows).toBe(3 + 5);
    expect(comparison.workload.assumedObjects).toBe(1);
    const usage = (type: string, operation: string): string | undefined =>
      comparison.results[0]!.lineItems.find((item) => item.usageType === type && item.operation === operation)
        ?.usageQuantity;
    // ä.jpg was uploaded on 1 March at noon and removed on 12 March: 90 - 10.5 days are missing.
    expect(usage('EarlyDelete-GIR', 'GlacierInstantRetrievalStorage')).toBe(String(GiB * 79.5 * 86_400));
    // new is read first: it came to be when the inventory was taken, six days before the end.
    const standard = GiB * 6 * 86_400 + 1000 * 6 * 86_400 + 1000 * 86_400;
    expect(usage('TimedStorage-ByteHrs', 'StandardStorage')).toBe(String(standard));
    // The PUT of the log, none of the inventory's.
    expect(usage('Requests-Tier1', 'PutObject')).toBe('1');
  });

  test('an inventory may stand among the inputs, and is read once', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    const log = folder.write('log.csv', LOG);
    const expected = await runFiles(log, { inventories: [manifest] }, asIs);
    for (const inputs of [
      [log, manifest],
      [manifest, log],
    ]) {
      const { comparison } = await runFiles(inputs, {}, asIs);
      expect(comparison.results).toEqual(expected.comparison.results);
      const twice = await runFiles(inputs, { inventories: [manifest] }, asIs);
      expect(twice.comparison.workload.inventory).toEqual(expected.comparison.workload.inventory);
    }
    expect(expected.comparison.workload.formats.map(({ name }) => name)).toEqual(['s3-inventory', 'csv']);
  });

  test('of the bucket they name; of the inventory’s when they name none', async () => {
    const { manifest } = inventory(COLUMNS, ['k|1000|2024-01-01T00:00:00Z|STANDARD']);
    const rows = (bucket: string): string =>
      `timestamp,operation,key,size,bucket\n2025-03-09T00:00:00Z,GET,k,1000,${bucket}\n2025-03-11T00:00:00Z,GET,k,1000,${bucket}\n`;
    const run = async (bucket: string): Promise<unknown> => {
      const { comparison } = await runFiles(folder.write('bucket.csv', rows(bucket)), { inventories: [manifest] });
      const { events, objects, otherRows } = comparison.workload;
      return [events, objects, otherRows.map(({ rows }) => rows), inventoryNotices(comparison.workload)];
    };
    expect(await run('pictures')).toEqual([1, 1, [1], []]);
    expect(await run('')).toEqual([1, 1, [1], []]);
    const unlisted =
      'requests of music, which no inventory lists: what is there shows only as far as they tell (--bucket picks)';
    expect(await run('music')).toEqual([2, 2, [], [unlisted]]);
  });

  test('access logs, records that need a careful look too', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    const record = (time: string, bucket: string, key: string, agent: string, id: string): string =>
      `owner ${bucket} [${time} +0000] 192.0.2.3 - ${id} REST.GET.OBJECT ${key} "GET /x HTTP/1.1" 200 - 10 ${GiB} 7 6 "-" "${agent}" - h SigV4 c AuthHeader s TLSv1.2 - -`;
    const [a, b] = ['albums/a%2520b%252Bc.jpg', 'albums/%25C3%25A4.jpg'];
    const log = folder.write(
      'access.log',
      `${[
        record('09/Mar/2025:23:00:00', 'pictures', a, 'curl', 'R1'),
        record('10/Mar/2025:00:59:59', 'pictures', a, 'a "b" c', 'R2'),
        record('10/Mar/2025:01:00:00', 'pictures', a, 'a "b" c', 'R3'),
        record('11/Mar/2025:01:00:00', 'pictures', b, 'curl', 'R4'),
        record('01/Mar/2025:01:00:00', 'music', 'song', 'curl', 'R5'),
        'neither this nor that',
      ].join('\n')}\n`,
    );
    const { comparison } = await runFiles(log, { inventories: [manifest], onBadRow: 'skip' }, asIs);
    expect(facts(comparison)).toMatchObject({ events: 3, objects: 3, inventory: { listed: 2 } });
    expect(comparison.workload).toMatchObject({
      rows: 2 + 6,
      rejectedRows: 1,
      otherRows: [{ kind: 'before the inventory', rows: 2 }],
      buckets: ['music', 'pictures'],
    });
    const picked = await runFiles(log, { inventories: [manifest], onBadRow: 'skip', buckets: ['music'] }, asIs);
    expect(picked.comparison.workload).toMatchObject({ events: 1, objects: 1 });
    expect(picked.comparison.workload.inventory).toBeUndefined();
  });

  test('events of CloudTrail, which tell the sizes of reads only', async () => {
    const read = (eventTime: string, key: string, bytes: number): unknown =>
      record({
        eventTime,
        eventID: `${eventTime} ${key}`,
        requestParameters: { bucketName: 'pictures', key },
        additionalEventData: { bytesTransferredIn: 0, bytesTransferredOut: bytes },
      });
    const Records = [
      read('2025-03-10T00:59:59Z', 'albums/ä.jpg', 7),
      read('2025-03-11T00:00:00Z', 'albums/ä.jpg', 10_000_000),
      read('2025-03-12T00:00:00Z', 'unlisted', 1000),
      read('2025-03-13T00:00:00Z', 'unlisted', 10),
    ];
    const trail = folder.write('trail.json', JSON.stringify({ Records }));
    const run = (rows: readonly string[]): Promise<{ comparison: Comparison }> =>
      runFiles(trail, { inventories: [inventory(COLUMNS, rows).manifest], onBadRow: 'skip' }, asIs);
    const { comparison } = await run(TWO);
    expect(facts(comparison)).toMatchObject({ events: 3, objects: 3, inventory: { listed: 2 } });
    expect(comparison.workload).toMatchObject({
      bytes: String(2 * GiB + 1000),
      sizesFromReads: 1,
      otherRows: [{ kind: 'before the inventory', rows: 1 }],
    });
    const retrieved = comparison.results[0]!.lineItems.find(({ usageType }) => usageType === 'Retrieval-GIR');
    expect(retrieved?.usageQuantity).toBe('10000000');
    const careful = await run([...TWO, 'bad|1e3x|2025-03-01T12:00:00.000Z|STANDARD']);
    expect(careful.comparison.workload.rejectedRows).toBe(1);
    expect(careful.comparison.results).toEqual(comparison.results);
    expect(careful.comparison.workload.sizesFromReads).toBe(1);
  });

  test('inventories of several buckets', async () => {
    const pictures = inventory(COLUMNS, ['k|1000|2024-01-01T00:00:00Z|STANDARD']).manifest;
    const music = inventory(COLUMNS, ['k|1000|2024-01-01T00:00:00Z|STANDARD'], {
      bucket: 'music',
      takenAt: '2025-03-12T00:00:00Z',
    }).manifest;
    const named = folder.write(
      'named.csv',
      'timestamp,operation,key,size,bucket\n2025-03-11T00:00:00Z,GET,k,,music\n2025-03-11T00:00:00Z,GET,k,,pictures\n2025-03-12T00:00:00Z,GET,k,,music\n',
    );
    const { comparison } = await runFiles(named, { inventories: [pictures, music] });
    // The days on which both buckets are known.
    expect(facts(comparison)).toMatchObject({
      events: 2,
      objects: 2,
      days: ['2025-03-12', '2025-03-13'],
      inventory: { listed: 2 },
    });
    expect(comparison.workload.otherRows).toEqual([{ kind: 'before the inventory', rows: 1 }]);
    expect(await said(runFiles(folder.write('log.csv', LOG), { inventories: [pictures, music] }))).toBe(
      "log.csv: the requests name no bucket, and there are inventories of 'pictures', 'music'",
    );
    const later = inventory(COLUMNS, TWO, { takenAt: '2025-03-17T01:00:00Z' }).manifest;
    expect(await said(runFiles([later, pictures]))).toBe(
      "two inventories of the bucket 'pictures', of 2025-03-10T01:00:00.000Z and 2025-03-17T01:00:00.000Z; name one of them",
    );
  });
});

describe('objects are explained', () => {
  const requests = folder.write(
    'explained.csv',
    [
      'timestamp,operation,key,size',
      '2025-03-01T00:00:00Z,GET,albums/ä.jpg,',
      '2025-03-20T00:00:00Z,GET,albums/ä.jpg,',
      '2025-03-21T00:00:00Z,PUT,new,5000000',
      '',
    ].join('\n'),
  );

  async function explained(inputs: readonly string[], asked: Question): Promise<Explanation> {
    const { explanation } = await explainFiles(asIs[0]!, regionPrices('us-east-1'), asked, {
      inputs,
      inventories: [inventory(COLUMNS, TWO).manifest],
      renames: {},
      onBadRow: 'fail',
      restoreTier: 'standard',
      restoreDays: 1,
      egress: false,
      switches: DEFAULT_SWITCHES,
    });
    return explanation;
  }

  test('that are listed and never requested, with no requests at all', async () => {
    const { objects, workload } = await explained([], { key: 'albums/a b+c.jpg' });
    expect(objects).toMatchObject([{ bucket: 'pictures', key: 'albums/a b+c.jpg', requests: 0 }]);
    expect(Number(objects[0]!.totalUSD)).toBeCloseTo(12 * 0.023, 6);
    expect(workload).toMatchObject({ objects: 2, inventory: { listed: 2, hasRequests: false } });
  });

  test('by the bucket of the inventory, which the requests do not name', async () => {
    const { objects } = await explained([requests], { key: 'pictures/albums/ä.jpg' });
    // The read before the inventory was taken is none of its life.
    expect(objects).toMatchObject([{ bucket: 'pictures', key: 'albums/ä.jpg', requests: 1, reads: 1 }]);
    const { objects: dearest, workload } = await explained([requests], { top: 9 });
    expect(dearest.map(({ bucket, key }) => `${bucket} ${key}`)).toEqual([
      'pictures albums/ä.jpg',
      'pictures albums/a b+c.jpg',
      'pictures new',
    ]);
    expect(workload.inventory).toMatchObject({ listed: 2, hasRequests: true });
  });
});

describe('where the lists are', () => {
  test('the folder that holds them all, with what else S3 writes there', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    const hive = join(dirname(dirname(manifest)), 'hive/dt=2025-03-10-01-00');
    mkdirSync(hive, { recursive: true });
    writeFileSync(join(hive, 'symlink.txt'), 's3://inventories/inventory/pictures/daily/data/list-0.csv.gz\n');
    const expected = await runFiles(manifest);
    for (const named of [dirname(dirname(manifest)), `${dirname(dirname(manifest))}/{20,data/}**`]) {
      const { comparison } = await runFiles(named);
      expect(comparison.results).toEqual(expected.comparison.results);
      expect(comparison.workload.formats).toEqual([{ name: 's3-inventory', title: 'S3 Inventory', files: 1 }]);
    }
  });

  test('all in one folder, or below one above', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    const expected = await runFiles(manifest);
    for (const [manifestAt, listAt] of [
      ['flat/manifest.json', `flat/${basename(lists[0]!)}`],
      ['one/2025/manifest.json', `one/2025/data/${basename(lists[0]!)}`],
      ['two/2025/manifest.json', `two/${basename(lists[0]!)}`],
    ] as const) {
      for (const [from, to] of [
        [manifest, manifestAt],
        [lists[0]!, listAt],
      ] as const) {
        mkdirSync(dirname(folder.path(to)), { recursive: true });
        copyFileSync(from, folder.path(to));
      }
      const { comparison } = await runFiles(folder.path(manifestAt));
      expect(withoutInputs(comparison)).toEqual(withoutInputs(expected.comparison));
    }
  });

  test('a list that is missing', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    rmSync(lists[0]!);
    expect(await said(runFiles(manifest))).toBe(
      "manifest.json: the inventory's file 'list-0.csv.gz' is missing; download it to the manifest's folder, or to the place its key has there ('inventory/pictures/daily/data/list-0.csv.gz')",
    );
  });

  test('a key that would lead elsewhere is not followed', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    rewrite(manifest, (text) => text.replaceAll('daily/data/list-0', 'daily/data/../data/list-0'));
    expect(readFileSync(lists[0]!).length).toBeGreaterThan(0);
    expect(await said(runFiles(manifest))).toContain("file 'list-0.csv.gz' is missing");
  });
});

/** Changes a manifest, and takes away its checksum. */
function rewrite(manifest: string, change: (text: string) => string): void {
  writeFileSync(manifest, change(readFileSync(manifest, 'utf8')));
  rmSync(manifest.replace('.json', '.checksum'));
}

describe('what is not as S3 wrote it', () => {
  test('a list of other content', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    const bytes = readFileSync(lists[0]!);
    // The time in the gzip header: neither size nor content tells.
    bytes[4]! ^= 1;
    writeFileSync(lists[0]!, bytes);
    expect(await said(runFiles(manifest))).toMatch(
      /^list-0\.csv\.gz: the file is not the one S3 wrote: its MD5 is [0-9a-f]{32}, the manifest says '[0-9a-f]{32}'; download it again$/,
    );
  });

  test('a list of other content with a bad row in it', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    const { length } = readFileSync(lists[0]!);
    const changed = Buffer.concat([gzipSync('"too","short"\n'), Buffer.alloc(length)]).subarray(0, length);
    writeFileSync(lists[0]!, changed);
    expect(await said(runFiles(manifest, { onBadRow: 'skip' }))).toContain('the file is not the one S3 wrote');
  });

  test('a list cut off', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    const bytes = readFileSync(lists[0]!);
    writeFileSync(lists[0]!, bytes.subarray(0, 40));
    expect(await said(runFiles(manifest))).toBe(
      `list-0.csv.gz: the file has 40 bytes, manifest.json says ${bytes.length}; download it again`,
    );
  });

  test('a list cut off where the manifest has neither size nor checksum', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    rewrite(manifest, (text) => text.replace(/,\s*"size": \d+,\s*"MD5checksum": "\w+"/, ''));
    writeFileSync(lists[0]!, readFileSync(lists[0]!).subarray(0, 40));
    expect(await said(runFiles(manifest))).toMatch(/^list-0\.csv\.gz: the gzip data is cut off or damaged/);
  });

  test('a manifest of other content', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('pictures', 'pictvres'));
    expect(await said(runFiles(manifest))).toMatch(
      /^manifest\.json: the file is not the one S3 wrote: its MD5 is \w+, its manifest\.checksum says '\w+'/,
    );
  });

  test('a list in another format than the manifest says', async () => {
    const { manifest } = inventory(COLUMNS, TWO);
    rewrite(manifest, (text) => text.replace('"CSV"', '"Parquet"'));
    expect(await said(runFiles(manifest))).toBe('list-0.csv.gz: this is a text, not what manifest.json says');
  });

  test('a CSV that is named as an inventory', async () => {
    const log = folder.write('log.csv', 'timestamp,operation,key,size\n');
    expect(await said(runFiles(log, { inventories: [log] }))).toMatch(
      /^log\.csv: this is no manifest of an S3 Inventory: not valid JSON/,
    );
  });

  test('a manifest without sizes', async () => {
    const { manifest } = inventory('Bucket, Key, LastModifiedDate', ['a|2025-01-01T00:00:00Z']);
    expect(await said(runFiles(manifest))).toBe(
      'manifest.json: the inventory does not list Size; add it to the optional fields of its configuration',
    );
  });

  test('an object without a size is no object and no request, and its tier shows no read', async () => {
    const columns = `${COLUMNS}, IntelligentTieringAccessTier`;
    const unsized = ['b||2025-01-01T00:00:00Z|INTELLIGENT_TIERING|FREQUENT', 'c||2025-01-01T00:00:00Z|STANDARD|'];
    const { manifest } = inventory(columns, ['a|5|2025-01-01T00:00:00Z|INTELLIGENT_TIERING|FREQUENT', ...unsized]);
    const { comparison, rejected } = await runFiles(manifest, { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 3, events: 0, rejectedRows: 2, objects: 1 });
    expect(comparison.workload.inventory).toMatchObject({ listed: 1, impliedReads: 1 });
    expect(rejected.map(({ where }) => where?.line)).toEqual([2, 3]);
  });

  test('a row that cannot be read is one row, though it would show a read as well', async () => {
    const columns = `${COLUMNS}, IntelligentTieringAccessTier`;
    const bad = ['|1', 'b|1.5'].map((row) => `${row}|2025-01-01T00:00:00Z|INTELLIGENT_TIERING|FREQUENT`);
    const { manifest, lists } = inventory(columns, ['a|5|2025-01-01T00:00:00Z|INTELLIGENT_TIERING|FREQUENT', ...bad]);
    const open = Buffer.from('"never closed\n"latin \u00ff"\n', 'latin1');
    writeFileSync(lists[0]!, gzipSync(Buffer.concat([gunzipSync(readFileSync(lists[0]!)), open])));
    rewrite(manifest, (text) => text.replace(/,\s*"size": \d+,\s*"MD5checksum": "\w+"/, ''));
    const { comparison } = await runFiles(manifest, { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 5, events: 0, rejectedRows: 4, objects: 1 });
    expect(comparison.workload.inventory).toMatchObject({ listed: 1, impliedReads: 1 });
  });

  test('an old date shows a read however it is written, in whichever reader', async () => {
    const columns = `${COLUMNS}, IntelligentTieringAccessTier`;
    const rows = ['a|5|1.5|INTELLIGENT_TIERING|FREQUENT', 'b|5|2025-01-01T00:00:00Z|INTELLIGENT_TIERING|FREQUENT'];
    for (const bad of [[], ['c|x|2025-01-01T00:00:00Z|STANDARD|']]) {
      const { manifest } = inventory(columns, [...rows, ...bad]);
      const { comparison } = await runFiles(manifest, { onBadRow: 'skip' });
      expect(comparison.workload.inventory).toMatchObject({ listed: 2, impliedReads: 2 });
    }
  });

  test('rows, each by its line', async () => {
    const { manifest, lists } = inventory(COLUMNS, TWO);
    const good = gunzipSync(readFileSync(lists[0]!)).toString();
    const bad = [
      '"pictures","%FF","1","2025-01-01T00:00:00Z","STANDARD"',
      '"pictures","a","1","yesterday","STANDARD"',
      '"pictures","a","1","2025-01-01T00:00:00Z","OUTPOSTS"',
      '"pictures","a","1"',
      '"pictures","","1","2025-01-01T00:00:00Z","STANDARD"',
    ];
    writeFileSync(lists[0]!, gzipSync(`${good}${bad.join('\n')}\n`));
    rewrite(manifest, (text) => text.replace(/,\s*"size": \d+,\s*"MD5checksum": "\w+"/, ''));
    expect((await said(runFiles(manifest))).split('\n')).toEqual([
      "list-0.csv.gz:3: the key '%FF' is not UTF-8 once its URL encoding is undone",
      expect.stringContaining("list-0.csv.gz:4: timestamp 'yesterday' is neither"),
      "list-0.csv.gz:5: storage class 'OUTPOSTS' is unknown",
      'list-0.csv.gz:6: 3 fields where the manifest lists 5',
      'list-0.csv.gz:7: the key is empty',
    ]);
    const { comparison } = await runFiles(manifest, { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rejectedRows: 5, objects: 2, inventory: { listed: 2 } });
  });
});

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;

test('the command says what an inventory cannot, and measures against what is', () => {
  const { manifest } = inventory(COLUMNS, TWO);
  const printed = execFileSync(
    process.execPath,
    [CLI, 'compare', '--inventory', manifest, '--policy', 'glacier', '--until', '2025-04-01'],
    { encoding: 'utf8' },
  );
  expect(printed).toContain('inventory of pictures as of 10 March 2025, 01:00 UTC');
  expect(printed).toMatch(/^as-is +\$[\d.]+ +baseline/m);
  expect(printed).toContain(
    '! an inventory tells no reads: classes that charge for them look cheaper here than they are',
  );
  expect(printed).toContain('! an inventory tells no end either: 22 days are billed');
});

describe('both readers', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => !/[\p{Cs}|]/u.test(text));
  const instant = fc.integer({ min: -400 * 86_400, max: 86_400 }).map((s) => Date.UTC(2025, 2, 10, 1) + s * 1000);
  const storageClass = fc.constantFrom(
    'STANDARD',
    'STANDARD_IA',
    'INTELLIGENT_TIERING',
    'GLACIER',
    'REDUCED_REDUNDANCY',
  );
  const object = fc
    .tuple(fc.constantFrom('v', ''), fc.boolean(), fc.integer({ min: 0, max: GiB }), instant, storageClass)
    .map(([version, marker, size, time, name]) => {
      const modified = new Date(time).toISOString();
      const tier = name === 'INTELLIGENT_TIERING' ? (['FREQUENT', 'INFREQUENT', ''][size % 3] ?? '') : '';
      return marker ? `${version}|true||${modified}||` : `${version}|false|${size}|${modified}|${name}|${tier}`;
    });
  const request = fc.tuple(
    fc.constantFrom('GET', 'PUT', 'DELETE', 'HEAD', 'TRANSITION_GLACIER', 'EXPIRE'),
    instant,
    fc.nat(1000),
  );

  /** Requests all before the inventory, objects all changed after it. */
  const NOTHING_LEFT: [[string, string][], [string, number, number][]] = [
    [['a', 'v|false|0|2025-03-10T01:00:00.000Z|STANDARD|']],
    [['GET', Date.UTC(2025, 2, 10, 0, 59, 59), 0]],
  ];

  test('agree on hostile keys, versions and markers, with and without requests', async () => {
    const rows = fc.uniqueArray(fc.tuple(key, object), { selector: ([key]) => key, minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.array(request, { maxLength: 8 }), async (rows, requests) => {
        const columns =
          'Bucket, Key, VersionId, IsDeleteMarker, Size, LastModifiedDate, StorageClass, IntelligentTieringAccessTier';
        const { manifest, lists } = inventory(
          columns,
          rows.map(([key, object]) => `${key}|${object}`),
          { encode: (key) => encodeURIComponent(key).replaceAll('%20', '+') },
        );
        const quotedKey = (at: number): string => `"${rows[at % rows.length]![0].replaceAll('"', '""')}"`;
        // A CSV of requests with a zero byte in it is a binary file.
        const lines = requests
          .map(([operation, time, at]) => `${time},${operation},${quotedKey(at)},7\n`)
          .filter((line) => !line.includes('\0'));
        const log = folder.write('fuzz.csv', `timestamp,operation,key,size\n${lines.join('')}`);
        const inputs = lines.length > 0 ? [manifest, log] : [manifest];
        const bulk = await runFiles(inputs, {}, asIs).catch((error: Error) => error);
        rewrite(manifest, (text) => text.replace(/,\s*"size": \d+,\s*"MD5checksum": "\w+"/, ''));
        writeFileSync(lists[0]!, Buffer.concat([readFileSync(lists[0]!), gzipSync('"bad"\n')]));
        const careful = await runFiles(inputs, { onBadRow: 'skip' }, asIs).catch((error: Error) => error);
        if (bulk instanceof Error || careful instanceof Error) {
          const all = rows.length + lines.length;
          expect(String(bulk)).toContain(`none of the ${all} rows is a request that is replayed: `);
          const alike = String(careful).replace('1 cannot be read, ', '');
          expect(alike.replace(`the ${all + 1} rows`, `the ${all} rows`)).toBe(String(bulk));
          return;
        }
        const { workload } = careful.comparison;
        expect(workload.rejectedRows).toBe(1);
        const { rows: all, rejectedRows, rejections, rowBytes } = bulk.comparison.workload;
        const good = { ...workload, rows: workload.rows - 1, rejectedRows, rejections, rowBytes };
        expect({ ...careful.comparison, workload: good }).toEqual(bulk.comparison);
        expect(all).toBe(rows.length + lines.length);
        const left = (kind: string): number => workload.otherRows.find((other) => other.kind === kind)?.rows ?? 0;
        expect(workload.inventory!.listed + left(CHANGED_AFTER)).toBe(rows.length);
        const acts = left('S3.TRANSITION.OBJECT') + left('S3.EXPIRE.OBJECT');
        expect(workload.events + acts + left(BEFORE_INVENTORY)).toBe(lines.length);
      }),
      { numRuns: 25, examples: [NOTHING_LEFT] },
    );
  }, 60_000);
});
