/** Which event of an object's life each kind of usage belongs to. */
import type { AccountEvent } from '../model/explanation.ts';
import {
  DEEP_ARCHIVE_RESTORE,
  EARLY_DELETE,
  EARLY_DELETE_FILLER,
  GLACIER_RESTORE,
  MONITORED,
  REQUESTED,
  STORED,
  TAGGED,
  TRANSITION,
  UPLOADED_EXPRESS,
  USAGE_KINDS,
} from '../model/usage-type.ts';

/** An early delete is a part of whatever ended the stay. */
type Cause = AccountEvent | 'removal';

const CAUSES: Cause[] = USAGE_KINDS.map(({ unit, component }) => {
  return component === 'storage' && unit === 'byte-seconds' ? 'stored' : 'request';
});
for (const [cause, kinds] of [
  ['upload', [REQUESTED.put, REQUESTED.post, REQUESTED.copy, REQUESTED.completeMultipart, UPLOADED_EXPRESS].flat()],
  ['move', TRANSITION],
  ['removal', [...EARLY_DELETE, ...EARLY_DELETE_FILLER]],
  ['restore', [GLACIER_RESTORE, DEEP_ARCHIVE_RESTORE].flatMap(Object.values).flatMap(Object.values)],
  ['monitored', [MONITORED]],
  ['tagged', [TAGGED]],
  ['copy', [STORED.glacierCopy, STORED.deepArchiveCopy]],
] as const) {
  for (const kind of kinds) if (kind >= 0) CAUSES[kind] = cause;
}

/** The event of an object's life that a kind of usage is a part of. */
export function causeOf(kind: number): Cause {
  return CAUSES[kind]!;
}

/** Order of what happens at one instant: what ends, what begins, what the policy does, what lasts from then on, what is asked. */
export const EVENT_ORDER: readonly AccountEvent[] = [
  'overwrite',
  'delete',
  'exist',
  'upload',
  'noncurrent',
  'current',
  'expire',
  'abort',
  'mark',
  'move',
  'tier',
  'stored',
  'monitored',
  'tagged',
  'copy',
  'parts',
  'marked',
  'restore',
  'request',
];
