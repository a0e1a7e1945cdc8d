/**
 * What a row of an S3 Inventory is: an object that was uploaded when it was last modified, or a delete marker that was
 * made then. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
 */
import { DAY_SECONDS, parseTimestamp } from '../model/time.ts';
import type { ColumnNames } from './columns.ts';
import { type RowFields, readRow } from './row.ts';

/** The columns that say something of the bill, as a Parquet list spells them; a CSV list has `LastModifiedDate`. */
export const INVENTORY_COLUMNS = [
  'bucket',
  'key',
  'version_id',
  'is_delete_marker',
  'size',
  'last_modified_date',
  'storage_class',
  'intelligent_tiering_access_tier',
] as const;

export type InventoryColumn = (typeof INVENTORY_COLUMNS)[number];

const NEEDED: readonly InventoryColumn[] = ['bucket', 'key', 'size', 'last_modified_date'];

/** The name of each column in a list. */
export type InventoryColumns = Readonly<Partial<Record<InventoryColumn, string>>>;

/**
 * The columns of a list, whichever way their names are spelled.
 * @returns what is wrong with them as a string
 */
export function inventoryColumns(names: readonly string[]): InventoryColumns | string {
  const columns: Partial<Record<InventoryColumn, string>> = {};
  for (const name of names) {
    const column = INVENTORY_COLUMNS.find(
      (column) => column.replaceAll('_', '') === name.toLowerCase().replaceAll('_', ''),
    );
    if (column === undefined) continue;
    if (columns[column] !== undefined) return `the inventory lists ${name} twice`;
    columns[column] = name;
  }
  const missing = NEEDED.filter((column) => columns[column] === undefined).map(
    (column) => CONFIGURED_AS[column] ?? column,
  );
  if (missing.length === 0) return columns;
  return `the inventory does not list ${missing.join(' and ')}; add ${missing.length === 1 ? 'it' : 'them'} to the optional fields of its configuration`;
}

/** Fields of an inventory's configuration. */
const CONFIGURED_AS: Readonly<Partial<Record<InventoryColumn, string>>> = {
  bucket: 'Bucket',
  key: 'Key',
  size: 'Size',
  last_modified_date: 'LastModifiedDate',
};

/** Values of a row by column, with the key as S3 has it. */
type InventoryValues = Readonly<Partial<Record<InventoryColumn, string>>>;

/** What is told of the rows of a list: as the careful reader reads one, and as SQL. */
export interface Telling {
  /** The event columns. */
  columns(list: InventoryColumns): ColumnNames;
  /** The event of a row; undefined when there is none. */
  row(values: InventoryValues, listsVersions: boolean): RowFields | undefined;
  /**
   * What follows SELECT, and FROM the `rows`: the event columns of values that are SQL.
   * @param modified UTC milliseconds of the last modification
   */
  sql(value: (column: InventoryColumn) => string | undefined, rows: string, modified: string): string;
}

/** What the list tells of objects: they were uploaded when they were last modified, markers made then. */
export const objects: Telling = {
  columns: ({ version_id, storage_class }) => ({
    ...identified(version_id),
    ...(storage_class !== undefined && { storage_class: 'storage_class' }),
  }),
  row(values, listsVersions) {
    const object = { timestamp: values.last_modified_date ?? '', key: values.key ?? '', bucket: values.bucket ?? '' };
    // S3 makes a marker when no version is named.
    if (values.is_delete_marker?.toLowerCase() === 'true') return { ...object, operation: 'DELETE' };
    const storageClass = values.storage_class === REDUCED_REDUNDANCY ? 'STANDARD' : values.storage_class;
    return {
      ...object,
      operation: 'PUT',
      size: values.size ?? '',
      storage_class: storageClass ?? '',
      ...(listsVersions && { version_id: values.version_id || NULL_VERSION }),
    };
  },
  sql(value, rows) {
    const marker = value('is_delete_marker');
    const unlessMarker = (sql: string): string => (marker ? `CASE WHEN ${marker} THEN NULL ELSE ${sql} END` : sql);
    const [version, storageClass] = [value('version_id'), value('storage_class')];
    const classIn = `CASE ${storageClass} WHEN '${REDUCED_REDUNDANCY}' THEN 'STANDARD' ELSE ${storageClass} END`;
    return `SELECT ${[
      `${value('last_modified_date')} AS timestamp`,
      `${marker ? `CASE WHEN ${marker} THEN 'DELETE' ELSE 'PUT' END` : "'PUT'"} AS operation`,
      `${value('key')} AS key`,
      `${unlessMarker(value('size')!)} AS size`,
      `${value('bucket')} AS bucket`,
      ...(version ? [`${unlessMarker(namedVersion(version))} AS version_id`] : []),
      ...(storageClass ? [`${unlessMarker(classIn)} AS storage_class`] : []),
    ].join(', ')} FROM ${rows}`;
  },
};

/**
 * What the list tells of reads: an object in a warmer tier of Intelligent-Tiering than its age explains was accessed. When
 * is not told: in the middle of the days that its tier leaves open.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
 * @param takenAt UTC milliseconds
 */
export function reads(takenAt: number): Telling {
  const before = (days: number): string => new Date(takenAt - days * DAY_SECONDS * 1000).toISOString();
  const tiers = WARM_TIERS.map(({ tier, coolsAfter, accessed }) => ({
    tier,
    olderThan: before(coolsAfter),
    timestamp: before(accessed),
  }));
  return {
    columns: ({ version_id }) => identified(version_id),
    row(values, listsVersions) {
      const modified = parseTimestamp(values.last_modified_date ?? '');
      const found = tiers.find(({ tier }) => tier === values.intelligent_tiering_access_tier);
      if (!found || modified === undefined || modified >= Date.parse(found.olderThan)) return undefined;
      // What is wrong with a row is said once, of its object.
      if (typeof readRow(objects.row(values, listsVersions)!) === 'string') return undefined;
      return {
        timestamp: found.timestamp,
        operation: 'GET',
        key: values.key ?? '',
        bucket: values.bucket ?? '',
        ...(listsVersions && { version_id: values.version_id || NULL_VERSION }),
      };
    },
    sql(value, rows, modified) {
      const [tier, version] = [value('intelligent_tiering_access_tier')!, value('version_id')];
      const times = tiers.map(({ tier, timestamp }) => `WHEN '${tier}' THEN '${timestamp}'`).join(' ');
      const warm = tiers.map((found) => `(${tier} = '${found.tier}' AND ${modified} < ${Date.parse(found.olderThan)})`);
      return `SELECT CASE ${tier} ${times} END AS timestamp, 'GET' AS operation, ${value('key')} AS key,
        NULL::DOUBLE AS size, ${value('bucket')} AS bucket${version ? `, ${namedVersion(version)} AS version_id` : ''}
        FROM ${rows} WHERE ${warm.join(' OR ')}`;
    },
  };
}

/** Days without access after which an object leaves a tier, and how long ago one still in it was accessed. */
const WARM_TIERS = [
  { tier: 'FREQUENT', coolsAfter: 30, accessed: 15 },
  { tier: 'INFREQUENT', coolsAfter: 90, accessed: 60 },
] as const;

function identified(version: string | undefined): ColumnNames {
  return {
    timestamp: 'timestamp',
    operation: 'operation',
    key: 'key',
    size: 'size',
    bucket: 'bucket',
    ...(version !== undefined && { version_id: 'version_id' }),
  };
}

function namedVersion(version: string): string {
  return `coalesce(nullif(${version}, ''), '${NULL_VERSION}')`;
}

/** What was uploaded before versioning was switched on, or while it was suspended. */
const NULL_VERSION = 'null';

/** A class AWS advises against; billed here as STANDARD, whose price is next to it. */
const REDUCED_REDUNDANCY = 'REDUCED_REDUNDANCY';
