import { DEFAULT_SWITCHES } from '../model/assumptions.ts';
import { quoted, UsageError } from '../model/diagnostic.ts';
import { readPriceFile, regionPrices } from '../node/price-files.ts';
import { withFreeTier } from '../pricing/free-tier.ts';
import { type PriceList, withEarlyDeleteMonth } from '../pricing/price-list.ts';
import { DEFAULT_REGION, type RunFlags } from './run-options.ts';

/**
 * The prices of a run: a region's, or those of `--prices`, with the free tier where it is asked for.
 * @throws UsageError for an unknown region and for one that is not the file's; InputError for a file that is no price list
 */
export async function runPrices({
  region,
  prices,
  freeTier,
  assume = DEFAULT_SWITCHES,
}: Pick<RunFlags, 'region' | 'prices' | 'freeTier'> & Partial<Pick<RunFlags, 'assume'>>): Promise<PriceList> {
  const list = prices === undefined ? regionPrices(region ?? DEFAULT_REGION) : await readPriceFile(prices);
  if (region !== undefined && region !== list.region) {
    throw new UsageError(`--prices ${quoted(prices!)} has the prices of ${list.region}, not of ${quoted(region)}`);
  }
  const sold = withEarlyDeleteMonth(list, assume);
  return freeTier ? withFreeTier(sold) : sold;
}
