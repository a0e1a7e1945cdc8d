import { Command } from 'commander';
import { pricesDiffCommand } from './prices-diff.ts';
import { pricesImportCommand } from './prices-import.ts';

/** `tiercast prices`: what is known, from when, from where. */
export function pricesCommand(): Command {
  return new Command('prices')
    .summary('show the prices that are known, and their sources; import and compare price files')
    .description(
      'Lists the regions whose prices are known or, with --region, every price of one, with its date and source.',
    )
    .option('--region <region>', 'the region whose prices are shown')
    .addHelpText('after', HELP)
    .addCommand(pricesImportCommand())
    .addCommand(pricesDiffCommand())
    .action(async ({ region }: { region?: string }) => {
      const { renderPrices, renderRegions } = await import('../reports/prices.ts');
      const { pricedRegions, regionPrices } = await import('../node/price-files.ts');
      const text = region ? renderPrices(regionPrices(region)) : renderRegions(pricedRegions().map(regionPrices));
      process.stdout.write(text);
    });
}

const HELP = `
Examples:
  tiercast prices
  tiercast prices --region eu-west-1
  tiercast prices import AmazonS3.json AmazonS3GlacierDeepArchive.json AWSDataTransfer.json -o prices.json
  tiercast prices diff us-east-1 prices.json
`;
