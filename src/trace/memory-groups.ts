import type { GroupBy } from '../model/grouping.ts';
import { isFailed, isUpload, operationOf } from '../model/operation.ts';
import { type Groups, groupText, objectGroups, rowGroups } from './groups.ts';
import type { EventRow, MemoryTrace } from './memory-trace.ts';
import { orderOperation } from './trace.ts';

/** The groups of a trace in memory, and the number of each row's. */
export interface MemoryGroups {
  readonly groups: Groups;
  readonly groupOf?: (row: EventRow) => number;
}

/** @param top groups of keys or tags that are told apart at the most: those of the most bytes, uploaded or else there before */
export function memoryGroups({ requests, hasBuckets }: MemoryTrace, by: GroupBy, top: number): MemoryGroups {
  if (by.kind === 'class' || by.kind === 'size') return { groups: objectGroups(by.kind) };
  const textOf = (row: EventRow): string => groupText(by, row, hasBuckets);
  const bytes = bytesByGroup(requests, textOf);
  const names = [...bytes.keys()].sort((a, b) => bytes.get(b)! - bytes.get(a)! || (a < b ? -1 : 1)).slice(0, top);
  const numbers = new Map(names.map((name, at) => [name, at + 1]));
  return {
    groups: rowGroups(by, names, bytes.size - names.length),
    groupOf: (row) => numbers.get(textOf(row)) ?? 0,
  };
}

/** Bytes uploaded to each group; for an object that is never uploaded, its own. */
function bytesByGroup(events: readonly EventRow[], textOf: (row: EventRow) => string): Map<string, number> {
  const objects = new Map<string, { readonly group: string; uploaded: number; isUploaded: boolean; largest: number }>();
  for (const row of events) {
    const group = textOf(row);
    const name = JSON.stringify([row.bucket, row.key, group]);
    const object = objects.get(name) ?? { group, uploaded: 0, isUploaded: false, largest: 0 };
    objects.set(name, object);
    const size = Number.isNaN(row.size) ? 0 : row.size;
    object.largest = Math.max(object.largest, size);
    const code = orderOperation(row.order);
    if (isFailed(code) || !isUpload(operationOf(code))) continue;
    object.isUploaded = true;
    object.uploaded += size * row.count;
  }
  const bytes = new Map<string, number>();
  for (const { group, uploaded, isUploaded, largest } of objects.values()) {
    bytes.set(group, (bytes.get(group) ?? 0) + (isUploaded ? uploaded : largest));
  }
  return bytes;
}
