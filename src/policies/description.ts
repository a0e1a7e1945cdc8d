import { quoted } from '../model/diagnostic.ts';
import { type ClassCode, STORAGE_CLASSES } from '../model/storage-class.ts';
import { formatDate } from '../model/time.ts';
import { dueDays, type LifecycleDue, type NoncurrentDue } from './due.ts';
import type { ObjectFilter } from './filters.ts';
import type { IntelligentTieringConfiguration } from './intelligent-tiering-configuration.ts';
import type { LifecycleConfiguration, LifecycleRule } from './lifecycle-configuration.ts';

/** Rules put in words; of more only the number is told. */
const MOST_IN_WORDS = 4;

export interface Described {
  readonly configuration?: LifecycleConfiguration;
  readonly uploadClass?: ClassCode;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
}

/**
 * A policy in one line: `uploads to STANDARD; STANDARD_IA after 30 days, GLACIER_IR after 90 days; expires after 365 days`.
 * Prefixes and tags in it are quoted, with control characters made visible.
 */
export function describeLifecycle({ configuration, uploadClass, intelligentTiering = [] }: Described): string {
  const uploads = `uploads to ${uploadClass === undefined ? 'the class the trace gives' : STORAGE_CLASSES[uploadClass]!}`;
  const rules = [
    ...(configuration?.rules ?? []).filter((rule) => rule.enabled).map(ruleInWords),
    ...intelligentTiering.filter((entry) => entry.enabled).map(tiersInWords),
  ];
  if (rules.length === 0) return `${uploads}; nothing moves or expires`;
  const more = rules.length - MOST_IN_WORDS;
  const told = rules.slice(0, MOST_IN_WORDS);
  return [uploads, ...told, ...(more > 0 ? [`and ${more} more ${more === 1 ? 'rule' : 'rules'}`] : [])].join('; ');
}

function ruleInWords(rule: LifecycleRule): string {
  const { filter, transitions, expiration, abortIncompleteUploadDays: abort } = rule;
  const inOrder = [...transitions].sort((a, b) => dueDays(a) - dueDays(b));
  const moves = inOrder.map((due) => `${STORAGE_CLASSES[due.storageClass]!} ${whenInWords(due)}`).join(', ');
  const actions = [
    ...(moves === '' ? [] : [moves]),
    ...(expiration ? [`expires ${whenInWords(expiration)}`] : []),
    ...noncurrentInWords(rule),
    ...(rule.expiredObjectDeleteMarker ? ['delete markers without versions are removed'] : []),
    ...(abort === undefined ? [] : [`incomplete uploads are aborted ${whenInWords({ days: abort })}`]),
  ];
  return scopeInWords(filter) + (actions.length === 0 ? 'nothing' : actions.join('; '));
}

function noncurrentInWords({ noncurrentTransitions, noncurrentExpiration }: LifecycleRule): string[] {
  const inOrder = [...noncurrentTransitions].sort((a, b) => a.noncurrentDays - b.noncurrentDays);
  const moves = inOrder.map((due) => `${STORAGE_CLASSES[due.storageClass]!} ${noncurrentDueInWords(due)}`).join(', ');
  return [
    ...(moves === '' ? [] : [`noncurrent versions: ${moves}`]),
    ...(noncurrentExpiration ? [`noncurrent versions are removed ${noncurrentDueInWords(noncurrentExpiration)}`] : []),
  ];
}

function noncurrentDueInWords({ noncurrentDays: days, newerNoncurrentVersions: newest }: NoncurrentDue): string {
  const kept = newest === undefined ? '' : ` but for the newest ${newest === 1 ? 'one' : newest}`;
  return whenInWords({ days }) + kept;
}

function tiersInWords({
  filter,
  archiveAccessDays: archive,
  deepArchiveAccessDays: deep,
}: IntelligentTieringConfiguration): string {
  const tiers = [
    ...(archive === undefined ? [] : [`Archive Access after ${archive} days`]),
    ...(deep === undefined ? [] : [`Deep Archive Access after ${deep} days`]),
  ];
  return `${scopeInWords(filter)}Intelligent-Tiering's ${tiers.join(', ')} without access`;
}

export function whenInWords(due: LifecycleDue): string {
  if ('date' in due) return `on ${formatDate(due.date)}`;
  if (due.days === 0) return 'at the next midnight';
  return `after ${due.days} ${due.days === 1 ? 'day' : 'days'}`;
}

function scopeInWords({ prefix = '', tags, sizeGreaterThan, sizeLessThan }: ObjectFilter): string {
  const parts = [
    ...(prefix === '' ? [] : [`under ${quoted(prefix)}`]),
    ...tags.map(({ key, value }) => `tagged ${quoted(`${key}=${value}`)}`),
    ...(sizeGreaterThan === undefined ? [] : [`over ${sizeGreaterThan} bytes`]),
    ...(sizeLessThan === undefined ? [] : [`under ${sizeLessThan} bytes`]),
  ];
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}
