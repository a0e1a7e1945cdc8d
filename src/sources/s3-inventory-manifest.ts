import { type Diagnostic, InputError, quoted, quotedValue } from '../model/diagnostic.ts';
import { LAST_INSTANT } from '../model/time.ts';
import type { ManifestFile } from './source.ts';

/** What the `manifest.json` of an S3 Inventory says. */
export interface InventoryManifest {
  readonly bucket: string;
  /** When S3 began to scan the bucket, UTC milliseconds. */
  readonly takenAt: number;
  readonly fileFormat: 'CSV' | 'Parquet';
  /** Columns of the list, as its format spells them. A CSV list has no header. */
  readonly columns: readonly string[];
  readonly files: readonly ManifestFile[];
}

const ORC =
  "the inventory is in Apache ORC, which is not read here; have S3 write it in Parquet or CSV (the inventory configuration’s Destination.S3BucketDestination.Format), or convert it, as Athena does by CREATE TABLE … WITH (format = 'PARQUET') AS SELECT * FROM the inventory’s table";

/**
 * Reads a manifest.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 * @throws InputError naming the file and what is wrong in it
 */
export function parseManifest(text: string, file: string): InventoryManifest {
  const manifest = parseJson(text, file);
  const problems: string[] = [];
  const bucket = textOf(manifest, 'sourceBucket', problems);
  const fileFormat = textOf(manifest, 'fileFormat', problems);
  if (fileFormat.toUpperCase() === 'ORC') throw refusal(file, [ORC]);
  const format = (['CSV', 'Parquet'] as const).find((name) => name.toLowerCase() === fileFormat.toLowerCase());
  if (fileFormat !== '' && !format) problems.push(`fileFormat ${quoted(fileFormat)} is none of CSV, Parquet and ORC`);
  const takenAt = timeOf(manifest.creationTimestamp, problems);
  const schema = textOf(manifest, 'fileSchema', problems);
  const files = filesOf(manifest.files, problems);
  if (problems.length > 0) throw refusal(file, problems);
  return {
    bucket,
    takenAt,
    fileFormat: format!,
    columns: format === 'CSV' ? schema.split(',').map((name) => name.trim()) : parquetColumns(schema),
    files,
  };
}

/** The names in `message s3.inventory { required binary bucket (UTF8); … }`. */
function parquetColumns(schema: string): string[] {
  return [...schema.matchAll(/\b(?:required|optional)\s+\w+\s+(\w+)/g)].map(([, name]) => name!);
}

/** An error that names the manifest for everything that is wrong in it. */
export function refusal(file: string, messages: readonly string[]): InputError {
  return new InputError(messages.map((message): Diagnostic => ({ severity: 'error', message, where: { file } })));
}

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string, file: string): Json {
  try {
    const document: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as Json;
  } catch (error) {
    throw refusal(file, [`this is no manifest of an S3 Inventory: not valid JSON (${(error as Error).message})`]);
  }
  throw refusal(file, ['this is no manifest of an S3 Inventory: not a JSON object']);
}

function textOf(manifest: Json, name: string, problems: string[]): string {
  const value = manifest[name];
  if (typeof value === 'string' && value !== '') return value;
  problems.push(value === undefined ? `the manifest has no ${name}` : `${name} is not a text with something in it`);
  return '';
}

/** Milliseconds since 1970, as a text or a number. */
function timeOf(value: unknown, problems: string[]): number {
  const time = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof time === 'number' && Number.isInteger(time) && time > 0 && time <= LAST_INSTANT) return time;
  const found = value === undefined ? 'missing' : quotedValue(value);
  problems.push(`creationTimestamp is ${found}, not milliseconds since 1970`);
  return 0;
}

function filesOf(value: unknown, problems: string[]): ManifestFile[] {
  if (!Array.isArray(value)) {
    problems.push(value === undefined ? 'the manifest has no files' : 'files is not a list');
    return [];
  }
  if (value.length === 0) problems.push('the manifest names no files: there is nothing in the inventory');
  return value.flatMap((entry, at) => fileOf(entry, `files[${at}]`, problems) ?? []);
}

function fileOf(entry: unknown, at: string, problems: string[]): ManifestFile | undefined {
  const { key, size, MD5checksum: md5 } = (typeof entry === 'object' && entry !== null ? entry : {}) as Json;
  if (typeof key !== 'string' || key === '') problems.push(`${at} has no key`);
  else if (size !== undefined && !(Number.isSafeInteger(size) && (size as number) >= 0)) {
    problems.push(`${at}: size ${quotedValue(size)} is not a number of bytes`);
  } else if (md5 !== undefined && typeof md5 !== 'string') {
    problems.push(`${at}: MD5checksum ${quotedValue(md5)} is not a text`);
  } else {
    return {
      key,
      ...(size !== undefined && { bytes: size as number }),
      ...(md5 !== undefined && { md5: md5.toLowerCase() }),
    };
  }
  return undefined;
}
