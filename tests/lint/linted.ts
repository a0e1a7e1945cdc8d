import { readFileSync } from 'node:fs';
import { type Finding, type LintOptions, lint } from '../../src/lint/index.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';

/** us-east-1: Standard 0.023, Standard-IA 0.0125, GIR 0.004, Glacier 0.0036, Deep Archive 0.00099 USD per GB-month. */
export const PRICES: PriceList = parsePriceList(
  JSON.parse(readFileSync(new URL('../../pricing/us-east-1.json', import.meta.url), 'utf8')),
);

export type Options = Partial<LintOptions>;

/** Rules r1, r2, … of the whole bucket, unless they say otherwise, as a configuration's text. */
export function rulesText(list: readonly object[], more: object = {}): string {
  const Rules = list.map((rule, i) => ({ ID: `r${i + 1}`, Status: 'Enabled', Filter: {}, ...rule }));
  return JSON.stringify({ Rules, ...more });
}

/** What one check says of rules, in one line each: `warning r1: …: why. Advice`. */
export function said(check: string, list: readonly object[], options: Options = {}, more: object = {}): string[] {
  return findings(rulesText(list, more), check, options).map(inOneLine);
}

export function findings(text: string, check: string, options: Options = {}): Finding[] {
  return lint(text, { prices: PRICES, ...options }).filter((finding) => finding.check === check);
}

function inOneLine({ severity, rule, what, why, advice }: Finding): string {
  const whose = rule === undefined ? '' : ` ${rule}`;
  return `${severity}${whose}: ${[what, why, advice].filter((part) => part !== undefined).join(' | ')}`;
}

export const transition = (Days: number, StorageClass: string) => ({ Transitions: [{ Days, StorageClass }] });
export const transitions = (...list: readonly (readonly [number, string])[]) => ({
  Transitions: list.map(([Days, StorageClass]) => ({ Days, StorageClass })),
});
export const expire = (Days: number) => ({ Expiration: { Days } });
export const prefix = (Prefix: string) => ({ Filter: { Prefix } });
export const tagged = (Key: string, Value = '1') => ({ Filter: { Tag: { Key, Value } } });
export const removeNoncurrent = (NoncurrentDays: number, NewerNoncurrentVersions?: number) => ({
  NoncurrentVersionExpiration: {
    NoncurrentDays,
    ...(NewerNoncurrentVersions !== undefined && { NewerNoncurrentVersions }),
  },
});
export const noncurrentTransition = (NoncurrentDays: number, StorageClass: string) => ({
  NoncurrentVersionTransitions: [{ NoncurrentDays, StorageClass }],
});
export const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
