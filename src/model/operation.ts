/**
 * What a request did. Codes are ordered as requests of the same instant are taken: uploads, then tags and restores,
 * then reads, then removals, so that a trace in whole seconds means the same whatever the order of its rows.
 */

/** The index in this list is the operation's code in columns. */
export const OPERATIONS = [
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

/** Index into {@link OPERATIONS}. */
export type OperationCode = number;

export const LIST = 0;
export const CREATE_MULTIPART = 1;
export const UPLOAD_PART = 2;
export const COMPLETE_MULTIPART = 3;
export const PUT = 4;
export const POST = 5;
export const COPY = 6;
export const PUT_TAGGING = 7;
export const DELETE_TAGGING = 8;
export const RESTORE = 9;
export const GET = 10;
/** The read of a copy's source, which a log records beside the COPY of its destination. */
export const COPY_SOURCE = 11;
export const SELECT = 12;
export const HEAD = 13;
export const GET_TAGGING = 14;
/** Any other request charged as a GET is: of ACLs, attributes, configurations. */
export const OTHER_READ = 15;
/** Any other request charged as a PUT is. */
export const OTHER_WRITE = 16;
export const ABORT_MULTIPART = 17;
export const DELETE = 18;

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
};

const CODE_BY_SPELLING: ReadonlyMap<string, OperationCode> = new Map(
  OPERATIONS.flatMap((operation, code) => OPERATION_SPELLINGS[operation].map((text) => [text, code] as const)),
);

/** The code of an operation in any spelling, without regard to case; undefined when it is none of them. */
export function operationCode(text: string): OperationCode | undefined {
  return CODE_BY_SPELLING.get(text.trim().toUpperCase());
}
