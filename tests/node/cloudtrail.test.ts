/** CloudTrail's records as a run takes them: every record counted, and the bulk path to the same end as the careful reader. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { compare } from '../../src/simulate.ts';
import { readTrace } from '../../src/sources/read-trace.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { writeInventory } from '../inventories.ts';
import { logLine } from '../sources/access-log-lines.ts';
import { documentOf, type Json, record, records } from '../sources/cloudtrail-records.ts';
import { refusal, runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const prices = regionPrices('us-east-1');
const policies = [namedPolicy('standard'), namedPolicy('glacier-ir')];
const RECORDS = fuzzLines(20_000);

const hasZstd = spawnSync('zstd', ['--version']).status === 0;
const packings = [Buffer.from, gzipSync, ...(hasZstd ? [zstd] : [])] as ((text: string) => Buffer)[];

function zstd(content: string): Buffer {
  return execFileSync('zstd', ['-q', '-c'], { input: content, maxBuffer: 2 ** 28 });
}

/** A comparison but for the names of its inputs. */
function withoutInputs({ workload, ...rest }: Comparison): unknown {
  const rejections = workload.rejections
    .filter(({ reason }) => !reason.includes('never given'))
    .map(({ reason, rows }) => [reason, rows])
    .sort();
  return { ...rest, workload: { ...workload, inputs: [], formats: [], rowBytes: '', rejections } };
}

let eventCount = 0;

/** Events, each with an id and at a time of its own. */
function event(eventName: string, key: string, day: number, more: Json = {}, sizes: Json = {}): Json {
  return record({
    eventName,
    eventTime: new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString().replace('.000', ''),
    eventID: `e${eventCount++}`,
    requestParameters: { bucketName: 'b', key, ...(more.parameters as Json | undefined) },
    additionalEventData: { bytesTransferredIn: 0, bytesTransferredOut: 0, ...sizes },
    ...more,
    parameters: undefined,
  });
}

const put = (key: string, day: number, size: number, more: Json = {}): Json =>
  event('PutObject', key, day, more, { bytesTransferredIn: size });
const get = (key: string, day: number, bytes: number, more: Json = {}): Json =>
  event('GetObject', key, day, more, { bytesTransferredOut: bytes });

function written(some: readonly unknown[]): string {
  return documentOf(some, 0);
}

test('bulk and in memory, whatever the records hold', { timeout: FUZZ_TIMEOUT }, async () => {
  for (let seed = 0, rows = 0; rows < RECORDS; seed++) {
    const text = documentOf([record(), ...fc.sample(records, { numRuns: 1000, seed })], seed % 6);
    const pack = packings[seed % packings.length]!;
    const path = folder.write('fuzz.json', pack(text));
    const expected = compare(readTrace(text, { format: 'cloudtrail', file: path }), policies, prices);
    const { comparison } = await runFiles(
      path,
      { format: 'cloudtrail', onBadRow: 'skip', threads: 1 + (seed % 2) },
      policies,
    );
    expect([seed, withoutInputs(comparison)]).toEqual([seed, withoutInputs(expected)]);
    const { workload } = comparison;
    const others = workload.otherRows.reduce((sum, { rows }) => sum + rows, 0);
    expect(workload.events + workload.rejectedRows + workload.duplicateRows + others).toBe(workload.rows);
    expect(workload.rejections.reduce((sum, { rows }) => sum + rows, 0)).toBe(workload.rejectedRows);
    rows += workload.rows;
  }
});

async function run(content: string | Uint8Array, ...more: Parameters<typeof runFiles>[1][]): Promise<Comparison> {
  const { comparison } = await runFiles(folder.write('a.json', content), { onBadRow: 'skip', ...more[0] });
  return comparison;
}

async function workloadOf(...args: Parameters<typeof run>): Promise<Comparison['workload']> {
  return (await run(...args)).workload;
}

/** Quantities of one policy's bill by usage type and operation. */
async function used(...args: Parameters<typeof run>): Promise<Record<string, string>> {
  return quantities(await run(...args));
}

function quantities({ results }: Comparison): Record<string, string> {
  return Object.fromEntries(
    results[0]!.lineItems.map(({ usageType, operation, usageQuantity }) => [
      `${usageType} ${operation}`,
      usageQuantity,
    ]),
  );
}

describe('what records mean', () => {
  test('uploads, reads and deletions, with the sizes that were transferred', async () => {
    const text = written([
      put('a', 0, 1_000_000),
      get('a', 1, 1_000_000),
      get('a', 1, 300, { eventName: 'GetObject' }),
      event('HeadObject', 'a', 1),
      event('ListObjects', '', 1),
      event('DeleteObject', 'a', 2),
      put('b', 3, 5),
    ]);
    expect(await workloadOf(text)).toMatchObject({
      rows: 7,
      events: 7,
      objects: 2,
      rejectedRows: 0,
      sizesFromReads: 0,
    });
    const bill = await used(text);
    // Two days of 1,000,000 bytes and one of 5.
    expect(bill['TimedStorage-ByteHrs StandardStorage']).toBe('172800432000');
    expect(bill).toMatchObject({
      'Requests-Tier1 PutObject': '2',
      'Requests-Tier2 GetObject': '2',
      'Requests-Tier2 HeadObject': '1',
      'Requests-Tier1 ListBucket': '1',
    });
  });

  test('an upload in parts is as large as they are', async () => {
    const text = written([
      event('CreateMultipartUpload', 'big', 0),
      event('UploadPart', 'big', 0.1, {}, { bytesTransferredIn: 8_388_608 }),
      event('UploadPart', 'big', 0.2, {}, { bytesTransferredIn: 1000 }),
      event('CompleteMultipartUpload', 'big', 0.3, {}, { bytesTransferredIn: 300 }),
    ]);
    expect(await workloadOf(text)).toMatchObject({ bytes: '8389608', unknownCopies: 0 });
    const copied = [
      event('UploadPartCopy', 'big', 0.2),
      event('UploadPartCopy', 'big', 0.2, { errorCode: 'SlowDown' }),
    ];
    expect(await workloadOf(`${text}${written(copied)}`)).toMatchObject({ bytes: '8389608', unknownCopies: 1 });
  });

  test('what is only read is as large as its largest read', async () => {
    const text = written([
      get('a', 0, 100),
      get('a', 1, 700),
      get('a', 2, 300),
      put('b', 0, 50),
      get('b', 3, 900, { errorCode: 'AccessDenied' }),
    ]);
    expect(await workloadOf(text)).toMatchObject({ objects: 2, bytes: '750', sizesFromReads: 1, rejectedRows: 0 });
  });

  test('an object that is never transferred is left out, by its lines', async () => {
    const text = `${written([put('a', 0, 5)])}\n${written([event('HeadObject', 'x', 1), event('CopyObject', 'y', 1)])}`;
    const { comparison, rejected } = await runFiles(folder.write('u.json', text), { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 3, events: 1, rejectedRows: 2 });
    expect(rejected.map(({ message, where }) => [message, where!.line])).toEqual([
      ["the size of this object is never given (key 'x')", 2],
      ["the size of this object is never given (key 'y')", 2],
    ]);
  });

  test('more requests of one such object than a call takes arguments', async () => {
    const requests = Array.from({ length: 130_000 }, (_, i) =>
      JSON.stringify({
        eventVersion: '1.09',
        eventID: `many-${i}`,
        eventTime: '2025-01-02T00:00:00Z',
        eventSource: 's3.amazonaws.com',
        eventName: 'HeadObject',
        eventCategory: 'Data',
        requestParameters: { bucketName: 'b', key: 'x' },
      }),
    );
    const path = folder.write('many.json', `${JSON.stringify(put('a', 0, 5))}\n${requests.join('\n')}\n`);
    const { comparison } = await runFiles(path, { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 130_001, events: 1, rejectedRows: 130_000 });
  });

  test('a bucket named by any characters', async () => {
    const buckets = ["ä\0'", "'; --", '\0'].flatMap((bucketName) => {
      const parameters = { bucketName, key: 'a' };
      return [put('a', 0, 100, { requestParameters: parameters }), get('a', 1, 100, { requestParameters: parameters })];
    });
    expect(await workloadOf(written(buckets))).toMatchObject({ events: 6, objects: 3, rejectedRows: 0 });
  });

  test('classes and versions', async () => {
    const ia = { parameters: { 'x-amz-storage-class': 'STANDARD_IA' } };
    const path = folder.write('ia.json', written([put('a', 0, 1_000_000, ia), get('a', 40, 1_000_000)]));
    const { comparison } = await runFiles(path, {}, [namedPolicy('as-is')]);
    expect(quantities(comparison)).toMatchObject({
      'Requests-SIA-Tier1 PutObject': '1',
      'Requests-SIA-Tier2 GetObject': '1',
      'Retrieval-SIA GetObject': '1000000',
    });
    const versions = written([
      put('a', 0, 10, { responseElements: { 'x-amz-version-id': 'v1' } }),
      put('a', 1, 20, { responseElements: { 'x-amz-version-id': 'v2' } }),
      event('DeleteObject', 'a', 2, { parameters: { versionId: 'v1' } }),
      get('a', 3, 20),
    ]);
    expect(await workloadOf(versions)).toMatchObject({ events: 4, objects: 1, rejectedRows: 0 });
  });

  test('errors are told apart by their codes', async () => {
    const failed = (errorCode: string): Json => get('a', 1, 0, { errorCode });
    const text = written([
      put('a', 0, 1_000_000),
      get('a', 1, 10),
      ...['NoSuchKey', 'AccessDenied', 'SignatureDoesNotMatch', 'SlowDown', 'InternalError', 'NotModified'].map(failed),
    ]);
    // A wrong signature and 5xx are not billed.
    expect((await used(text))['Requests-Tier2 GetObject']).toBe('4');
  });

  test('of S3 Express too, whose objects are of its class', async () => {
    const express = { eventSource: 's3express.amazonaws.com', parameters: { bucketName: 'b--use1-az4--x-s3' } };
    const text = written([
      put('a', 0, 1000, express),
      get('a', 1, 1000, express),
      event('CreateSession', '', 1, express),
    ]);
    const workload = await workloadOf(text);
    expect(workload).toMatchObject({ rows: 3, events: 2, objects: 1, buckets: ['b--use1-az4--x-s3'] });
    expect(workload.otherRows).toEqual([{ kind: 'CreateSession', rows: 1 }]);
    const { comparison } = await runFiles(folder.path('a.json'), {}, [namedPolicy('as-is')]);
    expect(Object.keys(quantities(comparison)).filter((usage) => !usage.includes('XZ'))).toEqual([]);
  });

  test('what is no data event of S3 is counted, delivered twice or not', async () => {
    const more = [
      record({ eventSource: 'dynamodb.amazonaws.com', eventName: 'GetItem', requestParameters: null }),
      record({ eventName: 'PutBucketAcl', managementEvent: true, eventCategory: 'Management' }),
      event('DeleteObjects', '', 1),
    ];
    const again = get('a', 1, 10);
    const workload = await workloadOf(written([put('a', 0, 10), again, again, ...more]));
    expect(workload).toMatchObject({ rows: 6, events: 2, duplicateRows: 1, rejectedRows: 0 });
    expect(workload.otherRows).toEqual([
      { kind: 'DeleteObjects, whose keys CloudTrail does not tell', rows: 1 },
      { kind: 'S3 management event', rows: 1 },
      { kind: 'dynamodb.amazonaws.com', rows: 1 },
    ]);
  });

  test('none of them alone is a trace', async () => {
    const text = written([record({ eventSource: 'kms.amazonaws.com', eventName: 'Decrypt' })]);
    expect(await refusal(run(text))).toBe(
      'a.json: none of the 1 rows is a request that is replayed: 1 kms.amazonaws.com',
    );
  });
});

describe('files of records', () => {
  const some = Array.from({ length: 300 }, (_, i) =>
    i % 3 === 0 ? put(`k${i % 40}`, i % 20, 1000 + i) : get(`k${i % 40}`, i % 20, 100 + i),
  );
  const text = written(some);

  test('in any layout, in pieces, packed, in folders', async () => {
    const expected = await used(text);
    for (const layout of [0, 1, 2, 3, 4, 5]) {
      const other = documentOf(some.toReversed(), layout);
      for (const pack of packings) expect([layout, await used(pack(other))]).toEqual([layout, expected]);
    }
    const day = 'trail/AWSLogs/111122223333/CloudTrail/us-east-1/2025/01/01';
    const digest = 'trail/AWSLogs/111122223333/CloudTrail-Digest/us-east-1';
    mkdirSync(folder.path(day), { recursive: true });
    mkdirSync(folder.path(digest), { recursive: true });
    folder.write(`${digest}/1.json.gz`, gzipSync('{"awsAccountId":"111122223333"}'));
    folder.write(`${day}/1.json.gz`, gzipSync(written(some.slice(0, 200))));
    folder.write(`${day}/2.json`, documentOf(some.slice(150), 1));
    const { comparison } = await runFiles(folder.path('trail'));
    expect(comparison.workload.formats).toEqual([{ name: 'cloudtrail', title: 'CloudTrail', files: 2 }]);
    expect(comparison.workload.skippedFiles).toMatchObject([{ files: 1 }]);
    expect(comparison.workload).toMatchObject({ rows: 350, events: 300, duplicateRows: 50 });
    expect(quantities(comparison)).toEqual(expected);
  });

  test('cut in the middle, or in bits: what is left is read', async () => {
    const cut = text.slice(0, text.lastIndexOf('"eventSource"'));
    const workload = await workloadOf(cut);
    expect(workload).toMatchObject({ rows: 301, events: 299, rejectedRows: 2 });
    expect(workload.rejections.map(({ example }) => example.replace(/.*a\.json/, ''))).toEqual([
      expect.stringMatching(/^:1: this is no JSON: /),
      ':1: the text ends before its records do',
    ]);
    const at = text.lastIndexOf('"eventName"');
    for (const byte of ['\u0000', '\u00ff', '\u0085"', '{']) {
      const bytes = Buffer.from(`${text.slice(0, at)}${byte}${text.slice(at + 4)}`, 'latin1');
      const broken = await workloadOf(bytes);
      expect([byte, broken]).toMatchObject([byte, { events: 299 }]);
      expect([byte, broken.rows - broken.rejectedRows]).toEqual([byte, 299]);
    }
    expect(await refusal(runFiles(folder.write('a.json.gz', gzipSync(text).subarray(0, 900))))).toMatch(
      /cut off or damaged/,
    );
  });

  test('a file that is broken does not slow down or change the others', async () => {
    const good = folder.write('good.json', text);
    const bad = folder.write('bad.json', '{"Records":[{"eventVersion":"1.09","eventSource":"s3.amazonaws.com",');
    const { comparison, rejected } = await runFiles([good, bad], { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 302, events: 300, rejectedRows: 2 });
    expect(rejected.map(({ where }) => where!.file!.replace(/.*\//, ''))).toEqual(['bad.json', 'bad.json']);
  });

  test('bad records are left out by default, named when they must not be there', async () => {
    const odd = [event('BrewCoffee', 'a', 1), event('GetObject', '', 1), event('GetObject', 'a', 1, { eventTime: 5 })];
    const path = folder.write('bad.json', documentOf([...some, ...odd], 2));
    const rejects = folder.path('rejects.txt');
    const { comparison, rejected } = await runFiles(path, { onBadRow: 'skip', rejects });
    expect(comparison.workload).toMatchObject({ rows: 303, events: 300, rejectedRows: 3 });
    expect(comparison.workload.rejections.map(({ reason }) => reason).sort()).toEqual(
      ['eventTime is no text: …', 'operation … is unknown', 'the key is empty'].sort(),
    );
    expect(rejected.map(({ where }) => where!.line)).toEqual([301, 302, 303]);
    expect(readFileSync(rejects, 'utf8')).toContain(
      `:301: operation 'BrewCoffee' is unknown\n${JSON.stringify(odd[0])}\n`,
    );
    const share = comparison.workload.rejections.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    expect(share).toBeLessThan(Number(comparison.workload.rowBytes));
    expect(await refusal(runFiles(path, { onBadRow: 'fail' }))).toMatch(
      /^bad\.json:301: operation 'BrewCoffee' is unknown\n/,
    );
  });

  test('beside a server access log: the same requests twice', async () => {
    const json = folder.write('a.json', text);
    const log = folder.write('a.log', `${logLine({})}\n`);
    expect(await refusal(runFiles([json, log]))).toBe(
      "CloudTrail ('a.json') and S3 server access log ('a.log') record the same requests, which would count twice: name the files of one of them",
    );
  });

  test('beside an inventory, which tells the size of what is only read', async () => {
    const { manifest } = writeInventory(folder.path('inventory'), {
      columns: 'Bucket, Key, Size, LastModifiedDate, StorageClass',
      files: [['b/a|1000|2024-01-01T00:00:00.000Z|STANDARD']],
      bucket: 'b',
    });
    const reads = written(['b/a', 'new'].map((key, at) => get(key, 70 + at, 300)));
    const { comparison } = await runFiles([manifest, folder.write('reads.json', reads)], { onBadRow: 'skip' });
    const { objects, bytes, sizesFromReads } = comparison.workload;
    expect({ objects, bytes, sizesFromReads }).toEqual({ objects: 2, bytes: '1300', sizesFromReads: 1 });
  });

  test('beside a CSV of the same columns', async () => {
    const csv = folder.write('a.csv', 'timestamp,operation,key,size,bucket\n2025-01-01,PUT,z,1,b\n');
    const { comparison } = await runFiles([csv, folder.write('a.json', text)]);
    expect(comparison.workload).toMatchObject({ rows: 301, events: 301, objects: 41 });
  });
});

const SAMPLES = new URL('../../../shared/data/', import.meta.url).pathname;

test.runIf(existsSync(SAMPLES))('the records of AWS’s documentation', async () => {
  const path = join(SAMPLES, 'aws-docs-samples/cloudtrail_s3_entries_example.json');
  expect(await refusal(runFiles(path))).toMatch(
    /: none of the 4 rows is a request that is replayed: 3 S3 management event, 1 s3-outposts\.amazonaws\.com$/,
  );
  const more = `${readFileSync(path, 'utf8')}\n${written([put('a', 0, 5)])}`;
  expect(await workloadOf(more)).toMatchObject({ rows: 5, events: 1, rejectedRows: 0 });
});
