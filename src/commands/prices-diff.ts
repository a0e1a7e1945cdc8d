import { Command } from 'commander';

/** `tiercast prices diff`: what another price list would change. */
export function pricesDiffCommand(): Command {
  return new Command('diff')
    .summary('show what differs between two price lists')
    .description(
      'Compares two price lists, each a region whose prices are known or a price file: what costs more or less, what ' +
        'has a price in one of them only, by usage type and volume tier. Of a list with periods the last is compared.',
    )
    .argument('<before>', 'a region or a price file')
    .argument('<after>', 'another')
    .option('--json', 'print the difference as JSON', false)
    .addHelpText('after', HELP)
    .action(async (before: string, after: string, { json }: { json: boolean }) => {
      const [{ diffPrices }, { pricesNamed }, { renderPriceDiff }] = await Promise.all([
        import('../pricing/diff-prices.ts'),
        import('../node/price-files.ts'),
        import('../reports/price-diff.ts'),
      ]);
      const diff = diffPrices(await pricesNamed(before), await pricesNamed(after));
      process.stdout.write(json ? `${JSON.stringify(diff, undefined, 2)}\n` : renderPriceDiff(diff));
    });
}

const HELP = `
Examples:
  tiercast prices diff us-east-1 eu-west-1
  tiercast prices diff eu-west-1 prices.json --json
`;
