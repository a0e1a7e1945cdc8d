import { readdirSync, readFileSync } from 'node:fs';
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { type PriceList, parsePriceList } from '../pricing/price-list.ts';

const FOLDER = new URL('../../pricing/', import.meta.url);

/** Regions whose prices are known, in order of their names. */
export function pricedRegions(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * The bundled price list of a region.
 * @throws UsageError for an unknown region, with the nearest known one
 */
export function regionPrices(region: string): PriceList {
  const regions = pricedRegions();
  if (!regions.includes(region)) {
    const near = nearest(region, regions);
    throw new UsageError(
      `no prices for region ${quoted(region)}; ${near ? `did you mean '${near}'?` : ''} 'tiercast prices' lists the regions`,
    );
  }
  const file = `${region}.json`;
  return parsePriceList(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')), file);
}
