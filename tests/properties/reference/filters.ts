/** Which objects a rule or a configuration is about. */
import type { Filter, Tag, Tags } from './nouns.ts';

export interface FlatFilter {
  readonly Prefix?: string | undefined;
  readonly Tags: readonly Tag[];
  readonly ObjectSizeGreaterThan?: number | undefined;
  readonly ObjectSizeLessThan?: number | undefined;
}

export function flat(filter: Filter = {}): FlatFilter {
  return { Tags: filter.Tag ? [filter.Tag] : [], ...filter, ...filter.And };
}

export function asksForSize(filter: FlatFilter): boolean {
  return filter.ObjectSizeGreaterThan !== undefined || filter.ObjectSizeLessThan !== undefined;
}

export function matchesKey({ Prefix = '' }: FlatFilter, key: string): boolean {
  return key.startsWith(Prefix);
}

export function matchesObject(filter: FlatFilter, { size, tags }: { size: number; tags: Tags }): boolean {
  return (
    filter.Tags.every(({ Key, Value }) => Object.hasOwn(tags, Key) && tags[Key] === Value) &&
    size > (filter.ObjectSizeGreaterThan ?? -1) &&
    size < (filter.ObjectSizeLessThan ?? Infinity)
  );
}

/** A delete marker has neither tags nor a size to ask for. */
export function matchesMarkers(filter: FlatFilter): boolean {
  return filter.Tags.length === 0 && !asksForSize(filter);
}
