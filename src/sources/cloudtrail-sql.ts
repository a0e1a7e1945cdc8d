/** CloudTrail's records as the bulk engine reads them: those without a surprise in them. The others `readCloudTrailRecord` reads. */
import {
  COMPLETE_MULTIPART,
  COPY,
  CREATE_MULTIPART,
  GET,
  operationCode,
  POST,
  PUT,
  SELECT,
  UPLOAD_PART,
} from '../model/operation.ts';
import { LARGEST_OBJECT_BYTES } from '../model/storage-class.ts';
import { COPIED_PART, MANAGEMENT, NOT_REPLAYED, S3, S3_EXPRESS } from './cloudtrail-record.ts';
import type { ColumnNames } from './columns.ts';
import { literal, pathLiteral } from './projection.ts';
import { ERROR_STATUSES } from './s3-errors.ts';
import type { Compression, Relation } from './source.ts';

/** The event columns of a record. */
export const RECORD_COLUMNS: ColumnNames = Object.fromEntries(
  [
    'timestamp',
    'operation',
    'key',
    'size',
    'bytes',
    'bucket',
    'version_id',
    'storage_class',
    'status',
    'error_code',
    'requester',
    'request_id',
  ].map((column) => [column, column]),
);

/** Data events, the commonest first; those of other names are left to the careful reader. */
const EVENTS = [
  'GetObject',
  'PutObject',
  'HeadObject',
  'ListObjects',
  'DeleteObject',
  'UploadPart',
  'CopyObject',
  'CreateMultipartUpload',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'UploadPartCopy',
  'HeadBucket',
  'ListObjectVersions',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'GetObjectAcl',
  'PutObjectAcl',
  'GetObjectAttributes',
  'ListParts',
  'ListMultipartUploads',
  'RestoreObject',
  'SelectObjectContent',
];

/** Where texts are in a record, by the name they have here. */
const TEXTS = {
  time: '$.eventTime',
  source: '$.eventSource',
  name: '$.eventName',
  request_id: '$.eventID',
  error: '$.errorCode',
  category: '$.eventCategory',
  arn: '$.userIdentity.arn',
  account: '$.userIdentity.accountId',
  bucket: '$.requestParameters.bucketName',
  key: '$.requestParameters.key',
  class: '$.requestParameters."x-amz-storage-class"',
  requested: '$.requestParameters.versionId',
  made: '$.responseElements."x-amz-version-id"',
};
const OTHERS = {
  management: '$.managementEvent',
  sent: '$.additionalEventData.bytesTransferredIn',
  given: '$.additionalEventData.bytesTransferredOut',
};

const list = (texts: readonly string[]): string => `[${texts.map(literal).join(', ')}]`;
const PATHS = Object.values({ ...TEXTS, ...OTHERS });
const VALUES = Object.keys({ ...TEXTS, ...OTHERS })
  .map((name, at) => `x[${at + 1}] AS ${name}`)
  .join(', ');

const OPERATION = `CASE name ${EVENTS.map((name) => `WHEN ${literal(name)} THEN ${operationCode(name)}`).join(' ')} END::UTINYINT`;

/** Old records do not say what they are. */
const IS_DATA = `(coalesce(nullif(category, ''), 'Data') = 'Data' AND coalesce(management, 'false') = 'false')`;

const KIND = `CASE WHEN source NOT IN (${literal(S3)}, ${literal(S3_EXPRESS)}) THEN source WHEN NOT ${IS_DATA} THEN ${literal(MANAGEMENT)}
  ELSE CASE name ${[...NOT_REPLAYED].map(([name, kind]) => `WHEN ${literal(name)} THEN ${literal(kind)}`).join(' ')} END END`;

function isAmount(text: string): string {
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  return `(${text} IS NULL OR coalesce(${number} BETWEEN 0 AND ${LARGEST_OBJECT_BYTES} AND ${number} = trunc(${number}), false))`;
}

const UNDERSTOOD = `is_object AND NOT list_has_any(types, ${list(['OBJECT', 'ARRAY', 'BOOLEAN', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE'])})
  AND source <> '' AND name <> '' AND length(time) = 20 AND time[11] = 'T' AND time[20] = 'Z' AND time[5] = '-'
  AND coalesce(management, 'false') IN ('true', 'false') AND ${isAmount('sent')} AND ${isAmount('given')}
  AND NOT starts_with(coalesce(bucket, ''), 'arn:') AND NOT starts_with(coalesce(error, ''), 'Client.') AND NOT starts_with(coalesce(error, ''), 'Server.')`;

const STATUS = `CASE WHEN coalesce(error, '') = '' THEN NULL ELSE CASE error
  ${ERROR_STATUSES.map(([code, status]) => `WHEN ${literal(code)} THEN ${status}`).join(' ')} ELSE 400 END END::DOUBLE`;

/** What the engine reads at once of a text whose size is not known. */
const VALUE_BYTES = 2 ** 24;

/** @param largest bytes of the largest value in a text */
export function cloudTrailRelation(
  paths: readonly string[],
  compression: Compression,
  largest = VALUE_BYTES,
): Relation {
  const documents = `read_json_objects([${paths.map(pathLiteral).join(', ')}], format='unstructured',
    compression=${literal(compression === 'none' ? 'uncompressed' : compression)}, maximum_object_size=${Math.max(largest + 1, VALUE_BYTES)})`;
  const records = `(SELECT unnest(CASE json_type(json) WHEN 'OBJECT' THEN
      CASE WHEN json_type(json, '$.Records') = 'ARRAY' THEN json_extract(json, '$.Records[*]') ELSE [json] END
      WHEN 'ARRAY' THEN json_extract(json, '$[*]') ELSE [json] END) AS record, file_index::UINTEGER AS file FROM ${documents})`;
  const texts = `(SELECT record, file, json_type(record) = 'OBJECT' AS is_object,
    json_extract_string(record, ${list(PATHS)}) AS x, json_type(record, ${list(Object.values(TEXTS))}) AS types FROM ${records})`;
  const values = `(SELECT record::VARCHAR AS raw, file, is_object, types, ${VALUES} FROM ${texts})`;
  const events = `(SELECT *, coalesce(${UNDERSTOOD}, false) AS understood, ${OPERATION} AS operation, ${KIND} AS kind FROM ${values})`;
  return { sql: read(events), columns: RECORD_COLUMNS, time: 'timestamp', leavesRest: true, isExact: true };
}

function read(events: string): string {
  const isOneOf = (codes: readonly number[]): string => `operation IN (${codes.join(', ')})`;
  const isUpload = isOneOf([PUT, POST, COPY, COMPLETE_MULTIPART]);
  return `(SELECT CASE WHEN understood AND (kind IS NOT NULL OR (operation IS NOT NULL AND coalesce(bucket, '') <> '')) THEN TRY_CAST(time AS TIMESTAMP) END AS timestamp,
    operation, coalesce(key, '') AS key,
    CASE WHEN ${isOneOf([PUT, POST, UPLOAD_PART])} AND name <> ${literal(COPIED_PART)} THEN TRY_CAST(sent AS DOUBLE) END AS size,
    CASE WHEN ${isOneOf([GET, SELECT])} THEN TRY_CAST(given AS DOUBLE) END AS bytes,
    coalesce(bucket, '') AS bucket, CASE WHEN ${isUpload} AND made <> '' THEN made ELSE requested END AS version_id,
    CASE WHEN ${isUpload} OR operation = ${CREATE_MULTIPART} THEN
      coalesce(nullif(class, ''), CASE source WHEN ${literal(S3_EXPRESS)} THEN 'EXPRESS_ONEZONE' END) END AS storage_class,
    ${STATUS} AS status, error AS error_code, coalesce(nullif(arn, ''), account) AS requester, request_id,
    CASE WHEN understood AND TRY_CAST(time AS TIMESTAMP) IS NOT NULL THEN kind END AS kind, raw, file FROM ${events})`;
}
