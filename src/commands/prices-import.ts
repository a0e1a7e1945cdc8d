import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { quoted, UsageError } from '../model/diagnostic.ts';
import type { ImportedOffers } from '../pricing/import-offers.ts';

interface Flags {
  readonly output: string;
  readonly region?: string;
}

/** `tiercast prices import`: AWS's own price files into ours. */
export function pricesImportCommand(): Command {
  return new Command('import')
    .summary("make a price file of offers of AWS's Price List")
    .description(
      "Reads offers of AWS's Price List (AmazonS3, AmazonS3GlacierDeepArchive, AWSDataTransfer; JSON or CSV, plain or " +
        'compressed) and merges them into a price file for --prices. What is not understood is listed on standard ' +
        'error and has no price.',
    )
    .argument('<file...>', 'offer files')
    .option('-o, --output <file>', 'price file, or a folder for one file per region; - for standard output', '-')
    .option('--region <region>', 'the only region that is imported')
    .addHelpText('after', HELP)
    .action(async (files: string[], _flags: Flags, command: Command) => {
      // `tiercast prices` has a --region of its own, and is handed this one.
      const { output, region } = command.optsWithGlobals<Flags>();
      if (files.some((file) => resolve(file) === resolve(output))) {
        throw new UsageError(`${quoted(output)} is an input; the price file would replace it`);
      }
      const [{ importOffers }, { readOffers }, { renderImport }] = await Promise.all([
        import('../pricing/import-offers.ts'),
        import('../node/read-offers.ts'),
        import('../reports/price-import.ts'),
      ]);
      const imported = importOffers(await readOffers(files), region);
      const written = await writePriceFiles(imported, output);
      process.stderr.write(renderImport(imported, written));
    });
}

/** @throws UsageError for several regions without a folder */
async function writePriceFiles({ regions }: ImportedOffers, output: string): Promise<string[]> {
  const { formatPriceList } = await import('../pricing/format-price-list.ts');
  const lists = regions.map(({ list }) => list);
  const isFolder = output !== '-' && (/[/\\]$/.test(output) || (existsSync(output) && statSync(output).isDirectory()));
  if (lists.length > 1 && !isFolder) {
    const names = lists.map(({ region }) => region).join(', ');
    throw new UsageError(
      `the offers have several regions (${names}); name one with --region, or a folder with -o folder/`,
    );
  }
  if (output === '-') {
    process.stdout.write(formatPriceList(lists[0]!));
    return [];
  }
  const { writeTexts } = await import('../node/write-texts.ts');
  const targets = lists.map((list) => ({
    path: isFolder ? join(output, `${list.region}.json`) : output,
    text: formatPriceList(list),
  }));
  await writeTexts(targets, isFolder ? output : undefined);
  return targets.map(({ path }) => path);
}

const HELP = `
AWS publishes the offers at https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonS3/current/us-east-1/index.json
(and AmazonS3GlacierDeepArchive, AWSDataTransfer); a region's bill needs all three.

Examples:
  tiercast prices import s3.json deep-archive.json transfer.json -o prices.json
  tiercast prices import AmazonS3.csv.gz -o regions/
  tiercast prices import AmazonS3.json --region eu-west-1 > eu-west-1.json
`;
