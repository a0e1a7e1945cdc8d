/**
 * Archive configurations of S3 Intelligent-Tiering, as `aws s3api get-bucket-intelligent-tiering-configuration` and
 * `list-bucket-intelligent-tiering-configurations` print them.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringConfiguration.html
 */
import { quoted } from '../model/diagnostic.ts';
import type { Checks } from './checks.ts';
import { type ObjectFilter, parseFilter } from './filters.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';

export interface IntelligentTieringConfiguration {
  readonly name: string;
  readonly enabled: boolean;
  readonly filter: ObjectFilter;
  /** 90 to 730; absent when not opted in. */
  readonly archiveAccessDays?: number;
  /** 180 to 730; absent when not opted in. */
  readonly deepArchiveAccessDays?: number;
}

const LEAST_DAYS: Readonly<Record<string, number>> = { ARCHIVE_ACCESS: 90, DEEP_ARCHIVE_ACCESS: 180 };
const MOST_DAYS = 730;
const MOST_CONFIGURATIONS = 1000;

const FIELDS = ['Id', 'Status', 'Filter', 'Tierings'];

/** Fields of what the two commands print, and of a configuration by itself, as put-bucket takes it. */
export const INTELLIGENT_TIERING_FIELDS: readonly string[] = [
  'IntelligentTieringConfiguration',
  'IntelligentTieringConfigurationList',
  'Tierings',
];

/** Reads and checks one configuration or a list of them, bare or in the wrapping either command prints. */
export function parseIntelligentTiering(checks: Checks, value: Json, line?: number): IntelligentTieringConfiguration[] {
  const entries = unwrap(checks, value);
  if (!entries) {
    checks.malformed('intelligentTiering must be a list of configurations', line);
    return [];
  }
  if (entries.length > MOST_CONFIGURATIONS) {
    checks.error(`a bucket has at most ${MOST_CONFIGURATIONS} Intelligent-Tiering configurations`, line);
    return [];
  }
  const seen = new Set<string>();
  return entries.flatMap((entry, i) => {
    const fields = checks.object(entry, `Intelligent-Tiering configuration ${i + 1}`, FIELDS, line);
    if (!fields) return [];
    const id = fields.fields.get('Id');
    const name = typeof id === 'string' && id !== '' ? id : `configuration ${i + 1}`;
    return checks.ofRule(name, () => {
      if (id !== undefined) checks.string(id, "'Id'", fields.line);
      if (seen.has(name)) checks.error('the same Id is given to more than one configuration', fields.line);
      seen.add(name);
      return parseConfiguration(checks, fields, name);
    });
  });
}

function unwrap(checks: Checks, value: Json | undefined): readonly Json[] | undefined {
  if (isArray(value)) return value.items.flatMap((item) => unwrap(checks, item) ?? [item]);
  if (!isObject(value)) return undefined;
  const [one, list] = INTELLIGENT_TIERING_FIELDS.map((field) => value.fields.get(field));
  if (list !== undefined) return unwrapList(checks, value, list);
  if (one === undefined) return [value];
  checks.object(value, 'the output of get-bucket-intelligent-tiering-configuration', [INTELLIGENT_TIERING_FIELDS[0]!]);
  return [one];
}

const LIST_FIELDS = [
  'IntelligentTieringConfigurationList',
  'IsTruncated',
  'ContinuationToken',
  'NextContinuationToken',
];

function unwrapList(checks: Checks, printed: JsonObject, list: Json): readonly Json[] | undefined {
  checks.object(printed, 'the output of list-bucket-intelligent-tiering-configurations', LIST_FIELDS);
  if (printed.fields.get('IsTruncated') === true) {
    checks.error(
      'this list goes on (IsTruncated): print the rest with --continuation-token, and put all into one list',
      printed.line,
    );
  }
  return unwrap(checks, list);
}

function parseConfiguration(
  checks: Checks,
  { fields, line }: JsonObject,
  name: string,
): IntelligentTieringConfiguration {
  const status = fields.get('Status');
  if (status !== 'Enabled' && status !== 'Disabled') checks.malformed("'Status' must be 'Enabled' or 'Disabled'", line);
  const filter = fields.get('Filter');
  if (filter !== undefined && !isObject(filter)) checks.object(filter, 'Filter', [], line);
  const tierings = parseTierings(checks, fields.get('Tierings'), line);
  const [archive, deep] = [tierings.get('ARCHIVE_ACCESS'), tierings.get('DEEP_ARCHIVE_ACCESS')];
  return {
    name,
    enabled: status === 'Enabled',
    filter: isObject(filter) ? parseFilter(checks, filter, false) : { tags: [] },
    ...(archive === undefined ? {} : { archiveAccessDays: archive }),
    ...(deep === undefined ? {} : { deepArchiveAccessDays: deep }),
  };
}

/** Days by access tier. */
function parseTierings(checks: Checks, value: Json | undefined, line: number): Map<string, number> {
  const days = new Map<string, number>();
  const list = checks.array(value, "'Tierings'", line);
  if (list?.items.length === 0) checks.malformed("'Tierings' must name a tier", list.line);
  for (const item of list?.items ?? []) {
    const tiering = checks.object(item, 'a Tiering', ['Days', 'AccessTier'], line);
    const tier = tiering && checks.string(tiering.fields.get('AccessTier'), "'AccessTier'", tiering.line);
    const after = tiering && checks.days(tiering.fields.get('Days'), "'Days'", tiering.line);
    if (tier === undefined || after === undefined) continue;
    const least = LEAST_DAYS[Object.hasOwn(LEAST_DAYS, tier) ? tier : ''];
    if (least === undefined) {
      checks.malformed(
        `'AccessTier' must be ${Object.keys(LEAST_DAYS).join(' or ')}, not ${quoted(tier)}`,
        tiering!.line,
      );
    } else if (after < least) {
      checks.refuse(
        'InvalidArgument',
        `Days specified in ${tier} tier should not be less than ${least}.`,
        tiering!.line,
      );
    } else if (after > MOST_DAYS) {
      checks.refuse(
        'InvalidArgument',
        `Days specified in ${tier} tier should not be more than ${MOST_DAYS}.`,
        tiering!.line,
      );
    } else if (days.has(tier)) {
      checks.malformed(`'AccessTier' ${tier} is given twice`, tiering!.line);
    } else {
      days.set(tier, after);
    }
  }
  return days;
}
