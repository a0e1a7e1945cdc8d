import { quoted, UsageError } from './diagnostic.ts';

/** By what objects are put into groups: the first folders of the key, a tag's value, the class or the size at upload. */
export type GroupBy =
  | { readonly kind: 'prefix'; readonly depth: number }
  | { readonly kind: 'tag'; readonly key: string }
  | { readonly kind: 'class' }
  | { readonly kind: 'size' };

/** Groups told apart unless told otherwise. */
export const TOP_GROUPS = 10;

/** Folders of a key that a group may be told by. */
const DEEPEST = 20;

/**
 * Reads `prefix:2`, `tag:team`, `class` or `size`.
 * @throws UsageError with the text when it is anything else
 */
export function parseGroupBy(text: string): GroupBy {
  const [kind, value] = text.includes(':')
    ? [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
    : [text];
  if (value === undefined && (kind === 'class' || kind === 'size')) return { kind };
  if (kind === 'tag' && value) return { kind, key: value };
  const depth = kind === 'prefix' && /^\d{1,2}$/.test(value ?? '1') ? Number(value ?? '1') : 0;
  if (depth >= 1 && depth <= DEEPEST) return { kind: 'prefix', depth };
  throw new UsageError(`--group-by ${quoted(text)} is none of prefix:1 to prefix:${DEEPEST}, tag:KEY, class, size`);
}

/** What {@link parseGroupBy} reads. */
export function groupByText(by: GroupBy): string {
  if (by.kind === 'prefix') return `prefix:${by.depth}`;
  return by.kind === 'tag' ? `tag:${by.key}` : by.kind;
}

/** The first folders of a key, each with its `/`: as many as there are, at most `depth`. */
export function prefixOf(key: string, depth: number): string {
  let end = 0;
  for (let folder = 0; folder < depth; folder++) {
    const slash = key.indexOf('/', end);
    if (slash < 0) break;
    end = slash + 1;
  }
  return key.slice(0, end);
}
