import { InputError } from '../model/diagnostic.ts';
import type { Offer } from '../pricing/offer.ts';
import { parseOfferCsv } from '../pricing/offer-csv.ts';
import { parseOfferJson } from '../pricing/offer-json.ts';
import { inspectInput, refuseBinary } from './inputs.ts';
import { decompressed } from './text-stream.ts';

/**
 * Reads offer files of AWS's Price List: JSON or CSV, plain or compressed, recognised by content.
 * @throws InputError naming the file that is none
 */
export async function readOffers(files: readonly string[]): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const file of files) {
    const text = await textOf(file);
    offers.push(/^\s*[[{]/.test(text) ? parseOfferJson(text, file) : parseOfferCsv(text, file));
  }
  return offers;
}

async function textOf(name: string): Promise<string> {
  const file = await inspectInput(name, name, false);
  if (file.container === 'parquet') {
    throw new InputError([{ severity: 'error', message: 'Parquet is no offer file', where: { file: name } }]);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompressed(file)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  refuseBinary(bytes, name);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
