/** How a person names objects: by key or, where there are several buckets, with the bucket's name in front. */
import { InputError, nearest, quoted } from '../model/diagnostic.ts';
import type { TracedObject } from '../trace/memory-trace.ts';

/** `bucket/key`, or the key where no bucket is named. */
export function pathOf({ bucket, key }: TracedObject): string {
  return bucket === '' ? key : `${bucket}/${key}`;
}

/** A text that two objects do not share. */
export function identityOf({ bucket, key }: TracedObject): string {
  return `${bucket}\0${key}`;
}

/** Whether a key, or a bucket and a key, begin with a text. */
export function isUnder(object: TracedObject, prefix: string): boolean {
  return object.key.startsWith(prefix) || pathOf(object).startsWith(prefix);
}

/**
 * The object that a text names, of those that it may name.
 * @param candidates objects of which the key, or the path, is that text
 * @returns undefined when there is none
 * @throws InputError when the key is in several buckets
 */
export function objectNamed<Named extends TracedObject>(candidates: readonly Named[], text: string): Named | undefined {
  const byKey = candidates.filter(({ key }) => key === text);
  const found = byKey.length > 0 ? byKey : candidates;
  if (found.length > 1) {
    const names = found.slice(0, 5).map((object) => quoted(pathOf(object)));
    throw new InputError(`the key ${quoted(text)} is in ${found.length} buckets; name one: ${names.join(', ')}`);
  }
  return found[0];
}

/** What there is in the place of a key or a prefix that is not there. */
export interface Alternatives {
  /** Objects whose names begin with the text. */
  readonly under: number;
  /** The key that was probably meant. */
  readonly meant?: string;
  /** What names begin with: for a prefix, the longest part of it that is there, or some first folders. */
  readonly beginnings?: readonly string[];
}

/** The refusal of a key nobody asked for in the trace. */
export function noSuchKey(text: string, { under, meant }: Alternatives): InputError {
  const count = under === 1 ? '1 key begins' : `${under} keys begin`;
  if (under > 0) return new InputError(`no object ${quoted(text)}; ${count} with it: --prefix ${quoted(text)}`);
  const hint = meant === undefined ? '' : `; did you mean ${quoted(meant)}?`;
  return new InputError(`no request in the trace is of an object ${quoted(text)}${hint}`);
}

/** The refusal of a prefix that no name begins with. */
export function noSuchPrefix(text: string, { beginnings = [] }: Alternatives): InputError {
  const hint = beginnings.length === 0 ? '' : `; there are ${beginnings.map((name) => quoted(name)).join(', ')}`;
  return new InputError(`no key begins with ${quoted(text)}${hint}`);
}

/** Parts of a prefix, longest first, that might be there when the whole is not: up to each of its slashes. */
export function shorterPrefixes(prefix: string): string[] {
  const ends = [...prefix.matchAll(/\//g)].map(({ index }) => index + 1).reverse();
  return ends.map((end) => prefix.slice(0, end)).filter((part) => part !== prefix);
}

/** First folder of a name, or the name where it is in none. */
function firstFolder(path: string): string {
  const end = path.indexOf('/');
  return end < 0 ? path : path.slice(0, end + 1);
}

/** First folders that are named. */
export const MOST_FOLDERS = 5;

/** What a small trace has in the place of a text that names nothing. */
export function alternativesIn(objects: readonly TracedObject[], text: string): Alternatives {
  const paths = objects.map(pathOf);
  const ending = paths.find((path) => path.endsWith(`/${text}`));
  const meant = ending ?? nearest(text, [...objects.map(({ key }) => key), ...paths]);
  const shorter = shorterPrefixes(text).find((part) => objects.some((object) => isUnder(object, part)));
  const folders = [...new Set(paths.map(firstFolder))].sort().slice(0, MOST_FOLDERS);
  return {
    under: objects.filter((object) => isUnder(object, text)).length,
    ...(meant !== undefined && { meant }),
    beginnings: shorter === undefined ? folders : [shorter],
  };
}
