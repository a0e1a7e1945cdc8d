/** The manifest of an S3 Inventory, and the keys of its CSV lists. */
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { recogniseText } from '../../src/sources/index.ts';
import { literal } from '../../src/sources/projection.ts';
import { parseManifest } from '../../src/sources/s3-inventory-manifest.ts';
import { urlDecode, urlDecoded } from '../../src/sources/url-decode.ts';

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html, shortened. */
const CSV = {
  sourceBucket: 'example-source-bucket',
  destinationBucket: 'arn:aws:s3:::example-inventory-destination-bucket',
  version: '2016-11-30',
  creationTimestamp: '1514944800000',
  fileFormat: 'CSV',
  fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass',
  files: [
    {
      key: 'Inventory/example-source-bucket/2016-11-06T21-32Z/files/939c6d46.csv.gz',
      size: 2147483647,
      MD5checksum: 'F11166069F1990ABEB9C97ACE9CDFABC',
    },
  ],
};
const PARQUET = {
  ...CSV,
  fileFormat: 'Parquet',
  fileSchema:
    'message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); optional int64 size; optional int64 last_modified_date (TIMESTAMP_MILLIS); }',
};

function problems(manifest: unknown): string {
  try {
    parseManifest(typeof manifest === 'string' ? manifest : JSON.stringify(manifest), 'manifest.json');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a manifest', () => {
  test('of CSV lists', () => {
    expect(parseManifest(JSON.stringify(CSV), 'manifest.json')).toEqual({
      bucket: 'example-source-bucket',
      takenAt: Date.UTC(2018, 0, 3, 2),
      fileFormat: 'CSV',
      columns: [
        'Bucket',
        'Key',
        'VersionId',
        'IsLatest',
        'IsDeleteMarker',
        'Size',
        'LastModifiedDate',
        'ETag',
        'StorageClass',
      ],
      files: [
        {
          key: 'Inventory/example-source-bucket/2016-11-06T21-32Z/files/939c6d46.csv.gz',
          bytes: 2147483647,
          md5: 'f11166069f1990abeb9c97ace9cdfabc',
        },
      ],
    });
  });

  test('of Parquet lists', () => {
    const { fileFormat, columns } = parseManifest(JSON.stringify(PARQUET), 'manifest.json');
    expect([fileFormat, columns]).toEqual(['Parquet', ['bucket', 'key', 'size', 'last_modified_date']]);
  });

  test.each<[string, unknown, string]>([
    ['in ORC', { ...CSV, fileFormat: 'ORC' }, 'the inventory is in Apache ORC, which is not read here; have S3 write'],
    ['in Avro', { ...CSV, fileFormat: 'Avro' }, "fileFormat 'Avro' is none of CSV, Parquet and ORC"],
    ['cut off', JSON.stringify(CSV).slice(0, 100), 'this is no manifest of an S3 Inventory: not valid JSON ('],
    ['that is a list', [CSV], 'this is no manifest of an S3 Inventory: not a JSON object'],
    ['without a time', { ...CSV, creationTimestamp: undefined }, 'creationTimestamp is missing, not milliseconds'],
    ['of an odd time', { ...CSV, creationTimestamp: 'now' }, "creationTimestamp is 'now', not milliseconds since 1970"],
    [
      'of a time with functions of its own',
      { ...CSV, creationTimestamp: { toString: 1 } },
      `creationTimestamp is '{"toString":1}', not milliseconds since 1970`,
    ],
    [
      'of a time within too many lists',
      `{"creationTimestamp":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'creationTimestamp is what contains itself, or lists within too many lists, not milliseconds since 1970',
    ],
    ['of no files', { ...CSV, files: [] }, 'the manifest names no files: there is nothing in the inventory'],
    ['whose files are odd', { ...CSV, files: [{ size: 1 }, null] }, 'manifest.json: files[1] has no key'],
    ['with an odd size', { ...CSV, files: [{ key: 'a', size: -1 }] }, "files[0]: size '-1' is not a number of bytes"],
    ['of nothing', {}, 'the manifest has no sourceBucket\nmanifest.json: the manifest has no fileFormat'],
  ])('%s', (_, manifest, message) => {
    expect(problems(manifest)).toContain(message);
    expect(problems(manifest)).toMatch(/^manifest\.json: /);
  });

  test('is recognised by its content', () => {
    expect(recogniseText(JSON.stringify(CSV, undefined, 2), 'x')?.name).toBe('s3-inventory');
    expect(recogniseText(`\ufeff ${JSON.stringify({ files: CSV.files })}`, 'x')?.name).toBe('s3-inventory');
    expect(recogniseText('timestamp,operation,key,size\n', 'manifest.json')?.name).toBe('csv');
    expect(recogniseText('"fileSchema": 1', 'manifest.json')).toBeUndefined();
  });
});

describe('keys of CSV lists', () => {
  test.each([
    ['photos/a%20b+c%2Bd.jpg', 'photos/a b c+d.jpg'],
    ['%E2%82%AC', '€'],
    ['%e2%82%ac/é', '€/é'],
    ['100%', '100%'],
    ['%zz%4', '%zz%4'],
    ['a%00%0A%1bb', 'a\0\n\u001bb'],
    ['%FF', undefined],
    ['%E2%28%A1', undefined],
    ['%E2x%82%AC', undefined],
  ])('%s', (text, key) => expect(urlDecode(text)).toBe(key));

  test('both readers decode alike', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }).filter((text) => !/[\p{Cs}\0]/u.test(text)),
      fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`),
      fc.constantFrom('+', '%', '%4', '%E2%82%AC', '%2B', '%C3', '%zz'),
    );
    const key = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
      await fc.assert(
        fc.asyncProperty(key, async (text) => {
          const decoded = await connection.runAndReadAll(`SELECT ${urlDecoded(literal(text))}`);
          expect(urlDecode(text) ?? null).toBe(decoded.getRows()[0]![0]);
        }),
        { numRuns: 500 },
      );
    });
  });
});
