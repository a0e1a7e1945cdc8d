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
  'SELECT',
  'HEAD',
  'GET_TAGGING',
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
export const SELECT = 11;
export const HEAD = 12;
export const GET_TAGGING = 13;
export const ABORT_MULTIPART = 14;
export const DELETE = 15;

/** Added to a code: the request failed (status 3xx other than 304, or 4xx), so nothing changed and no bytes moved. */
export const FAILED = 32;
/** Added to a code: the request is not charged (5xx, 301, 307). It failed as well. */
export const UNCHARGED = 64;

/**
 * Spellings a trace may use, upper case: short, API (`GetObject`), log (`REST.GET.OBJECT`).
 * Source of the log names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const OPERATION_SPELLINGS: Readonly<Record<Operation, readonly string[]>> = {
  GET: ['GET', 'GETOBJECT', 'REST.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'READ', 'REST.COPY.OBJECT_GET'],
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
  SELECT: ['SELECT', 'SELECTOBJECTCONTENT', 'REST.SELECT.OBJECT'],
  RESTORE: ['RESTORE', 'RESTOREOBJECT', 'REST.POST.RESTORE'],
  GET_TAGGING: ['GET_TAGGING', 'GETOBJECTTAGGING', 'REST.GET.OBJECT_TAGGING'],
  PUT_TAGGING: ['PUT_TAGGING', 'PUTOBJECTTAGGING', 'REST.PUT.OBJECT_TAGGING'],
  DELETE_TAGGING: ['DELETE_TAGGING', 'DELETEOBJECTTAGGING', 'REST.DELETE.OBJECT_TAGGING'],
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

/** What is added to the operation's code for an HTTP status. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html */
export function statusFlags(status: number): number {
  if (status >= 500 || status === 301 || status === 307) return FAILED | UNCHARGED;
  return status >= 300 && status !== 304 ? FAILED : 0;
}
