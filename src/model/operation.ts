/**
 * What a request did, or S3's own lifecycle. Codes are ordered as rows of the same instant are taken: S3's own acts,
 * which are about what is a day old at least, then uploads, then tags and restores, then reads, then removals, so that
 * a trace in whole seconds means the same whatever the order of its rows.
 */
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD_IA,
} from './storage-class.ts';

/** The index in this list is the operation's code in columns. */
export const OPERATIONS = [
  'TRANSITION_STANDARD_IA',
  'TRANSITION_ONEZONE_IA',
  'TRANSITION_INTELLIGENT_TIERING',
  'TRANSITION_GLACIER_IR',
  'TRANSITION_GLACIER',
  'TRANSITION_DEEP_ARCHIVE',
  'EXPIRE',
  'CREATE_DELETE_MARKER',
  'DELETE_UPLOAD',
  'LIST',
  'CREATE_MULTIPART',
  'UPLOAD_PART',
  'COMPLETE_MULTIPART',
  'PUT',
  'POST',
  'COPY',
  'PUT_TAGGING',
  'DELETE_TAGGING',
  'RESTORE',
  'GET',
  'COPY_SOURCE',
  'SELECT',
  'HEAD',
  'GET_TAGGING',
  'OTHER_READ',
  'OTHER_WRITE',
  'ABORT_MULTIPART',
  'DELETE',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** What is not S3's own act. */
export type RequestOperation = Exclude<
  Operation,
  'EXPIRE' | 'CREATE_DELETE_MARKER' | 'DELETE_UPLOAD' | `TRANSITION_${string}`
>;

/** Index into {@link OPERATIONS}. */
export type OperationCode = number;

/** Classes that S3's own transitions go to, by their codes: what is less than {@link EXPIRE}. */
const TRANSITION_TARGETS: readonly ClassCode[] = [
  STANDARD_IA,
  ONEZONE_IA,
  INTELLIGENT_TIERING,
  GLACIER_IR,
  GLACIER,
  DEEP_ARCHIVE,
];
/** S3 removed an object, a version or a delete marker for good. */
export const EXPIRE = 6;
/** S3 covered a current version with a delete marker. */
export const CREATE_DELETE_MARKER = 7;
/** S3 removed the parts of an upload nobody completed. */
export const DELETE_UPLOAD = 8;
export const LIST = 9;
export const CREATE_MULTIPART = 10;
export const UPLOAD_PART = 11;
export const COMPLETE_MULTIPART = 12;
export const PUT = 13;
export const POST = 14;
export const COPY = 15;
export const PUT_TAGGING = 16;
export const DELETE_TAGGING = 17;
export const RESTORE = 18;
export const GET = 19;
/** The read of a copy's source, which a log records beside the COPY of its destination. */
export const COPY_SOURCE = 20;
export const SELECT = 21;
export const HEAD = 22;
export const GET_TAGGING = 23;
/** Any other request charged as a GET is: of ACLs, attributes, configurations. */
export const OTHER_READ = 24;
/** Any other request charged as a PUT is. */
export const OTHER_WRITE = 25;
export const ABORT_MULTIPART = 26;
export const DELETE = 27;

/** Added to a code: the request failed (status 3xx other than 304, or 4xx), so nothing changed and no bytes moved. */
export const FAILED = 32;
/** Added to a code: the bucket's owner is not charged (an error AWS does not bill, or the requester pays). */
export const UNCHARGED = 64;

/** The operation of a code with flags. */
export function operationOf(code: number): OperationCode {
  return code & 31;
}

export function isFailed(code: number): boolean {
  return (code & FAILED) !== 0;
}

export function isCharged(code: number): boolean {
  return (code & UNCHARGED) === 0;
}

/** Whether a row is what S3's own lifecycle did, which is no request, costs nothing by itself and is replayed by `as-is` alone. */
export function isAct(operation: OperationCode): boolean {
  return operation < LIST;
}

/** The class an act moves an object to; undefined when it is no transition. */
export function transitionTarget(operation: OperationCode): ClassCode | undefined {
  return TRANSITION_TARGETS[operation];
}

/** Whether an operation hands over an object's bytes. */
export function isRead(operation: OperationCode): boolean {
  return operation === GET || operation === SELECT || operation === COPY_SOURCE;
}

/** Whether a request may be of the bucket: it needs no key, and costs the same whatever is there. */
export function isOfBucket(operation: OperationCode): boolean {
  return operation === LIST || operation === OTHER_READ || operation === OTHER_WRITE;
}

/** Whether a successful request of this kind makes a new object. */
export function isUpload(operation: OperationCode): boolean {
  return operation === PUT || operation === POST || operation === COPY || operation === COMPLETE_MULTIPART;
}

/**
 * Spellings a trace may use, upper case: short, API (`GetObject`), log (`REST.GET.OBJECT`).
 * Source of the log names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const OPERATION_SPELLINGS: Readonly<Record<Operation, readonly string[]>> = {
  GET: ['GET', 'GETOBJECT', 'REST.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'READ'],
  PUT: ['PUT', 'PUTOBJECT', 'REST.PUT.OBJECT', 'UPLOAD', 'WRITE'],
  HEAD: ['HEAD', 'HEADOBJECT', 'REST.HEAD.OBJECT', 'WEBSITE.HEAD.OBJECT'],
  DELETE: ['DELETE', 'DELETEOBJECT', 'REST.DELETE.OBJECT', 'BATCH.DELETE.OBJECT', 'DELETEOBJECTS'],
  COPY: ['COPY', 'COPYOBJECT', 'REST.COPY.OBJECT'],
  POST: ['POST', 'POSTOBJECT', 'REST.POST.OBJECT'],
  LIST: [
    'LIST',
    'LISTOBJECTS',
    'LISTOBJECTSV2',
    'LISTOBJECTVERSIONS',
    'LISTBUCKET',
    'REST.GET.BUCKET',
    'REST.GET.BUCKETVERSIONS',
  ],
  COPY_SOURCE: ['COPY_SOURCE', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET'],
  SELECT: ['SELECT', 'SELECTOBJECTCONTENT', 'REST.SELECT.OBJECT'],
  RESTORE: ['RESTORE', 'RESTOREOBJECT', 'REST.POST.RESTORE'],
  GET_TAGGING: ['GET_TAGGING', 'GETOBJECTTAGGING', 'REST.GET.OBJECT_TAGGING'],
  PUT_TAGGING: ['PUT_TAGGING', 'PUTOBJECTTAGGING', 'REST.PUT.OBJECT_TAGGING'],
  DELETE_TAGGING: ['DELETE_TAGGING', 'DELETEOBJECTTAGGING', 'REST.DELETE.OBJECT_TAGGING'],
  OTHER_READ: [
    'OTHER_READ',
    'GETOBJECTACL',
    'GETOBJECTATTRIBUTES',
    'GETOBJECTLEGALHOLD',
    'GETOBJECTRETENTION',
    'GETOBJECTTORRENT',
    'HEADBUCKET',
    'REST.GET.ACL',
    'REST.GET.OBJECT_ATTRIBUTES',
    'REST.HEAD.BUCKET',
  ],
  OTHER_WRITE: [
    'OTHER_WRITE',
    'PUTOBJECTACL',
    'PUTOBJECTLEGALHOLD',
    'PUTOBJECTRETENTION',
    'LISTMULTIPARTUPLOADS',
    'LISTPARTS',
    'REST.PUT.ACL',
    'REST.GET.UPLOADS',
    'REST.GET.UPLOAD',
  ],
  CREATE_MULTIPART: ['CREATE_MULTIPART', 'CREATEMULTIPARTUPLOAD', 'INITIATEMULTIPARTUPLOAD', 'REST.POST.UPLOADS'],
  UPLOAD_PART: ['UPLOAD_PART', 'UPLOADPART', 'UPLOADPARTCOPY', 'REST.PUT.PART', 'REST.COPY.PART'],
  COMPLETE_MULTIPART: ['COMPLETE_MULTIPART', 'COMPLETEMULTIPARTUPLOAD', 'REST.POST.UPLOAD'],
  ABORT_MULTIPART: ['ABORT_MULTIPART', 'ABORTMULTIPARTUPLOAD', 'REST.DELETE.UPLOAD'],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
  TRANSITION_STANDARD_IA: ['TRANSITION_STANDARD_IA', 'S3.TRANSITION_SIA.OBJECT'],
  TRANSITION_ONEZONE_IA: ['TRANSITION_ONEZONE_IA', 'S3.TRANSITION_ZIA.OBJECT'],
  TRANSITION_INTELLIGENT_TIERING: ['TRANSITION_INTELLIGENT_TIERING', 'S3.TRANSITION_INT.OBJECT'],
  TRANSITION_GLACIER_IR: ['TRANSITION_GLACIER_IR', 'S3.TRANSITION_GIR.OBJECT'],
  TRANSITION_GLACIER: ['TRANSITION_GLACIER', 'S3.TRANSITION.OBJECT'],
  TRANSITION_DEEP_ARCHIVE: ['TRANSITION_DEEP_ARCHIVE', 'S3.TRANSITION_GDA.OBJECT'],
  EXPIRE: ['EXPIRE', 'S3.EXPIRE.OBJECT'],
  CREATE_DELETE_MARKER: ['CREATE_DELETE_MARKER', 'S3.CREATE.DELETEMARKER'],
  DELETE_UPLOAD: ['DELETE_UPLOAD', 'S3.DELETE.UPLOAD'],
};

const CODE_BY_SPELLING: ReadonlyMap<string, OperationCode> = new Map(
  OPERATIONS.flatMap((operation, code) => OPERATION_SPELLINGS[operation].map((text) => [text, code] as const)),
);

/** The code of an operation in any spelling, without regard to case; undefined when it is none of them. */
export function operationCode(text: string): OperationCode | undefined {
  return CODE_BY_SPELLING.get(text.trim().toUpperCase());
}

/** The names that logs have for S3's own acts, by code: what such rows are counted as. */
export const ACT_NAMES: readonly string[] = OPERATIONS.slice(0, LIST).map(
  (operation) => OPERATION_SPELLINGS[operation][1]!,
);
