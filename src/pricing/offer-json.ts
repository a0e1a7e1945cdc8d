import { InputError } from '../model/diagnostic.ts';
import type { Offer, OfferDimension, OfferProduct, OfferTerm } from './offer.ts';

/**
 * Reads an offer file in JSON: `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonS3/current/index.json`.
 * @throws InputError naming the file when it is no offer
 */
export function parseOfferJson(text: string, file: string): Offer {
  const json = record(parsed(text, file));
  const products = record(json.products);
  if (typeof json.offerCode !== 'string' || Object.keys(products).length === 0) {
    throw notAnOffer(file, 'it has no "offerCode" and "products"');
  }
  const terms = record(record(json.terms).OnDemand);
  return {
    code: json.offerCode,
    version: word(json.version),
    publicationDate: word(json.publicationDate).slice(0, 10),
    file,
    products: Object.entries(products).map(([sku, product]) => productOf(sku, record(product), record(terms[sku]))),
  };
}

export function notAnOffer(file: string, reason: string): InputError {
  return new InputError([
    { severity: 'error', message: `this is no offer of AWS's Price List: ${reason}`, where: { file } },
  ]);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAnOffer(file, `not valid JSON: ${(error as Error).message}`);
  }
}

function productOf(sku: string, product: Json, terms: Json): OfferProduct {
  const attributes = record(product.attributes);
  const of = (...names: readonly string[]): string => word(names.map((name) => attributes[name]).find(Boolean));
  return {
    sku,
    usageType: of('usagetype', 'usageType'),
    operation: of('operation'),
    volumeType: of('volumeType'),
    regionCode: of('regionCode', 'fromRegionCode'),
    location: of('location', 'fromLocation'),
    locationType: of('locationType', 'fromLocationType'),
    transferType: of('transferType'),
    toLocation: of('toLocation'),
    terms: Object.values(terms).map((term) => termOf(record(term))),
  };
}

function termOf(term: Json): OfferTerm {
  const dimensions = Object.values(record(term.priceDimensions)).map((one) => dimensionOf(record(one)));
  return { effectiveDate: word(term.effectiveDate), dimensions };
}

function dimensionOf(dimension: Json): OfferDimension {
  const prices = Object.entries(record(dimension.pricePerUnit));
  const [currency, price] = prices.find(([currency]) => currency === 'USD') ?? prices[0] ?? ['', ''];
  return {
    description: word(dimension.description),
    beginRange: word(dimension.beginRange),
    endRange: word(dimension.endRange),
    unit: word(dimension.unit),
    price: word(price),
    currency,
  };
}

type Json = Readonly<Record<string, unknown>>;

/** What is no object has nothing in it: what is missing is said where it is needed. */
function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
