/** What a product of an offer prices, if the simulator meters it; else why it does not. Nothing is guessed. */
import { InputError, quoted } from '../model/diagnostic.ts';
import { parseDecimal } from '../model/money.ts';
import { type PricingUnit, USAGE_KINDS } from '../model/usage-type.ts';
import type { Offer, OfferProduct, OfferTerm } from './offer.ts';
import { UNIT_BY_USAGE_TYPE } from './price-fields.ts';
import type { PriceTier } from './price-list.ts';

/** A price found in an offer. */
export interface OfferPrice {
  readonly offer: Offer;
  readonly sku: string;
  readonly usageType: string;
  /** Undefined: of every operation. */
  readonly operation: string | undefined;
  readonly unit: PricingUnit;
  readonly tiers: readonly PriceTier[];
  /** As the offer writes it. */
  readonly effectiveDate: string;
  /** The offer's tiers count from the end of what AWS gives free, which is a tier of its own here. */
  readonly isBeyondFree: boolean;
}

/** A product whose usage type is a known one behind a prefix. */
export interface KnownProduct {
  readonly offer: Offer;
  readonly product: OfferProduct;
  readonly prefix: string;
  readonly usageType: string;
}

const DEEP_ARCHIVE_OFFER = 'AmazonS3GlacierDeepArchive';
const TRANSFER_OFFER = 'AWSDataTransfer';
const TRANSFER = 'DataTransfer-Out-Bytes';

/** `us-east-1`, and no Local Zone, `us-west-2-lax-1`. */
const REGION = /^[a-z]+(-[a-z]+)+-\d+$/;

/**
 * The usage type of a product without the region's prefix, or the reason why it is never metered. It is the end of the
 * product's after a prefix in capitals (`EUC1-`): `Tables-TimedStorage-ByteHrs` is no storage of objects.
 */
export function knownProduct(offer: Offer, product: OfferProduct, region: string): KnownProduct | string {
  const { locationType, transferType, toLocation } = product;
  if (!['', 'AWS Region'].includes(locationType) || !REGION.test(region)) return 'a place that is no AWS Region';
  const found = usageTypeIn(product.usageType);
  if (offer.code === TRANSFER_OFFER) {
    const isToInternet = transferType === 'AWS Outbound' && toLocation === 'External';
    if (found?.usageType !== TRANSFER || !isToInternet) return 'data transfer that is not out to the internet';
  } else if (found?.usageType === TRANSFER) {
    return `data transfer, which the offer ${TRANSFER_OFFER} prices`;
  }
  return found ? { offer, product, ...found } : 'a usage type that is never metered';
}

function usageTypeIn(text: string): { readonly prefix: string; readonly usageType: string } | undefined {
  const [, prefix = '', rest = ''] = /^([A-Z]+\d*-)(.*)$/s.exec(text) ?? [];
  if (UNIT_BY_USAGE_TYPE.has(text)) return { prefix: '', usageType: text };
  // N. Virginia's has none, or on some pages and bills this one.
  return UNIT_BY_USAGE_TYPE.has(rest) ? { prefix: prefix === 'USE1-' ? '' : prefix, usageType: rest } : undefined;
}

/**
 * The prices of a product, one for each on-demand term, or the reason why there is none.
 * @throws InputError naming the SKU for a price or tiers that cannot be read
 */
export function pricesOfProduct(known: KnownProduct): readonly OfferPrice[] | string {
  const { offer, product, usageType } = known;
  const operation = operationOf(known);
  if (typeof operation === 'string') return operation;
  const unit = UNIT_BY_USAGE_TYPE.get(usageType)!;
  const dimensions = product.terms.flatMap((term) => term.dimensions);
  if (dimensions.length === 0) return 'no on-demand price';
  const foreign = dimensions.find(({ currency }) => currency !== 'USD');
  if (foreign) return `a price in ${quoted(foreign.currency)}`;
  const odd = dimensions.find((dimension) => !UNITS[unit].includes(dimension.unit));
  if (odd) return `a price per ${quoted(odd.unit)} of what is priced per ${unit}`;
  return product.terms.map((term) => {
    const isBeyondFree = usageType === TRANSFER && startsBeyondFree(term);
    const tiers = tiersOf(known, term);
    return {
      offer,
      sku: product.sku,
      usageType,
      operation: operation.name,
      unit,
      tiers: isBeyondFree ? afterFree(tiers) : tiers,
      effectiveDate: term.effectiveDate,
      isBeyondFree,
    };
  });
}

/** How offers write the units of price files. */
const UNITS: Readonly<Record<PricingUnit, readonly string[]>> = {
  'GB-Mo': ['GB-Mo'],
  'Objects-Mo': ['Objects', 'Objects-Mo'],
  'Tag-Mo': ['Tag-Mo'],
  Requests: ['Requests'],
  GB: ['GB'],
};

/** Usage types whose price goes by the operation: a transition is not a restore, Deep Archive not Flexible Retrieval. */
const BY_OPERATION = ['Requests-Tier3', 'Requests-Tier4', 'Standard-Retrieval-Bytes', 'Bulk-Retrieval-Bytes'];

/** Operations by the names of offers, lower case, where usage reports have others. */
const ALIASES: Readonly<Record<string, string>> = {
  initiatemultipartupload: 'createmultipartupload',
  deeparchiverestoreobjectbulk: 'deeparchiverestoreobject',
};

/** A string says why the operation is never metered. */
function operationOf({ offer, product, usageType }: KnownProduct): { readonly name: string | undefined } | string {
  const names = USAGE_KINDS.filter((kind) => kind.usageType === usageType).map((kind) => kind.operation);
  const known = (text: string): string | undefined => {
    const lower = text.toLowerCase();
    return names.find((name) => name !== '' && name.toLowerCase() === (ALIASES[lower] ?? lower));
  };
  if (product.operation !== '') {
    const name = known(product.operation);
    return name === undefined ? 'an operation that is never metered' : { name };
  }
  // Overheads of Intelligent-Tiering's archive tiers may be told apart by their volume type alone.
  const byVolume = known(product.volumeType);
  if (byVolume !== undefined) return { name: byVolume };
  if (!BY_OPERATION.includes(usageType)) return { name: undefined };
  const deepArchive = offer.code === DEEP_ARCHIVE_OFFER ? known('DeepArchiveRestoreObject') : undefined;
  return deepArchive === undefined ? 'no operation, where the price goes by it' : { name: deepArchive };
}

/** @throws InputError when the tiers are not one after the other from 0 on */
function tiersOf({ offer, product }: KnownProduct, { dimensions }: OfferTerm): PriceTier[] {
  const refuse = (message: string): never => {
    const { sku, line } = product;
    const where = { file: offer.file, ...(line && { line }) };
    throw new InputError([{ severity: 'error', message: `SKU ${quoted(sku)}: ${message}`, where }]);
  };
  const tiers = dimensions
    .map(({ beginRange, endRange, price }): PriceTier => {
      const from = edgeIn(beginRange) ?? refuse(`beginRange ${quoted(beginRange)} is not a whole number`);
      const to = endRange === 'Inf' ? null : edgeIn(endRange);
      if (to === undefined) return refuse(`endRange ${quoted(endRange)} is not a whole number or Inf`);
      if (!/^\d{1,30}(\.\d{1,30})?$/.test(price)) refuse(`price ${quoted(price)} is not a decimal`);
      return { from, to, usd: parseDecimal(price) };
    })
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let edge: bigint | null = 0n;
  for (const { from, to } of tiers) {
    if (from !== edge) refuse(`a tier begins at ${from} where the tiers before it reach ${edge ?? 'no end'}`);
    edge = to;
  }
  if (edge !== null) refuse(`the tiers end at ${edge}`);
  return tiers;
}

function edgeIn(text: string): bigint | undefined {
  const [, whole] = /^(\d{1,30})(?:\.0+)?$/.exec(text) ?? [];
  return whole === undefined ? undefined : BigInt(whole);
}

/** GB of data transfer out that AWS gives free each month: https://aws.amazon.com/s3/pricing/ */
const FREE_TRANSFER = 100n;

/** In AWS's words: "first 10 TB / month data transfer out beyond the global free tier". */
function startsBeyondFree({ dimensions }: OfferTerm): boolean {
  return dimensions.some(({ description }) => /beyond the global free tier/i.test(description));
}

function afterFree(tiers: readonly PriceTier[]): PriceTier[] {
  const later = tiers.map(({ from, to, usd }) => ({
    from: from + FREE_TRANSFER,
    to: to === null ? null : to + FREE_TRANSFER,
    usd,
  }));
  return [{ from: 0n, to: FREE_TRANSFER, usd: { digits: 0n, scale: 0 } }, ...later];
}
