/** The prices of one region out of several offers. */
import { InputError, quoted } from '../model/diagnostic.ts';
import { formatDecimal } from '../model/money.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import type { Offer } from './offer.ts';
import type { OfferPrice } from './offer-prices.ts';
import type { Price, PriceList, PriceTier } from './price-list.ts';

interface Merged extends Pick<PriceList, 'effectiveDate' | 'sources' | 'prices' | 'periods'> {
  /** What had to be decided, in words. */
  readonly notes: readonly string[];
}

/** A price and the day it came into force. */
interface Dated extends OfferPrice {
  readonly from: string;
}

/**
 * Each usage type and operation once. The list is of the earliest day of a price in it; a price that came into force
 * later says so. Offers of different days give the prices of a SKU by date.
 * @throws InputError for two prices of one usage type and operation, naming the SKUs
 */
export function mergePrices(found: readonly OfferPrice[]): Merged {
  const notes = new Set<string>();
  const histories = grouped(found.map((price) => ({ ...price, from: dayOf(price, notes) }))).map(historyOf);
  histories.sort(([a], [b]) => billOrder(a!) - billOrder(b!));
  const effectiveDate = histories.map(([first]) => first!.from).sort()[0]!;
  const inForce = (day: string): Price[] =>
    histories.map((history) => priceOf(history.findLast(({ from }) => from <= day) ?? history[0]!, effectiveDate));
  const changes = new Set(histories.flatMap((history) => history.slice(1).map(({ from }) => from)));
  const periods = [...changes].sort().map((from) => ({ from, prices: inForce(from) }));
  return {
    effectiveDate,
    sources: Object.fromEntries(found.map(({ offer }) => [sourceKey(offer), sourceText(offer, found)])),
    prices: inForce(effectiveDate),
    ...(periods.length > 0 && { periods }),
    notes: [...notes],
  };
}

function grouped(prices: readonly Dated[]): Dated[][] {
  const groups = new Map<string, Dated[]>();
  for (const price of prices) {
    const name = `${price.usageType} ${price.operation ?? ''}`;
    const group = groups.get(name);
    if (group) group.push(price);
    else groups.set(name, [price]);
  }
  return [...groups.values()];
}

/** The different prices of one usage type and operation, in order of time. */
function historyOf(prices: readonly Dated[]): Dated[] {
  const history: Dated[] = [];
  for (const price of [...prices].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = history.at(-1);
    if (last && ratesOf(last.tiers) === ratesOf(price.tiers)) continue;
    if (last && (last.sku !== price.sku || last.from === price.from)) refuseBoth(last, price);
    history.push(price);
  }
  return history;
}

function refuseBoth(one: Dated, other: Dated): never {
  const of = one.operation === undefined ? '' : ` (operation ${one.operation})`;
  const [a, b] = [one, other].map(({ sku, tiers, offer }) => `SKU ${quoted(sku)} ${ratesOf(tiers)} in ${offer.file}`);
  throw new InputError(`${one.usageType}${of} has two prices: ${a}, and ${b}`);
}

/** `$0.023 up to 51200, then $0.022`: the same text for the same price, however many zeros are written. */
function ratesOf(tiers: readonly PriceTier[]): string {
  const rates = tiers.map(({ to, usd }) => {
    const rate = formatDecimal(usd).replace(/(\.\d*?)0+$/, '$1');
    return `$${rate.replace(/\.$/, '')}${to === null ? '' : ` up to ${to}`}`;
  });
  return rates.join(', then ');
}

function priceOf({ usageType, operation, unit, tiers, offer, from }: Dated, effectiveDate: string): Price {
  return {
    usageType,
    ...(operation !== undefined && { operation }),
    unit,
    tiers,
    source: sourceKey(offer),
    ...(from !== effectiveDate && { effectiveDate: from }),
  };
}

function billOrder({ usageType, operation }: Dated): number {
  const ofType = USAGE_KINDS.findIndex((kind) => kind.usageType === usageType);
  const own = USAGE_KINDS.findIndex((kind) => kind.usageType === usageType && kind.operation === operation);
  return ofType * USAGE_KINDS.length + own;
}

function sourceKey({ code, version }: Offer): string {
  return version === '' ? code : `${code}-${version}`;
}

function sourceText(offer: Offer, found: readonly OfferPrice[]): string {
  const { code, version, publicationDate } = offer;
  const text = `AWS's Price List, offer ${code}${version && `, version ${version}`}${publicationDate && `, published on ${publicationDate}`}.`;
  if (!found.some((price) => price.offer === offer && price.isBeyondFree)) return text;
  return `${text} Its tiers of data transfer out begin beyond the global free tier: the 100 GB a month that AWS gives free over all services and regions (https://aws.amazon.com/s3/pricing/) come first here, all to S3.`;
}

/**
 * The day of an effective date; the day of publication where it cannot be told (`01/03/2018` is in January or in March).
 * @throws InputError when the offer says neither
 */
function dayOf({ effectiveDate, offer }: OfferPrice, notes: Set<string>): string {
  const iso = /^(\d{4}-\d{2}-\d{2})(T|$)/.exec(effectiveDate)?.[1] ?? dayOfSlashes(effectiveDate);
  if (iso !== undefined) return iso;
  const { file, publicationDate } = offer;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(publicationDate)) {
    const message = `the effective date ${quoted(effectiveDate)} is no day, and there is no date of publication`;
    throw new InputError([{ severity: 'error', message, where: { file } }]);
  }
  notes.add(
    `${file}: the effective date ${quoted(effectiveDate)} can be read in more than one way, or in none; the day of publication, ${publicationDate}, is taken`,
  );
  return publicationDate;
}

/** Day and month in either order, where only one order gives a day. */
function dayOfSlashes(text: string): string | undefined {
  const [, a = '', b = '', year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const days = new Set([`${year}-${a}-${b}`, `${year}-${b}-${a}`].filter((day) => day.slice(5, 7) <= '12'));
  return days.size === 1 ? [...days][0] : undefined;
}
