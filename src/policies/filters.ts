/**
 * Which objects a rule is about.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
 */
import type { Checks } from './checks.ts';
import type { JsonObject } from './json.ts';

interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** Objects that meet all of it; every object when it says nothing. Sizes are in bytes, exclusive. */
export interface ObjectFilter {
  readonly prefix?: string;
  readonly tags: readonly ObjectTag[];
  readonly sizeGreaterThan?: number;
  readonly sizeLessThan?: number;
}

/** The largest bound S3 takes in a size filter. */
const LARGEST_SIZE = 1_099_511_627_776_000;

/** In bytes of UTF-8, as keys are. */
const LONGEST_PREFIX = 1024;
/** In UTF-16 code units, as S3 counts them. */
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;

const SIZES = ['ObjectSizeGreaterThan', 'ObjectSizeLessThan'];

/** A `Filter` as S3's tools print it: nothing, one predicate, or `And` with two or more. `sizes`: whether it may ask for sizes. */
export function parseFilter(checks: Checks, filter: JsonObject, sizes: boolean): ObjectFilter {
  const known = ['Prefix', 'Tag', ...(sizes ? SIZES : []), 'And'];
  if (!checks.object(filter, 'Filter', known)) return { tags: [] };
  if (filter.fields.size > 1) {
    checks.malformed(`Filter must have one of ${known.join(', ')}; several go into And`, filter.line);
  }
  const and = filter.fields.get('And');
  if (and === undefined) {
    const tag = filter.fields.get('Tag');
    return predicates(checks, filter, 'Filter', tag === undefined ? [] : [parseTag(checks, tag, filter.line)]);
  }
  const all = checks.object(and, 'And', ['Prefix', 'Tags', ...(sizes ? SIZES : [])], filter.line);
  return all ? conjunction(checks, all) : { tags: [] };
}

function conjunction(checks: Checks, and: JsonObject): ObjectFilter {
  const list = and.fields.get('Tags');
  const tags = list === undefined ? [] : (checks.array(list, 'Tags', and.line)?.items ?? []);
  const others = [...and.fields.keys()].filter((name) => name !== 'Tags').length;
  if (others + tags.length < 2) checks.malformed('And must have two predicates or more', and.line);
  const parsed = tags.map((tag) => parseTag(checks, tag, and.line));
  if (new Set(parsed.map((tag) => tag.key)).size < parsed.length) {
    checks.refuse('InvalidRequest', 'Duplicate Tag Keys are not allowed.', and.line);
  }
  return predicates(checks, and, 'And', parsed);
}

/** A tag without a value asks for an empty one. */
function parseTag(checks: Checks, value: Parameters<Checks['object']>[0], line: number): ObjectTag {
  const tag = checks.object(value, 'Tag', ['Key', 'Value'], line);
  if (!tag) return { key: '', value: '' };
  const key = checks.string(tag.fields.get('Key'), "'Key' of a Tag", tag.line);
  if (key !== undefined && (key === '' || key.length > LONGEST_TAG_KEY)) {
    checks.refuse('InvalidRequest', `A Tag's Key must be a length between 1 and ${LONGEST_TAG_KEY}.`, tag.line);
  }
  const text = tag.fields.get('Value');
  const asked = text === undefined ? '' : (checks.string(text, "'Value' of a Tag", tag.line) ?? '');
  if (asked.length > LONGEST_TAG_VALUE) {
    checks.refuse('InvalidRequest', `A Tag's Value must be a length between 0 and ${LONGEST_TAG_VALUE}.`, tag.line);
  }
  return { key: key ?? '', value: asked };
}

/** The `Prefix` of a filter, or of a rule in the first version of lifecycle. */
export function parsePrefix(checks: Checks, from: JsonObject, what: string): Pick<ObjectFilter, 'prefix'> {
  const { fields, line } = from;
  if (!fields.has('Prefix')) return {};
  const prefix = checks.string(fields.get('Prefix'), `'Prefix' of ${what}`, line);
  if (prefix === undefined) return {};
  if (new TextEncoder().encode(prefix).length > LONGEST_PREFIX) {
    checks.refuse('InvalidRequest', `The maximum size of a prefix is ${LONGEST_PREFIX}`, line);
  }
  return { prefix };
}

function predicates(checks: Checks, from: JsonObject, what: string, tags: readonly ObjectTag[]): ObjectFilter {
  const { line } = from;
  const greater = size(checks, from, 'ObjectSizeGreaterThan', 0);
  const less = size(checks, from, 'ObjectSizeLessThan', 1);
  if (greater !== undefined && less !== undefined && less <= greater) {
    const message = "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.";
    checks.refuse('InvalidRequest', message, line);
  }
  return {
    tags,
    ...parsePrefix(checks, from, what),
    ...(greater === undefined ? {} : { sizeGreaterThan: greater }),
    ...(less === undefined ? {} : { sizeLessThan: less }),
  };
}

function size(checks: Checks, { fields, line }: JsonObject, name: string, least: number): number | undefined {
  if (!fields.has(name)) return undefined;
  const bytes = checks.integer(fields.get(name), `'${name}'`, line);
  if (bytes === undefined || (bytes >= least && bytes <= LARGEST_SIZE)) return bytes;
  checks.refuse('InvalidRequest', `'${name}' should be between ${least} and ${LARGEST_SIZE}.`, line);
  return undefined;
}

/** As S3's messages name a filter: `(prefix=logs/ and objectsizelessthan=4096)`. */
export function filterInS3Words({ prefix, tags, sizeGreaterThan, sizeLessThan }: ObjectFilter): string {
  const parts = tags.map(({ key, value }) => `tag={key=${key}, value=${value}}`);
  if (prefix !== undefined) parts.unshift(`prefix=${prefix}`);
  if (sizeGreaterThan !== undefined) parts.push(`objectsizegreaterthan=${sizeGreaterThan}`);
  if (sizeLessThan !== undefined) parts.push(`objectsizelessthan=${sizeLessThan}`);
  return `(${parts.join(' and ')})`;
}
