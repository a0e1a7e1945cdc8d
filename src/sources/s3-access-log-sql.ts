/**
 * S3 server access logs as the bulk engine reads them: records without a surprise in them, cut at quotes and then at
 * spaces, which is several times as fast as a regular expression. Every other record is left to `readAccessLogLine`,
 * which reads these as well, to the same end (a test holds the two together).
 */

import { LIST, OPERATIONS, OTHER_READ, OTHER_WRITE } from '../model/operation.ts';
import { LARGEST_OBJECT_BYTES } from '../model/storage-class.ts';
import type { ColumnNames } from './columns.ts';
import { linesOf } from './line-relation.ts';
import { literal } from './projection.ts';
import {
  ENCODED_ONCE,
  KIND_NAMES,
  LOG_NAMES,
  OF_COPIES,
  PART_READ,
  PLAIN_PART,
  READ_NAMES,
  READS,
  SIZED,
  WRITE_NAMES,
} from './s3-operations.ts';
import type { Compression, Relation } from './source.ts';
import { urlDecoded } from './url-decode.ts';

/** The event columns of a record. */
export const LOG_COLUMNS: ColumnNames = Object.fromEntries(
  [
    'timestamp',
    'operation',
    'key',
    'size',
    'bytes',
    'bucket',
    'version_id',
    'status',
    'error_code',
    'requester',
    'request_id',
  ].map((column) => [column, column]),
);

export function accessLogRelation(paths: readonly string[], compression: Compression): Relation {
  return {
    sql: read(cut(linesOf(paths, compression))),
    columns: LOG_COLUMNS,
    time: 'timestamp',
    leavesRest: true,
    isExact: true,
  };
}

/**
 * Pieces between quotes `q`, their number `n`, fields before the request-URI `h`, those from its end to the referrer's
 * beginning `m`, what follows the user agent `tail`. There are 7 pieces where request-URI, referrer and user agent are
 * quoted, 5 where the referrer is `-`, 1 where all three are, more where a request-URI holds quotes. (Counting from the
 * end of a list costs the engine several times as much as from its beginning.)
 */
function cut(lines: string): string {
  return `(SELECT *, string_split(q[1], ' ') AS h,
    string_split(CASE n WHEN 7 THEN q[3] WHEN 5 THEN q[3]
      WHEN 1 THEN array_to_string(string_split(q[1], ' ')[10:18], ' ') ELSE q[n - 4] END, ' ') AS m,
    CASE n WHEN 7 THEN q[7] WHEN 5 THEN q[5] WHEN 1 THEN concat(' ', array_to_string(string_split(q[1], ' ')[19:20], ' '))
      ELSE q[n] END AS tail
    FROM (SELECT *, len(q) AS n FROM (SELECT *, string_split(raw, '"') AS q FROM ${lines})))`;
}

const BEFORE_URI = `len(h) = 10 AND h[10] = ''`;
const REFERRER_QUOTED = `len(m) = 8 AND m[1] = '' AND m[8] = ''`;

/** Whether the pieces are where they should be. A request-URI of at most two spaces holds nothing like what follows it. */
const IN_PLACE = `CASE n
  WHEN 7 THEN ${BEFORE_URI} AND ${REFERRER_QUOTED} AND q[5] = ' '
  WHEN 5 THEN ${BEFORE_URI} AND len(m) = 9 AND m[1] = '' AND m[8] = '-' AND m[9] = ''
  WHEN 1 THEN m[1] = '-' AND m[8] = '-' AND m[9] = '-'
  ELSE n > 7 AND ${BEFORE_URI} AND ${REFERRER_QUOTED} AND q[n - 2] = ' '
    AND len(string_split(array_to_string(q[2:n - 5], '"'), ' ')) <= 3 END`;

/** Digits as the engine writes the number again, so that nothing it takes besides (`1e3`, `+5`, `1_0`) is one; or `-`. */
function isNumber(text: string, least: number, most: number): string {
  const number = `TRY_CAST(${text} AS UBIGINT)`;
  return `(${text} = '-' OR (${number} BETWEEN ${least} AND ${most} AND CAST(${number} AS VARCHAR) = ${text}))`;
}

const VERSION = `CASE WHEN starts_with(tail, ' - ') OR tail = ' -' THEN '-' ELSE split_part(tail, ' ', 2) END`;

/** A version id that ends its record may have been cut off. */
const VERSION_IS_WHOLE = `CASE WHEN starts_with(tail, ' - ') OR tail = ' -' THEN true
  ELSE starts_with(tail, ' ') AND split_part(tail, ' ', 2) <> '' AND strlen(tail) > strlen(split_part(tail, ' ', 2)) + 1 END`;

const UNDERSTOOD = `raw IS NOT NULL AND ${IN_PLACE} AND h[1] <> '' AND NOT contains(q[1], '  ')
  AND h[4] = '+0000]' AND length(h[3]) = 21 AND ${isNumber('m[2]', 100, 599)} AND m[3] <> ''
  AND ${isNumber('m[4]', 0, LARGEST_OBJECT_BYTES)}
  AND ${isNumber('m[5]', 0, LARGEST_OBJECT_BYTES)} AND m[6] <> '' AND m[7] <> ''
  AND ${VERSION_IS_WHOLE}`;

/** Names by what they are, the commonest first. */
const OPERATION = `CASE h[8] ${[...LOG_NAMES].map(([name, operation]) => `WHEN ${literal(name)} THEN ${codeOf(operation)}`).join(' ')}
  ELSE CASE WHEN regexp_full_match(h[8], ${literal(KIND_NAMES)}) THEN NULL
    WHEN regexp_full_match(h[8], ${literal(READ_NAMES)}) THEN ${OTHER_READ}
    WHEN regexp_full_match(h[8], ${literal(WRITE_NAMES)}) THEN ${OTHER_WRITE} END END::UTINYINT`;

function codeOf(operation: string): number {
  return (OPERATIONS as readonly string[]).indexOf(operation);
}

/** As IN, which the engine makes a join of. */
function isOneOf(column: string, operations: readonly string[]): string {
  return `(${operations.map((operation) => `${column} = ${codeOf(operation)}`).join(' OR ')})`;
}

/** S3's own lifecycle, of no object. */
const IS_KEYLESS_ACT = `(operation < ${LIST} AND key = '-')`;

/** Only names without an operation are looked at. */
const KIND = `CASE WHEN (operation IS NULL OR ${IS_KEYLESS_ACT}) AND regexp_full_match(name, ${literal(KIND_NAMES)}) THEN name END`;

/** A key without `%` and `+` is as it stands. NULL where its bytes are no UTF-8. */
const KEY = `CASE WHEN key = '-' THEN '' WHEN NOT contains(key, '%') AND NOT contains(key, '+') THEN key
  WHEN regexp_full_match(name, ${literal(ENCODED_ONCE)}) THEN ${urlDecoded('key')} ELSE ${urlDecoded(urlDecoded('key'))} END`;

/** What a log writes as `-` is not given. */
const given = (text: string): string => `nullif(${text}, '-')`;

function read(pieces: string): string {
  const number = (text: string): string => `TRY_CAST(${text} AS UBIGINT)::DOUBLE`;
  const fields = `(SELECT raw, file, ${UNDERSTOOD} AS understood, try_strptime(h[3], '[%d/%b/%Y:%H:%M:%S') AS instant,
    h[2] AS bucket, h[6] AS requester, h[7] AS request_id, h[8] AS name, h[9] AS key, ${OPERATION} AS operation,
    m[2] AS status, m[3] AS error_code, m[4] AS sent, m[5] AS size, ${VERSION} AS version_id FROM ${pieces})`;
  const records = `(SELECT * REPLACE (${KEY} AS key, CASE WHEN NOT ${IS_KEYLESS_ACT} THEN operation END AS operation), ${KIND} AS kind FROM ${fields})`;
  return `(SELECT CASE WHEN understood AND key IS NOT NULL AND (operation IS NOT NULL OR kind IS NOT NULL) THEN instant END AS timestamp, operation, key,
    CASE WHEN operation IS NULL OR ${isOneOf('operation', SIZED)} AND name <> ${literal(PART_READ)} THEN ${number('size')} END AS size,
    CASE WHEN ${isOneOf('operation', READS)} THEN coalesce(${number('sent')}, 0) END AS bytes,
    ${given('bucket')} AS bucket, ${given('version_id')} AS version_id, ${number('status')} AS status,
    ${given('error_code')} AS error_code, requester, ${given('request_id')} AS request_id,
    CASE WHEN understood AND key IS NOT NULL AND instant IS NOT NULL THEN kind END AS kind, raw, file,
    CASE WHEN ${isOneOf('operation', OF_COPIES)} AND name <> ${literal(PLAIN_PART)} THEN ${given('request_id')} END AS copy_id FROM ${records})`;
}
