import type { Comparison } from '../model/comparison.ts';

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

/** Every line item of every policy as CSV (RFC 4180), exact. */
export function renderCsv({ results }: Comparison): string {
  const rows = results.flatMap(({ policy, lineItems }) =>
    lineItems.map((item) => [
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
    ]),
  );
  return csvText([HEADER, ...rows]);
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
