/** How the objects of two rules are related. */
import type { ObjectFilter } from '../policies/filters.ts';

/** Whether every object `inner` takes is one that `outer` takes too. */
export function includes(outer: ObjectFilter, inner: ObjectFilter): boolean {
  const [from, to] = sizes(outer);
  const [least, most] = sizes(inner);
  return (
    (inner.prefix ?? '').startsWith(outer.prefix ?? '') &&
    outer.tags.every((tag) => inner.tags.some(({ key, value }) => key === tag.key && value === tag.value)) &&
    from <= least &&
    to >= most
  );
}

/** Whether an object can be one that both take. */
export function overlaps(one: ObjectFilter, other: ObjectFilter): boolean {
  const [prefix, otherPrefix] = [one.prefix ?? '', other.prefix ?? ''];
  const [from, to] = sizes(one);
  const [least, most] = sizes(other);
  return (
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    one.tags.every((tag) => !other.tags.some(({ key, value }) => key === tag.key && value !== tag.value)) &&
    Math.max(from, least) <= Math.min(to, most)
  );
}

/** The smallest and the largest object a filter takes. */
export function sizes({ sizeGreaterThan, sizeLessThan }: ObjectFilter): readonly [least: number, most: number] {
  return [
    sizeGreaterThan === undefined ? 0 : sizeGreaterThan + 1,
    sizeLessThan === undefined ? Infinity : sizeLessThan - 1,
  ];
}
