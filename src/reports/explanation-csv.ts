import type { AccountRow, Explanation, ObjectShare, ShareItem } from '../model/explanation.ts';
import { rowWords } from './account-words.ts';
import { csvText } from './csv.ts';

const HEADER = [
  'bucket',
  'key',
  'version',
  'version_id',
  'at',
  'until',
  'event',
  'what',
  'storage_class',
  'rule',
  'month',
  'usage_type',
  'operation',
  'component',
  'usage_quantity',
  'usage_unit',
  'pricing_quantity',
  'pricing_unit',
  'cost_usd',
] as const;

/** Every row of an object's account by month and usage type, or each dearest object's share of every line item; exact. */
export function renderExplanationCsv({ objects }: Explanation): string {
  const rows = objects.flatMap((share) => {
    const name = [share.bucket, share.key];
    if (!share.rows) return share.lineItems.map((item) => [...name, ...Array(8).fill(''), ...itemFields(item)]);
    return share.rows.flatMap((row) => {
      const items = row.items.length > 0 ? row.items.map(itemFields) : [[...Array(8).fill(''), row.costUSD]];
      return items.map((item) => [...name, ...rowFields(row, share), ...item]);
    });
  });
  return csvText([HEADER, ...rows]);
}

function rowFields(row: AccountRow, share: ObjectShare): string[] {
  const { version, at, until = '', event, storageClass = '', rule = '' } = row;
  const versionId = share.versions.find((one) => one.version === version)?.versionId ?? '';
  return [String(version ?? ''), versionId, at, until, event, rowWords(row, share), storageClass, rule];
}

function itemFields(item: ShareItem): string[] {
  return [
    item.month,
    item.usageType,
    item.operation,
    item.component,
    item.usageQuantity,
    item.usageUnit,
    item.pricingQuantity,
    item.pricingUnit,
    item.costUSD,
  ];
}
