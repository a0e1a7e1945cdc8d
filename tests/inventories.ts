/** Inventories as S3 writes them, for tests. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface TestInventory {
  readonly bucket?: string;
  /** ISO 8601. */
  readonly takenAt?: string;
  /** As a CSV list's `fileSchema` has them. */
  readonly columns: string;
  /** The rows of each file, with keys as S3 has them, without the bucket: `key|size|…`. */
  readonly files: readonly (readonly string[])[];
  readonly encode?: (key: string) => string;
}

/** Folder of an inventory's configuration. */
const CONFIGURED = 'inventory/pictures/daily';

/** Writes lists in CSV and their manifest where S3 writes them, below `root`; says where they are. */
export function writeInventory(root: string, inventory: TestInventory): { manifest: string; lists: string[] } {
  const { bucket = 'pictures', takenAt = '2025-03-10T01:00:00Z', columns, files } = inventory;
  const keyAt = columns.split(', ').indexOf('Key');
  const encode = inventory.encode ?? encodeURIComponent;
  const line = (row: string): string =>
    [bucket, ...row.split('|')].map((value, at) => `"${at === keyAt ? encode(value) : value}"`).join(',');
  const lists = files.map((rows, at) => {
    const list = `${CONFIGURED}/data/list-${at}.csv.gz`;
    write(join(root, list), gzipSync(rows.map((row) => `${line(row)}\n`).join('')));
    return list;
  });
  const manifest = join(root, CONFIGURED, `${takenAt.slice(0, 13)}-00Z/manifest.json`);
  writeManifest(manifest, { bucket, takenAt, format: 'CSV', schema: columns }, root, lists);
  return { manifest, lists: lists.map((list) => join(root, list)) };
}

/** Writes a manifest of lists that are at their keys below `root`, with its checksum. */
export function writeManifest(
  path: string,
  { bucket, takenAt, format, schema }: { bucket: string; takenAt: string; format: string; schema: string },
  root: string,
  lists: readonly string[],
): void {
  const document = {
    sourceBucket: bucket,
    destinationBucket: 'arn:aws:s3:::inventories',
    version: '2016-11-30',
    creationTimestamp: String(Date.parse(takenAt)),
    fileFormat: format,
    fileSchema: schema,
    files: lists.map((key) => {
      const bytes = readFileSync(join(root, key));
      return { key, size: bytes.length, MD5checksum: md5(bytes) };
    }),
  };
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  write(path, text);
  writeFileSync(join(dirname(path), `${basename(path, '.json')}.checksum`), md5(text));
}

function md5(content: string | Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
