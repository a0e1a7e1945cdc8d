/**
 * Records of CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * and, of S3, https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
import { quoted, quotedValue } from '../model/diagnostic.ts';
import { isUpload, OPERATIONS, operationCode } from '../model/operation.ts';
import type { RowFields } from './row.ts';
import { statusOfError } from './s3-errors.ts';
import type { RowReading } from './source.ts';

export const S3 = 's3.amazonaws.com';
/** Directory buckets: S3 Express One Zone. */
export const S3_EXPRESS = 's3express.amazonaws.com';

/** What a record that is no data event of S3 is counted as. */
export const MANAGEMENT = 'S3 management event';

/** Events that are not replayed: DeleteObjects, since CloudTrail does not tell its keys, and the session of a directory bucket. */
export const NOT_REPLAYED: ReadonlyMap<string, string> = new Map([
  ['DeleteObjects', 'DeleteObjects, whose keys CloudTrail does not tell'],
  ['CreateSession', 'CreateSession'],
]);

/** A part of an upload that is not transferred. */
export const COPIED_PART = 'UploadPartCopy';

/** Names of other data events: what is free, what is charged as a GET is, and as a PUT is. */
const FREE = /^Delete[A-Za-z]+$/;
const READ = /^(Get|Head|List)[A-Za-z]+$/;
const WRITE = /^(Put|Post|Copy|Create|Upload|Update|Rename)[A-Za-z]+$/;

/** A name of the API (`GetObject`), not a short one (`GET`) or one of a log. */
const API_NAME = /^[A-Z][a-z]+[A-Z][A-Za-z0-9]*$/;

interface CloudTrailRecord {
  readonly eventTime?: unknown;
  readonly eventSource?: unknown;
  readonly eventName?: unknown;
  readonly eventID?: unknown;
  readonly errorCode?: unknown;
  readonly managementEvent?: unknown;
  readonly eventCategory?: unknown;
  readonly userIdentity?: Values;
  readonly requestParameters?: Values;
  readonly responseElements?: Values;
  readonly additionalEventData?: Values;
  readonly resources?: unknown;
}

type Values = Readonly<{ [name: string]: unknown }> | null;

/** Reads a record, given as JSON. */
export function readCloudTrailRecord(text: string): RowReading {
  let record: CloudTrailRecord | null;
  try {
    record = JSON.parse(text) as CloudTrailRecord | null;
  } catch {
    return `this is no JSON: ${quoted(text)}`;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return `this is no record of CloudTrail: ${quoted(text)}`;
  }
  try {
    return readEvent(record);
  } catch (error) {
    if (error instanceof NoText) return error.message;
    if (error instanceof RangeError) return `the record has lists within too many lists: ${quoted(text)}`;
    throw error;
  }
}

/** A field that should be text, or absent, is something else. */
class NoText extends Error {}

function readEvent(record: CloudTrailRecord): RowReading {
  const text = (name: string, value: unknown): string => {
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw new NoText(`${name} is no text: ${quotedValue(value)}`);
    if (/\p{Cs}/u.test(value)) throw new NoText(`${name} is no Unicode text: ${quoted(value)}`);
    return value;
  };
  const { requestParameters: parameters, responseElements: response, userIdentity, additionalEventData: more } = record;
  const source = text('eventSource', record.eventSource);
  const name = text('eventName', record.eventName);
  if (source === '' || name === '')
    return `this is no record of CloudTrail: it has no ${source === '' ? 'eventSource' : 'eventName'}`;
  const timestamp = text('eventTime', record.eventTime);
  const kind = kindOf(source, name, amount(record.managementEvent), text('eventCategory', record.eventCategory));
  const operation = operationOf(name);
  if (kind === undefined && operation === undefined) return `operation ${quoted(name)} is unknown`;
  const bucket = bucketOf(text('bucketName', parameters?.bucketName), record.resources);
  if (kind === undefined && bucket === '') return `${name} names no bucket`;
  const errorCode = text('errorCode', record.errorCode).replace(/^(Client|Server)\./, '');
  const code = operation === undefined ? -1 : (OPERATIONS as readonly string[]).indexOf(operation);
  const isMade = isUpload(code) || operation === 'CREATE_MULTIPART';
  const requested = text('versionId', parameters?.versionId);
  const made = text('x-amz-version-id', response?.['x-amz-version-id']);
  const fields: RowFields = {
    timestamp,
    operation: operation ?? name,
    key: text('key', parameters?.key),
    size:
      operation === 'PUT' || operation === 'POST' || (operation === 'UPLOAD_PART' && name !== COPIED_PART)
        ? amount(more?.bytesTransferredIn)
        : '',
    bytes: operation === 'GET' || operation === 'SELECT' ? amount(more?.bytesTransferredOut) : '',
    bucket,
    version_id: isUpload(code) && made !== '' ? made : requested,
    storage_class: isMade ? classOf(text('x-amz-storage-class', parameters?.['x-amz-storage-class']), source) : '',
    status: errorCode === '' ? '' : String(statusOfError(errorCode)),
    error_code: errorCode,
    requester: text('arn', userIdentity?.arn) || text('accountId', userIdentity?.accountId),
    request_id: text('eventID', record.eventID),
  };
  return kind === undefined ? { fields } : { fields, kind };
}

/** What a record is counted as that is no data event to replay. */
function kindOf(source: string, name: string, isManagement: string, category: string): string | undefined {
  if (source !== S3 && source !== S3_EXPRESS) return source;
  if (isManagement === 'true' || (category !== '' && category !== 'Data')) return MANAGEMENT;
  // Old records do not say what they are: then the names of data events tell.
  if (isManagement === '' && category === '' && !isKnown(name) && !NOT_REPLAYED.has(name)) return MANAGEMENT;
  return NOT_REPLAYED.get(name) ?? (!isKnown(name) && FREE.test(name) ? name : undefined);
}

function isKnown(name: string): boolean {
  return API_NAME.test(name) && operationCode(name) !== undefined;
}

function operationOf(name: string): string | undefined {
  if (isKnown(name)) return OPERATIONS[operationCode(name)!];
  if (READ.test(name)) return 'OTHER_READ';
  return WRITE.test(name) ? 'OTHER_WRITE' : undefined;
}

/** A number, or a text that `readRow` reads on. */
function amount(value: unknown): string {
  return value === undefined || value === null ? '' : String(typeof value === 'object' ? JSON.stringify(value) : value);
}

/** The bucket behind an access point is among the resources. */
function bucketOf(name: string, resources: unknown): string {
  if (!name.startsWith('arn:') || !Array.isArray(resources)) return name;
  const found = resources.find(
    (one) => one?.type === 'AWS::S3::Bucket' || one?.type === 'AWS::S3Express::DirectoryBucket',
  );
  return typeof found?.ARN === 'string' ? found.ARN.replace(/^.*[:/]/, '') : name;
}

/** Directory buckets have one class, which their requests do not name. */
function classOf(named: string, source: string): string {
  return named === '' && source === S3_EXPRESS ? 'EXPRESS_ONEZONE' : named;
}
