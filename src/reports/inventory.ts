/** What a report says of the inventories a run began with, and of what they cannot tell; plain text, made printable. */
import type { InventoryFacts, Workload } from '../model/comparison.ts';
import { formatCount, formatCounted, formatDay, printable } from './format.ts';

/** `pictures as of 10 March 2025, 01:00 UTC`, one of each bucket. */
export function formatInventories({ buckets }: InventoryFacts): string {
  return buckets
    .map(({ bucket, takenAt }) => `${printable(bucket)} as of ${formatDay(takenAt)}, ${takenAt.slice(11, 16)} UTC`)
    .join('; ');
}

/** What its tiers tell of reads before an inventory; nothing where they tell of none. */
export function impliedReads({ impliedReads }: InventoryFacts): string[] {
  if (impliedReads === 0) return [];
  return [
    `${formatCounted(impliedReads, 'object')} in a warmer tier of Intelligent-Tiering than ${impliedReads === 1 ? 'its' : 'their'} age explains: taken as read 15 or 60 days before the inventory`,
  ];
}

/** Requests of other buckets than the inventories: perhaps those of the wrong bucket. */
export function unlistedBuckets({ inventory, buckets }: Pick<Workload, 'inventory' | 'buckets'>): string[] {
  const listed = new Set(inventory?.buckets.map(({ bucket }) => bucket));
  const others = buckets.filter((bucket) => !listed.has(bucket));
  if (!inventory || others.length === 0) return [];
  const named = others.slice(0, 5).map(printable).join(', ');
  const more = others.length > 5 ? ` and ${formatCount(others.length - 5)} more` : '';
  return [
    `requests of ${named}${more}, which no inventory lists: what is there shows only as far as they tell (--bucket picks)`,
  ];
}

/** What should give a reader pause, as sentences without a full stop. */
export function inventoryNotices(workload: Workload): string[] {
  const { inventory, from, until } = workload;
  if (!inventory) return [];
  const tiers = [...unlistedBuckets(workload), ...impliedReads(inventory)];
  if (inventory.hasRequests) return tiers;
  const days = Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000);
  return [
    ...tiers,
    'an inventory tells no reads: classes that charge for them look cheaper here than they are; add the bucket’s logs',
    `an inventory tells no end either: ${formatCounted(days, 'day')} are billed in which nothing is uploaded or deleted (--until sets another day)`,
  ];
}
