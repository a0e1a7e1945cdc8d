import { type GroupBy, prefixOf } from '../model/grouping.ts';
import { SIZE_CLASSES, sizeClass } from '../model/size-class.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import { parseTags } from '../model/tags.ts';
import type { History } from './history.ts';
import type { Life } from './life.ts';

/** What there is to say of the groups of a run, by number. */
export interface GroupsData {
  readonly by: GroupBy;
  /** By number. Number 0 is what is in no other group; its name is empty. */
  readonly names: readonly string[];
  /** How many keys' or tags' groups number 0 stands for. */
  readonly unnamed: number;
}

/** The groups of a run: which one a life or a request of no object is in. */
export interface Groups extends GroupsData {
  ofLife(life: Life): number;
  /** What is of a key rather than of an object: delete markers. */
  ofKey(history: History): number;
  /**
   * A request without an object of its own.
   * @param group of the row
   * @param uploadClass of an upload
   */
  ofRequest(group: number, uploadClass?: number): number;
}

/**
 * Groups told by rows, which carry their number ({@link TraceBatch.group}): a life is in the group of the row that begins
 * it, whatever its tags become. Number 0 is of all keys or tags that have no name among them.
 */
export function rowGroups(
  by: GroupBy & { readonly kind: 'prefix' | 'tag' },
  names: readonly string[],
  unnamed: number,
): Groups {
  return {
    by,
    names: ['', ...names],
    unnamed,
    ofLife: ({ group }) => group,
    ofKey: ({ keyGroup }) => keyGroup,
    ofRequest: (group) => group,
  };
}

/** Groups told by what an object is. Number 0 is of requests that find no object, and of delete markers. */
export function objectGroups(kind: 'class' | 'size'): Groups {
  const isClass = kind === 'class';
  return {
    by: { kind },
    names: ['', ...(isClass ? STORAGE_CLASSES : SIZE_CLASSES)],
    unnamed: 0,
    ofLife: isClass ? ({ uploadClass }) => uploadClass + 1 : ({ size }) => sizeClass(size) + 1,
    ofKey: () => 0,
    ofRequest: (_, uploadClass) => (isClass && uploadClass !== undefined ? uploadClass + 1 : 0),
  };
}

/** Groups that tell objects as others do of which only the data is there. */
export function groupsAgain({ by, names, unnamed }: GroupsData): Groups {
  return by.kind === 'class' || by.kind === 'size' ? objectGroups(by.kind) : rowGroups(by, names.slice(1), unnamed);
}

/** The text a row's group is told by: empty for a key without a folder, or a row without the tag. */
export function groupText(
  by: GroupBy,
  { bucket, key, tags }: { bucket: string; key: string; tags: string },
  withBucket: boolean,
): string {
  if (by.kind === 'tag') return parseTags(tags).get(by.key) ?? '';
  const prefix = by.kind === 'prefix' ? prefixOf(key, by.depth) : '';
  return withBucket && bucket !== '' ? `s3://${bucket}/${prefix}` : prefix;
}
