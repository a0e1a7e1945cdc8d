import { Command } from 'commander';
import { UsageError } from '../model/diagnostic.ts';
import type { Explanation, Question } from '../model/explanation.ts';
import type { KnownInputs } from '../node/compare.ts';
import type { Policy } from '../policies/policy.ts';
import { checkOutputs, writeDocument } from './outputs.ts';
import { addRunOptions, checkRun, filesRead, type RunFlags, runChoices, wholeNumber } from './run-options.ts';

interface ExplainFlags extends RunFlags {
  readonly policy: string;
  readonly key?: string;
  readonly prefix?: string;
  readonly top?: number;
}

/** Objects that are named when nobody says how many. */
const DEFAULT_TOP = 10;

const MOST_TOP = 10_000;

/** `tiercast explain`: where the cost of objects comes from. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .summary('account for the cost of single objects, to the nano-dollar')
    .description(
      'Replays the requests of a bucket through one policy and tells the life of an object with what each event and each\n' +
        'interval of it cost, adding up exactly to its share of the bill; or names the dearest objects.',
    )
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .option(
      '-p, --policy <policy>',
      "a policy's name or file, or label=policy; 'tiercast compare --help' lists them",
      'standard',
    )
    .option('--key <key>', 'the object, by its key; with several buckets as bucket/key')
    .option('--prefix <prefix>', 'objects whose key (or bucket/key) begins so: what they cost, and the dearest of them')
    .option(
      '--top <n>',
      `how many of the dearest objects are named (default: ${DEFAULT_TOP})`,
      wholeNumber('--top', 1, MOST_TOP),
    );
  return addRunOptions(command)
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: ExplainFlags) => {
      checkRun(inputs, flags);
      checkOutputs(flags, filesRead(inputs, flags));
      const asked = questionOf(flags);
      const [{ readPolicies }, { explainAsked }, { runPrices }, { renderExplanation }] = await Promise.all([
        import('./policies.ts'),
        import('./run.ts'),
        import('./run-prices.ts'),
        import('../reports/explanation.ts'),
      ]);
      const choose = (known?: KnownInputs): Policy => readPolicies([flags.policy], runChoices(flags, known))[0]!;
      // What is wrong with the policy is said before anything is read.
      choose();
      const explanation = await explainAsked(inputs, choose, await runPrices(flags), asked, flags);
      const render = async (document: Explanation, format: 'json' | 'csv' | 'html'): Promise<string> =>
        (await import('../node/render.ts')).renderExplained(document, format);
      await writeDocument(explanation, flags, render, renderExplanation);
    });
}

function questionOf({ key, prefix, top }: ExplainFlags): Question {
  if (key === undefined) return { top: top ?? DEFAULT_TOP, ...(prefix !== undefined && { prefix }) };
  if (prefix !== undefined || top !== undefined) {
    throw new UsageError('--key tells one object; --prefix and --top look for several');
  }
  return { key };
}

const HELP = `
Examples:
  tiercast explain access.csv --policy rules.json
  tiercast explain access.csv --key path/to/object --policy rules.json --html explain.html
  tiercast explain access.csv --prefix logs/2024/ --top 20 --policy rules.json
`;
