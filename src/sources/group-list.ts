/** The SQL that tells the groups of rows by their keys or tags, as `groupText` does. */
import type { GroupBy } from '../model/grouping.ts';
import { isAct, isRead, isUpload, OPERATIONS } from '../model/operation.ts';
import type { ColumnNames } from './columns.ts';
import { literal, name, tagPairs } from './projection.ts';

/** Groups that rows are told by. */
export type RowGroupBy = GroupBy & { readonly kind: 'prefix' | 'tag' };

/** SQL of the text a row's group is told by. */
function groupText(by: RowGroupBy, { key, bucket, tags }: ColumnNames, withBucket: boolean): string {
  if (by.kind === 'tag') {
    return tags ? `coalesce([pair[2] FOR pair IN ${tagPairs(tags)} IF pair[1] = ${literal(by.key)}][-1], '')` : `''`;
  }
  const prefix = `regexp_extract(coalesce(${name(key!)}, ''), '^([^/]*/){0,${by.depth}}')`;
  if (!withBucket || !bucket) return prefix;
  return `(CASE WHEN coalesce(${name(bucket)}, '') = '' THEN ${prefix} ELSE concat('s3://', ${name(bucket)}, '/', ${prefix}) END)`;
}

/** SQL of the number of a row's group; 0 when its text is none of `names`. */
export function groupNumber(
  by: RowGroupBy,
  columns: ColumnNames,
  withBucket: boolean,
  names: readonly string[],
): string {
  if (names.length === 0) return '0::USMALLINT';
  return `coalesce(list_position([${names.map(literal).join(', ')}], ${groupText(by, columns, withBucket)}), 0)::USMALLINT`;
}

const UPLOADS = operationList(isUpload);
const READS = operationList(isRead);

function operationList(has: (code: number) => boolean): string {
  return OPERATIONS.filter((_, code) => has(code))
    .map(literal)
    .join(', ');
}

/** SQL of whether a row of an ingested trace made an object. */
export function isUploadRow(columns: ColumnNames): string {
  return `(${name(columns.operation!)} IN (${UPLOADS})${hasSucceeded(columns)})`;
}

/** SQL of whether a row of an ingested trace handed over an object's bytes. */
export function isReadRow(columns: ColumnNames): string {
  return `(${name(columns.operation!)} IN (${READS})${hasSucceeded(columns)})`;
}

/** SQL of whether a row of an ingested trace is a request, not what S3's own lifecycle did. */
export const IS_REQUEST_ROW: string = `operation NOT IN (${operationList(isAct)})`;

function hasSucceeded({ status }: ColumnNames): string {
  return status ? ` AND (coalesce(${name(status)}, 200) < 300 OR ${name(status)} = 304)` : '';
}

/** SQL of how many groups rows are told by. */
export function groupCount(by: RowGroupBy, columns: ColumnNames, withBucket: boolean, rows: string): string {
  return `SELECT count(DISTINCT ${groupText(by, columns, withBucket)})::DOUBLE FROM ${rows}`;
}

/** SQL of the names of the groups with the most reads. */
export function mostRead(by: RowGroupBy, columns: ColumnNames, withBucket: boolean, rows: string, top: number): string {
  return `SELECT ${groupText(by, columns, withBucket)} AS name FROM ${rows} WHERE ${isReadRow(columns)}
    GROUP BY name ORDER BY sum(${times(columns)}) DESC, name LIMIT ${top}`;
}

/** SQL of a row's repetitions, or of the objects an upload stands for. */
export function times({ count }: ColumnNames): string {
  return count ? `coalesce(${name(count)}, 1)` : '1';
}

/**
 * SQL of the groups of the most bytes, uploaded or else there before: `name`, and `groups`, how many there are in all.
 * @param rows of an ingested trace, by SQL
 */
export function largestGroups(
  by: RowGroupBy,
  columns: ColumnNames,
  withBucket: boolean,
  rows: string,
  top: number,
): string {
  const bytes = `coalesce(${name(columns.size!)}, 0)`;
  const objects = `SELECT name, CASE WHEN bool_or(upload) THEN sum(CASE WHEN upload THEN bytes * count ELSE 0 END) ELSE max(bytes) END AS bytes
    FROM (SELECT object, ${groupText(by, columns, withBucket)} AS name, ${isUploadRow(columns)} AS upload, ${bytes} AS bytes,
      ${times(columns)} AS count FROM ${rows}) GROUP BY object, name`;
  return `SELECT name, (count(*) OVER ())::DOUBLE AS groups FROM (${objects}) GROUP BY name ORDER BY sum(bytes) DESC, name LIMIT ${top}`;
}
