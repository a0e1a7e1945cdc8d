import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { InputError, nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { type PriceList, parsePriceList } from '../pricing/price-list.ts';
import { readText } from './read-text.ts';

/** As far from `src/node/` as from `dist/node/` and the bundles' `dist/chunks/`. */
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
    const hint = near ? `did you mean '${near}'? ` : '';
    throw new UsageError(`no prices for region ${quoted(region)}; ${hint}'tiercast prices' lists the regions`);
  }
  const file = `${region}.json`;
  return parsePriceList(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')), file);
}

/**
 * The price list in a file: a whole one, or one that changes a bundled one.
 * @throws InputError naming the file, the field and the offending text
 */
export async function readPriceFile(file: string): Promise<PriceList> {
  const json = parsedJson(await readText(file), file);
  if (Object.hasOwn(Object(json), 'offerCode')) {
    throw problem(file, "this is an offer of AWS's Price List; 'tiercast prices import' makes a price file of it");
  }
  try {
    return parsePriceList(json, file, regionPrices);
  } catch (error) {
    // A wrong region in a file is no wrong command line.
    throw error instanceof UsageError ? problem(file, `extends: ${error.message}`) : error;
  }
}

/**
 * The price list that a name stands for: a file, or a region whose prices are bundled.
 * @throws InputError for a file that is none; UsageError for what is neither
 */
export async function pricesNamed(name: string): Promise<PriceList> {
  return /[./\\]/.test(name) || existsSync(name) ? readPriceFile(name) : regionPrices(name);
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem(file, `not valid JSON: ${(error as Error).message}`);
  }
}

function problem(file: string, message: string): InputError {
  return new InputError([{ severity: 'error', message, where: { file } }]);
}
