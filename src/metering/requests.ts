import {
  COMPLETE_MULTIPART,
  COPY,
  COPY_SOURCE,
  CREATE_MULTIPART,
  GET,
  GET_TAGGING,
  HEAD,
  LIST,
  OPERATIONS,
  type OperationCode,
  OTHER_READ,
  OTHER_WRITE,
  POST,
  PUT,
  PUT_TAGGING,
  SELECT,
  UPLOAD_PART,
} from '../model/operation.ts';
import { type ClassCode, STANDARD, STORAGE_CLASSES } from '../model/storage-class.ts';
import { REQUESTED } from '../model/usage-type.ts';

const CLASSES = STORAGE_CLASSES.length;
const FREE = -1;

const KINDS = new Int16Array(OPERATIONS.length * CLASSES).fill(FREE);
for (const [operation, kinds] of [
  [PUT, REQUESTED.put],
  [POST, REQUESTED.post],
  [COPY, REQUESTED.copy],
  [CREATE_MULTIPART, REQUESTED.createMultipart],
  [UPLOAD_PART, REQUESTED.uploadPart],
  [COMPLETE_MULTIPART, REQUESTED.completeMultipart],
  [GET, REQUESTED.get],
  [COPY_SOURCE, REQUESTED.get],
  [SELECT, REQUESTED.select],
  [HEAD, REQUESTED.head],
] as const) {
  kinds.forEach((kind, storageClass) => {
    KINDS[operation * CLASSES + storageClass] = kind;
  });
}
for (const [operation, kind] of [
  [LIST, REQUESTED.list],
  [PUT_TAGGING, REQUESTED.putTagging],
  [GET_TAGGING, REQUESTED.getTagging],
  [OTHER_READ, REQUESTED.otherRead],
  [OTHER_WRITE, REQUESTED.otherWrite],
] as const) {
  KINDS.fill(kind, operation * CLASSES, (operation + 1) * CLASSES);
}

/**
 * The usage kind of a request to an object in a class; -1 when it is free (DELETE, abort, removing tags) or billed
 * otherwise (RESTORE). Writes are charged in the class they go to, LIST and tagging in Standard whatever the class.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
 */
export function requestKind(operation: OperationCode, storageClass: ClassCode): number {
  return KINDS[operation * CLASSES + storageClass]!;
}

/** The kind of a request that finds no object. */
export function strayRequestKind(operation: OperationCode): number {
  return requestKind(operation, STANDARD);
}
