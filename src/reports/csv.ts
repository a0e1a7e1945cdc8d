import type { Comparison, GroupsUsed, LineItem, PolicyResult } from '../model/comparison.ts';
import { formatRatio, parseDecimal } from '../model/money.ts';
import { formatGroup } from './groups.ts';

const HEADER = [
  'policy',
  'month',
  'usage_type',
  'operation',
  'component',
  'usage_quantity',
  'usage_unit',
  'pricing_quantity',
  'pricing_unit',
  'rate_usd',
  'cost_usd',
] as const;

/** Every line item of every policy as CSV (RFC 4180), exact; with groups, every group's share of it. */
export function renderCsv({ results, groupBy }: Comparison): string {
  const rows = results.flatMap((result) =>
    groupBy ? sharesOf(result, groupBy) : result.lineItems.map((item) => rowOf(result, item)),
  );
  return csvText([groupBy ? [...HEADER, 'group'] : HEADER, ...rows]);
}

function rowOf({ policy }: PolicyResult, item: LineItem): string[] {
  return [
    policy,
    item.month,
    item.usageType,
    item.operation,
    item.component,
    item.usageQuantity,
    item.usageUnit,
    item.pricingQuantity,
    item.pricingUnit,
    item.rateUSD,
    item.costUSD,
  ];
}

/** By line item, then by group. */
function sharesOf(result: PolicyResult, { by, groups }: GroupsUsed): string[][] {
  const rows: string[][][] = result.lineItems.map(() => []);
  groups.forEach((group, at) => {
    for (const { item, usageQuantity, costUSD } of result.groups![at]!.items) {
      const line = result.lineItems[item]!;
      const pricingQuantity = shareOf(line.pricingQuantity, usageQuantity, line.usageQuantity);
      rows[item]!.push([
        ...rowOf(result, { ...line, usageQuantity, pricingQuantity, costUSD }),
        formatGroup(by, group),
      ]);
    }
  });
  return rows.flat();
}

function shareOf(quantity: string, part: string, whole: string): string {
  const { digits, scale } = parseDecimal(quantity);
  return formatRatio({ numerator: digits * BigInt(part), denominator: BigInt(whole) * 10n ** BigInt(scale) }, 10);
}

/** Rows of fields as CSV (RFC 4180), none of which a spreadsheet takes for a formula. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

/** A spreadsheet takes text that begins with one of these for a formula; an apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function field(text: string): string {
  const inert = FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
