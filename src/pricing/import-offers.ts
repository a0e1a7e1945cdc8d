/** Offers of AWS's Price List, merged into price lists of ours: one per region. */
import { InputError, quoted, UsageError } from '../model/diagnostic.ts';
import { USAGE_KINDS, type UsageKind } from '../model/usage-type.ts';
import { mergePrices } from './merge-prices.ts';
import { OFFER_CODES, type Offer, type OfferProduct } from './offer.ts';
import { type KnownProduct, knownProduct, type OfferPrice, pricesOfProduct } from './offer-prices.ts';
import { type PriceList, priceOf } from './price-list.ts';
import { knownPrefix, regionAt } from './regions.ts';

export interface ImportedOffers {
  /** By region; each has a price at least. */
  readonly regions: readonly ImportedRegion[];
  /** Products that are no price here, in the order of the files. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** How many products are of regions that were not asked for. */
  readonly elsewhere: number;
}

export interface ImportedRegion {
  readonly list: PriceList;
  /** What the simulator can meter and the offers do not price. */
  readonly unpriced: readonly UsageKind[];
  /** What had to be decided, in words. */
  readonly notes: readonly string[];
}

/** A product that is no price here, and why. */
export interface NotUnderstood {
  readonly reason: string;
  readonly offer: Offer;
  readonly product: OfferProduct;
}

/**
 * Merges offers. Nothing is guessed: what is not understood is listed, and stays without a price.
 *
 * @param wanted the only region that is wanted
 * @throws InputError for an offer of another service, for prices that contradict each other or cannot be read, and where
 *   there is none at all; UsageError for a region that is not in the offers
 */
export function importOffers(offers: readonly Offer[], wanted?: string): ImportedOffers {
  refuseOtherOffers(offers);
  const all = placed(offers);
  const chosen = all.filter(({ region }) => wanted === undefined || region === undefined || region === wanted);
  const notUnderstood: NotUnderstood[] = [];
  const byRegion = new Map<string, KnownProduct[]>();
  for (const { region, offer, product } of chosen) {
    const known = region === undefined ? NO_REGION : knownProduct(offer, product, region);
    if (typeof known === 'string') notUnderstood.push({ reason: known, offer, product });
    else if (byRegion.has(region!)) byRegion.get(region!)!.push(known);
    else byRegion.set(region!, [known]);
  }
  const regions = [...byRegion].sort(byName).flatMap(([region, products]) => {
    return regionOf(region, products, notUnderstood) ?? [];
  });
  if (regions.length === 0) refuseNothing(all, offers, wanted);
  const order = new Map(chosen.map(({ product }, i) => [product, i]));
  notUnderstood.sort((a, b) => order.get(a.product)! - order.get(b.product)!);
  return { regions, notUnderstood, elsewhere: all.length - chosen.length };
}

const NO_REGION = 'a place whose region is not known';

interface Placed {
  readonly region: string | undefined;
  readonly offer: Offer;
  readonly product: OfferProduct;
}

/** Every product with its region: offers without region codes are placed by the names that others give them. */
function placed(offers: readonly Offer[]): Placed[] {
  const products = offers.flatMap((offer) => offer.products.map((product) => ({ offer, product })));
  const named = new Map(
    products.flatMap(({ product: { regionCode, location } }): [string, string][] =>
      regionCode !== '' && location !== '' ? [[location, regionCode]] : [],
    ),
  );
  return products.map(({ offer, product }) => {
    const { regionCode, location } = product;
    return { region: regionCode || (named.get(location) ?? regionAt(location)), offer, product };
  });
}

function regionOf(
  region: string,
  products: readonly KnownProduct[],
  notUnderstood: NotUnderstood[],
): ImportedRegion | undefined {
  const prefix = prefixOf(region, products);
  const prices: OfferPrice[] = [];
  for (const known of products) {
    const found = known.prefix === prefix ? pricesOfProduct(known) : 'a usage type with the prefix of another place';
    if (typeof found === 'string') notUnderstood.push({ reason: found, offer: known.offer, product: known.product });
    else prices.push(...found);
  }
  if (prices.length === 0) return undefined;
  const { notes, ...merged } = mergePrices(prices);
  const list = { region, prefix, ...merged };
  const unpriced = USAGE_KINDS.filter(({ usageType, operation }) => !priceOf(list, usageType, operation));
  return { list, unpriced, notes };
}

/**
 * What stands before the region's usage types in the offers themselves. Where several do, the one that bills of the
 * region are known to have.
 * @throws InputError when it is open which is the region's
 */
function prefixOf(region: string, products: readonly KnownProduct[]): string {
  const found = new Map(products.map((known) => [known.prefix, known]));
  const expected = knownPrefix(region);
  if (found.size === 1) return products[0]!.prefix;
  if (expected !== undefined && found.has(expected)) return expected;
  const examples = [...found.values()].map(({ product }) => `${product.usageType} (SKU ${product.sku})`);
  throw new InputError(`the usage types of ${region} have several prefixes: ${examples.join(', ')}`);
}

function refuseOtherOffers(offers: readonly Offer[]): void {
  const others = offers.filter(({ code }) => !(OFFER_CODES as readonly string[]).includes(code));
  if (others.length === 0) return;
  throw new InputError(
    others.map(({ code, file }) => ({
      severity: 'error',
      message: `the offer ${quoted(code)} has no prices of S3; ${OFFER_CODES.join(', ')} have`,
      where: { file },
    })),
  );
}

function refuseNothing(all: readonly Placed[], offers: readonly Offer[], wanted: string | undefined): never {
  const regions = [...new Set(all.flatMap(({ region }) => region ?? []))].sort();
  if (wanted !== undefined && !regions.includes(wanted)) {
    const there = regions.length > 0 ? `they have ${regions.join(', ')}` : 'the region of no price in them is known';
    throw new UsageError(`--region: the offers have no prices of ${quoted(wanted)}; ${there}`);
  }
  throw new InputError(`${offers.map(({ file }) => file).join(', ')}: no price in it is of what the simulator meters`);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
