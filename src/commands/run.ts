/** What `compare`, `simulate` and `explain` have in common: flags → one run of files through policies. */
import type { Comparison } from '../model/comparison.ts';
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import type { Explanation, Question } from '../model/explanation.ts';
import type { Choice, KnownInputs } from '../node/compare.ts';
import type { ExplainFilesOptions } from '../node/explain.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { type RunFlags, readingOptions } from './run-options.ts';

/** Runs the inputs through the policies that are chosen once they were recognised, with progress on standard error, and writes `--rejects`. */
export async function runFiles(
  inputs: readonly string[],
  choose: (known: KnownInputs) => Choice,
  prices: PriceList,
  flags: RunFlags,
): Promise<Comparison> {
  const { compareInputs } = await import('../node/compare.ts');
  return (await withProgress(inputs, flags, (options) => compareInputs(choose, prices, options))).comparison;
}

/** Runs the inputs through a policy in the same way, and explains what was asked for. */
export async function explainAsked(
  inputs: readonly string[],
  choose: (known: KnownInputs) => Policy,
  prices: PriceList,
  asked: Question,
  flags: RunFlags,
): Promise<Explanation> {
  const { explainInputs } = await import('../node/explain.ts');
  return (await withProgress(inputs, flags, (options) => explainInputs(choose, prices, asked, options))).explanation;
}

async function withProgress<Result extends { readonly rejected: readonly Diagnostic[] }>(
  inputs: readonly string[],
  flags: RunFlags,
  run: (options: ExplainFilesOptions) => Promise<Result>,
): Promise<Result> {
  const { progressLine } = await import('../node/progress.ts');
  const progress = flags.quiet ? undefined : progressLine(process.stderr);
  try {
    const result = await run({ ...fileOptions(inputs, flags), ...(progress && { onProgress: progress.show }) });
    progress?.clear();
    if (!flags.quiet)
      for (const diagnostic of result.rejected) process.stderr.write(`skipped ${formatDiagnostic(diagnostic)}\n`);
    return result;
  } finally {
    progress?.clear();
  }
}

function fileOptions(inputs: readonly string[], flags: RunFlags): ExplainFilesOptions {
  return {
    inputs,
    inventories: flags.inventory,
    ...readingOptions(flags),
    ...(flags.from !== undefined && { from: flags.from }),
    ...(flags.until !== undefined && { until: flags.until }),
    charges: {
      ...(flags.account !== undefined && { account: flags.account }),
      requesterPays: flags.requesterPays,
    },
    ...(flags.versioning !== undefined && { versioning: flags.versioning }),
    restoreTier: flags.restoreTier,
    restoreDays: flags.restoreDays,
    ...(flags.groupBy && { groupBy: flags.groupBy }),
    ...(flags.topGroups !== undefined && { topGroups: flags.topGroups }),
    egress: flags.egress,
    switches: flags.assume,
  };
}
