import type { Price, PriceList, PriceTier } from './price-list.ts';

/**
 * What AWS's older free tier gives each month in all regions together, in pricing units: 5 GB-Mo of S3 Standard, 2,000
 * requests charged as PUT and 20,000 charged as GET (https://aws.amazon.com/free/, as for accounts opened before
 * 15 July 2025: later ones get credits instead). Here all of it goes to the one bucket.
 */
const FREE: Readonly<Record<string, bigint>> = {
  'TimedStorage-ByteHrs': 5n,
  'Requests-Tier1': 2_000n,
  'Requests-Tier2': 20_000n,
};

/**
 * A price list with the free tier: each of its usage types begins with a tier at $0, and the volume tiers begin after
 * it, as AWS's own do after the free 100 GB of data transfer. All operations of a usage type share what is free.
 */
export function withFreeTier(list: PriceList): PriceList {
  return {
    ...list,
    prices: list.prices.map(free),
    ...(list.periods && { periods: list.periods.map(({ from, prices }) => ({ from, prices: prices.map(free) })) }),
    freeTier: true,
  };
}

function free(price: Price): Price {
  const quantity = FREE[price.usageType];
  if (quantity === undefined) return price;
  const first: PriceTier = { from: 0n, to: quantity, usd: { digits: 0n, scale: 0 } };
  const later = price.tiers.map((tier) => ({
    ...tier,
    from: tier.from + quantity,
    to: tier.to === null ? null : tier.to + quantity,
  }));
  return { ...price, tiers: [first, ...later] };
}
