/** The rows of an account in words, the same in the terminal and on the page. */
import type { AccountRow, ObjectShare, ObjectVersion, RequestCount } from '../model/explanation.ts';
import type { RequestOperation } from '../model/operation.ts';
import { formatBytes, formatCount, formatCounted, formatHours, printable } from './format.ts';

/** Operations by their API names. */
const API_NAMES: Readonly<Record<RequestOperation, string>> = {
  LIST: 'ListObjects',
  CREATE_MULTIPART: 'CreateMultipartUpload',
  UPLOAD_PART: 'UploadPart',
  COMPLETE_MULTIPART: 'CompleteMultipartUpload',
  PUT: 'PutObject',
  POST: 'PostObject',
  COPY: 'CopyObject',
  PUT_TAGGING: 'PutObjectTagging',
  DELETE_TAGGING: 'DeleteObjectTagging',
  RESTORE: 'RestoreObject',
  GET: 'GetObject',
  COPY_SOURCE: "read of a copy's source",
  SELECT: 'SelectObjectContent',
  HEAD: 'HeadObject',
  GET_TAGGING: 'GetObjectTagging',
  OTHER_READ: 'other read',
  OTHER_WRITE: 'other write',
  ABORT_MULTIPART: 'AbortMultipartUpload',
  DELETE: 'DeleteObject',
};

/** `2025-02-01 00:00`, with the seconds where there are any. */
export function instantText(instant: string): string {
  return instant.slice(0, instant.endsWith(':00Z') ? 16 : 19).replace('T', ' ');
}

/** What a row tells, as one line. Foreign text in it is printable. */
export function rowWords(row: AccountRow, share: Pick<ObjectShare, 'versionCount'>): string {
  const which = row.version !== undefined && share.versionCount > 1 ? `#${row.version} ` : '';
  return `${which}${eventWords(row)}${row.until === undefined || row.event === 'request' ? '' : lasting(row)}`;
}

function eventWords(row: AccountRow): string {
  const { event, storageClass, tier, size = 0, tags = 0 } = row;
  switch (event) {
    case 'exist':
      return `there before the trace: ${sizeOf(row)} in ${storageClass}`;
    case 'upload':
      return row.requests && row.size !== undefined
        ? `${requestNames(row.requests)} of ${sizeOf(row)} into ${storageClass}`
        : `${formatCounted(row.count ?? 1, 'upload')} into ${storageClass}`;
    case 'request':
      return requestWords(row);
    case 'move':
      return `${times(row)}moved to ${storageClass}${byRule(row)}${early(row)}`;
    case 'tier':
      return `${times(row)}moved to the ${tier} access tier`;
    case 'restore':
      return restoreWords(row);
    case 'mark':
      return `${times(row)}delete marker created${byRule(row)}`;
    case 'noncurrent':
      return `${times(row)}no longer the current version`;
    case 'current':
      return `${times(row)}the current version again`;
    case 'expire':
      return `${times(row)}expired${byRule(row)}${early(row)}`;
    case 'delete':
      return `${times(row)}deleted${early(row)}`;
    case 'overwrite':
      return `${times(row)}overwritten${early(row)}`;
    case 'abort':
      return `unfinished upload aborted${byRule(row)}`;
    case 'stored':
      return `${times(row)}stored in ${storageClass}${tier === undefined ? '' : `, ${tier} access`}`;
    case 'monitored':
      return `${times(row)}monitored by Intelligent-Tiering`;
    case 'tagged':
      return row.tags === undefined ? `${times(row)}tagged` : `has ${formatCounted(tags, 'tag')}`;
    case 'copy':
      return `${times(row)}restored copy in STANDARD`;
    case 'parts':
      return row.size === undefined
        ? `${times(row)}parts of uploads not completed yet`
        : `parts of an upload not completed yet, ${formatBytes(size)}`;
    case 'marked':
      return row.size === undefined ? `${times(row)}delete markers` : `delete marker of ${formatCounted(size, 'byte')}`;
  }
}

/** How many a row tells of that stands for all of a day. */
function times({ version, count }: AccountRow): string {
  return version === undefined && count !== undefined ? `${formatCount(count)} × ` : '';
}

function byRule({ rule }: AccountRow): string {
  return rule === undefined ? '' : ` by rule '${printable(rule)}'`;
}

function early({ items }: AccountRow): string {
  return items.some(({ component }) => component === 'early delete') ? ', before its minimum duration was over' : '';
}

function sizeOf({ size = 0, count }: AccountRow): string {
  return count === undefined ? formatBytes(size) : `${formatCounted(count, 'object')} of ${formatBytes(size)}`;
}

function restoreWords({ tier, readyAt }: AccountRow): string {
  const from = tier === undefined ? '' : ` out of the ${tier} access tier`;
  return `restore${from} begins${readyAt === undefined ? '' : `, ready ${instantText(readyAt)}`}`;
}

function requestWords({ requests = [], waitSeconds }: AccountRow): string {
  const named = requests.map(requestCounted).join(', ');
  return waitSeconds === undefined ? named : `${named}, waits ${formatHours(waitSeconds / 3600)} for a restore`;
}

function requestCounted(request: RequestCount): string {
  const { times, failed = 0, notFound = 0, bytes = 0 } = request;
  const remarks = [
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
    ...(failed > 0 ? [failed === times ? 'failed' : `${formatCount(failed)} failed`] : []),
    ...(notFound > 0 ? [notFound === times ? 'not found' : `${formatCount(notFound)} not found`] : []),
  ];
  return `${requestNames([request])}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}`;
}

function requestNames(requests: readonly RequestCount[]): string {
  return requests
    .map(
      ({ operation, times }) =>
        `${times === 1 ? '' : `${formatCount(times)} × `}${API_NAMES[operation as RequestOperation]}`,
    )
    .join(', ');
}

function lasting({ at, until }: AccountRow): string {
  const hours = (Date.parse(until!) - Date.parse(at)) / 3_600_000;
  return `, ${formatHours(hours)} to ${instantText(until!)}`;
}

/** Where the latest version was and what became of it: `STANDARD → STANDARD_IA 2025-02-01 → deleted 2025-05-01`. */
export function historyWords({ versions, versionCount }: ObjectShare): string {
  const latest = versions.findLast(({ isDeleteMarker }) => !isDeleteMarker);
  if (!latest) return '';
  const stays = latest.stays.map(({ storageClass, from }, at) => `${storageClass}${at === 0 ? '' : ` ${day(from)}`}`);
  const end = latest.removed ? [`${REMOVED[latest.removed.event]} ${day(latest.removed.at)}`] : [];
  const others = versionCount > 1 ? `last of ${formatCount(versionCount)}: ` : '';
  return `${others}${[...stays, ...end].join(' → ')}`;
}

const REMOVED: Readonly<Record<NonNullable<ObjectVersion['removed']>['event'], string>> = {
  expire: 'expired',
  delete: 'deleted',
  overwrite: 'overwritten',
};

function day(instant: string): string {
  return instant.slice(0, 10);
}
