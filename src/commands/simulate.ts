import { Command } from 'commander';
import type { Choice, KnownInputs } from '../node/compare.ts';
import { checkOutputs, writeOutputs } from './outputs.ts';
import {
  addGroupOptions,
  addRunOptions,
  addWhyOption,
  checkRun,
  filesRead,
  type RunFlags,
  runChoices,
} from './run-options.ts';

interface SimulateFlags extends RunFlags {
  readonly policy: string;
}

/** `tiercast simulate`: one policy's bill, line by line and month by month. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .summary('print the bill of one policy, line by line')
    .description(
      'Replays the requests of a bucket through one policy and prints its bill, line by line and month by month.',
    )
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .option(
      '-p, --policy <policy>',
      "a policy's name or file, or label=policy; 'tiercast compare --help' lists them",
      'standard',
    );
  return addWhyOption(addGroupOptions(addRunOptions(command)))
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: SimulateFlags) => {
      checkRun(inputs, flags);
      checkOutputs(flags, filesRead(inputs, flags));
      const [{ readPolicies }, { runFiles }, { runPrices }, { explanation }, { renderBill }] = await Promise.all([
        import('./policies.ts'),
        import('./run.ts'),
        import('./run-prices.ts'),
        import('./why.ts'),
        import('../reports/table.ts'),
      ]);
      const choose = (known?: KnownInputs): Choice => {
        const policies = readPolicies([flags.policy], runChoices(flags, known));
        return { policies, baseline: policies[0]!.name, leftOut: [] };
      };
      // What is wrong with the policy is said before anything is read.
      choose();
      const prices = await runPrices(flags);
      const explain = explanation(flags.why ?? [], prices);
      const comparison = await runFiles(inputs, choose, prices, flags);
      await writeOutputs(comparison, flags, renderBill, explain);
    });
}

const HELP = `
Examples:
  tiercast simulate access.csv --policy rules.json
  tiercast simulate access.csv --policy glacier --restore-tier bulk --restore-days 3
  tiercast simulate access.csv --policy standard-ia --csv bill.csv
  tiercast simulate access.csv --policy standard-ia --why EarlyDelete-SIA --quiet
`;
