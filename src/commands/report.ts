import { Command } from 'commander';
import { checkOutputs, type OutputFlags, writeOutputs } from './outputs.ts';
import { addOutputOptions } from './run-options.ts';

/** `tiercast report`: renders a saved result again. */
export function reportCommand(): Command {
  const command = new Command('report')
    .summary('render a saved --json result again')
    .description('Renders a result that --json saved: as a table, and as the files asked for.')
    .argument('<result>', 'file that --json wrote, or - for standard input');
  return addOutputOptions(command)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: OutputFlags) => {
      checkOutputs(flags, [file]);
      const [{ readResult }, { renderTable, renderBill }] = await Promise.all([
        import('../node/read-result.ts'),
        import('../reports/table.ts'),
      ]);
      const comparison = await readResult(file);
      await writeOutputs(comparison, flags, comparison.results.length === 1 ? renderBill : renderTable);
    });
}

const HELP = `
Examples:
  tiercast report result.json --html report.html
  tiercast report result.json --csv - > items.csv
`;
