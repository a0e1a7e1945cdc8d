/** The careful reader of CloudTrail's records. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binaryText } from '../../src/sources/bytes.ts';
import { cloudTrail } from '../../src/sources/cloudtrail.ts';
import { readCloudTrailRecord } from '../../src/sources/cloudtrail-record.ts';
import { recogniseText } from '../../src/sources/index.ts';
import { JsonRows, LONGEST_RECORD } from '../../src/sources/json-rows.ts';
import type { RowReading, SourceRow } from '../../src/sources/source.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { documentOf, type Json, record, records } from './cloudtrail-records.ts';

const FUZZ = fuzzLines(20_000);

function reading(changed: Json): RowReading {
  return readCloudTrailRecord(JSON.stringify(record(changed)));
}

function fieldsOf(changed: Json): Record<string, string | undefined> {
  const found = reading(changed);
  if (typeof found === 'string') throw new Error(found);
  return { ...found.fields, ...(found.kind !== undefined && { kind: found.kind }) };
}

describe('a record', () => {
  test('of a read', () => {
    expect(fieldsOf({})).toEqual({
      timestamp: '2025-01-01T00:00:00Z',
      operation: 'GET',
      key: 'a',
      size: '',
      bytes: '1000',
      bucket: 'amzn-s3-demo-bucket',
      version_id: '',
      storage_class: '',
      status: '',
      error_code: '',
      requester: 'arn:aws:iam::111122223333:user/myUserName',
      request_id: 'cdc4b7ed-e171-4cef-975a-ad829d4123e8',
    });
  });

  test.each([
    ['PutObject', 'PUT'],
    ['GetObject', 'GET'],
    ['HeadObject', 'HEAD'],
    ['HeadBucket', 'OTHER_READ'],
    ['CopyObject', 'COPY'],
    ['ListObjects', 'LIST'],
    ['ListObjectVersions', 'LIST'],
    ['ListParts', 'OTHER_WRITE'],
    ['ListMultipartUploads', 'OTHER_WRITE'],
    ['DeleteObject', 'DELETE'],
    ['CreateMultipartUpload', 'CREATE_MULTIPART'],
    ['UploadPart', 'UPLOAD_PART'],
    ['UploadPartCopy', 'UPLOAD_PART'],
    ['CompleteMultipartUpload', 'COMPLETE_MULTIPART'],
    ['AbortMultipartUpload', 'ABORT_MULTIPART'],
    ['RestoreObject', 'RESTORE'],
    ['SelectObjectContent', 'SELECT'],
    ['GetObjectTorrent', 'OTHER_READ'],
    ['GetObjectAcl', 'OTHER_READ'],
    ['PutObjectLegalHold', 'OTHER_WRITE'],
  ])('%s is %s', (eventName, operation) => {
    expect(fieldsOf({ eventName }).operation).toBe(operation);
  });

  test.each<[Json, string | undefined]>([
    [{}, undefined],
    [{ managementEvent: true, eventCategory: 'Management' }, 'S3 management event'],
    [{ eventCategory: 'Insight' }, 'S3 management event'],
    [{ managementEvent: undefined, eventCategory: undefined }, undefined],
    [{ managementEvent: undefined, eventCategory: undefined, eventName: 'PutBucketAcl' }, 'S3 management event'],
    [{ eventSource: 'kms.amazonaws.com' }, 'kms.amazonaws.com'],
    [{ eventSource: 's3-outposts.amazonaws.com' }, 's3-outposts.amazonaws.com'],
    [{ eventName: 'DeleteObjects' }, 'DeleteObjects, whose keys CloudTrail does not tell'],
    [{ eventName: 'CreateSession', eventSource: 's3express.amazonaws.com' }, 'CreateSession'],
    [{ eventName: 'DeleteBucketCors' }, 'DeleteBucketCors'],
  ])('%j is counted as %s', (changed, kind) => {
    expect(fieldsOf(changed).kind).toBe(kind);
  });

  test.each<[Json, string]>([
    [{ eventName: 'BrewCoffee' }, "operation 'BrewCoffee' is unknown"],
    [{ eventName: 'REST.GET.OBJECT' }, "operation 'REST.GET.OBJECT' is unknown"],
    [{ eventName: '__proto__' }, "operation '__proto__' is unknown"],
    [{ eventSource: '' }, 'this is no record of CloudTrail: it has no eventSource'],
    [{ eventName: undefined }, 'this is no record of CloudTrail: it has no eventName'],
    [{ eventName: 5 }, "eventName is no text: '5'"],
    [{ requestParameters: null }, 'GetObject names no bucket'],
    [
      { managementEvent: { toString: 1 }, eventCategory: undefined, eventName: 'BrewCoffee' },
      "operation 'BrewCoffee' is unknown",
    ],
    [{ requestParameters: { bucketName: 'arn:a/b', key: {} }, resources: [null, 5, 'x'] }, "key is no text: '{}'"],
    [{ requestParameters: { bucketName: 'b', key: ['a'] } }, `key is no text: '["a"]'`],
  ])('%j is refused', (changed, message) => {
    expect(reading(changed)).toBe(message);
  });

  test.each([
    ['{', "this is no JSON: '{'"],
    ['5', "this is no record of CloudTrail: '5'"],
    ['[]', "this is no record of CloudTrail: '[]'"],
    ['null', "this is no record of CloudTrail: 'null'"],
    [
      '{"eventSource":"s3.amazonaws.com","eventName":"GetObject","requestParameters":{"key":"\\ud800","bucketName":"b"}}',
      "key is no Unicode text: '\\u{d800}'",
    ],
  ])('%s is refused', (text, message) => {
    expect(readCloudTrailRecord(text)).toBe(message);
  });

  test('with lists within too many lists is refused', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const of = (fields: string): RowReading =>
      readCloudTrailRecord(`{"eventSource":"s3.amazonaws.com","eventName":${fields}}`);
    expect(of(deep)).toBe('eventName is no text: what contains itself, or lists within too many lists');
    const parameters = `"requestParameters":{"bucketName":"b"},"additionalEventData":{"bytesTransferredOut":${deep}}`;
    expect(of(`"GetObject",${parameters}`)).toContain('the record has lists within too many lists: ');
  });

  test('an access point is the bucket behind it, where the record tells', () => {
    const requestParameters = { bucketName: 'arn:aws:s3:us-west-2:111122223333:accesspoint/ap', key: 'a' };
    const resources = [
      { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::b/a' },
      { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::b' },
    ];
    expect(fieldsOf({ requestParameters, resources }).bucket).toBe('b');
    expect(fieldsOf({ requestParameters }).bucket).toBe(requestParameters.bucketName);
  });

  test.each([
    ['NoSuchKey', '404'],
    ['Client.NoSuchKey', '404'],
    ['AccessDenied', '403'],
    ['Server.InternalError', '500'],
    ['SlowDown', '503'],
    ['SomethingNew', '400'],
  ])('error %s has status %s', (errorCode, status) => {
    expect(fieldsOf({ errorCode }).status).toBe(status);
  });
});

function rowsOf(...pieces: readonly string[]): SourceRow[] {
  const rows = new JsonRows(readCloudTrailRecord);
  return pieces.flatMap((piece, at) => [...rows.read(piece, at === pieces.length - 1)]);
}

describe('a text of records', () => {
  test('in any layout holds the same', () => {
    const some = Array.from({ length: 20 }, (_, at) => record({ eventID: `e${at}`, 'x"]}': '{[\\"' }));
    for (const layout of [0, 1, 2, 3, 4]) {
      const rows = rowsOf(binaryText(new TextEncoder().encode(documentOf(some, layout))));
      expect(rows.map(({ reading }) => reading)).toEqual(some.map((one) => readCloudTrailRecord(JSON.stringify(one))));
    }
  });

  test('gives the lines of its records', () => {
    const text = documentOf([record(), 5, record()], 1);
    const at = text.split('\n').indexOf('5,') + 1;
    expect(rowsOf(text).map(({ line }) => line)).toEqual([3, at, at + 1]);
  });

  test.each([
    ['{"Records":[', ['the text ends before its records do']],
    ['{"Records":[]}', []],
    ['{"Records":[]', ['the text ends before its records do']],
    ['{"Records":{}}', ['this is no record of CloudTrail: it has no eventSource']],
    ['', []],
    ['\ufeff\n', []],
    [']', ["this is no JSON: ']'"]],
    ['"a\\"b', [`this is no JSON: '"a\\"b'`]],
    [`{"a":"${'x'.repeat(LONGEST_RECORD)}"}`, ['the record is longer than 1 MB']],
    [`"${'x'.repeat(LONGEST_RECORD + 10)}`, ['the record is longer than 1 MB']],
    ['\u00ff', ['the text is not UTF-8']],
  ])('%.30s is read to its end', (text, expected) => {
    expect(rowsOf(text.startsWith('\ufeff') ? '\u00ef\u00bb\u00bf\n' : text).map(({ reading }) => reading)).toEqual(
      expected,
    );
  });

  test('after a record without an end goes on with the next', () => {
    const next = JSON.stringify(record());
    const text = `{"Records":[{"eventVersion":"1.09","eventSource":"s3.am,${next},${next}]}`;
    const readings = rowsOf(text).map(({ reading }) => typeof reading);
    expect(readings.filter((type) => type === 'object')).toHaveLength(2);
  });
});

/** Documents in which bytes are lost, doubled, or others than they were. */
const documents = fc
  .tuple(
    fc.array(records, { minLength: 1, maxLength: 8 }),
    fc.nat({ max: 5 }),
    fc.array(
      fc.tuple(
        fc.nat({ max: 20_000 }),
        fc.nat({ max: 30 }),
        fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', '\n', '\u00ff', '\u0000', '{"Records":['),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([some, layout, changes]) => {
    let text = binaryText(new TextEncoder().encode(documentOf(some, layout)));
    for (const [at, length, put] of changes) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + put + text.slice(from + length);
    }
    return text;
  });

test('a text is read in pieces as it is whole, and every row is a reading', { timeout: FUZZ_TIMEOUT }, () => {
  const cuts = fc.array(fc.nat({ max: 20_000 }), { maxLength: 5 });
  fc.assert(
    fc.property(documents, cuts, (text, at) => {
      const points = [...at.map((point) => point % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
      const pieces = points.slice(1).map((end, i) => text.slice(points[i], end));
      const whole = rowsOf(text);
      expect(rowsOf(...pieces)).toEqual(whole);
      for (const { reading } of whole)
        expect(typeof reading === 'string' || typeof reading.fields === 'object').toBe(true);
    }),
    { numRuns: Math.ceil(FUZZ / 8) },
  );
});

test('a text that opens much and closes nothing takes no longer', { timeout: 60_000 }, () => {
  for (const bad of ['{', '[', '{"a":', '"', '{"Records":[', '\\"', '{"eventVersion"']) {
    const text = bad.repeat((2 * 2 ** 20) / bad.length);
    const pieces = Array.from({ length: 32 }, (_, i) =>
      text.slice((i * text.length) / 32, ((i + 1) * text.length) / 32),
    );
    const begun = process.cpuUsage();
    rowsOf(...pieces);
    expect([bad, process.cpuUsage(begun).user < 5_000_000]).toEqual([bad, true]);
  }
});

test.each([
  ['{"Records":[', 'cloudtrail'],
  ['\ufeff{\n  "Records" : [ ', 'cloudtrail'],
  [JSON.stringify(record()), 'cloudtrail'],
  [JSON.stringify([record()]), 'cloudtrail'],
  ['{"a":1}', undefined],
  ['timestamp,operation,key,size', 'csv'],
])('%.30s is recognised as %s', (start, name) => {
  expect(recogniseText(start, 'a')?.name).toBe(name);
  if (name === 'cloudtrail') expect(cloudTrail.recognise(start, 'a')).toBe(true);
});
