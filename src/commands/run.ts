/** What `compare` and `simulate` have in common: flags → one run of files through policies. */
import type { Comparison } from '../model/comparison.ts';
import { formatDiagnostic } from '../model/diagnostic.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import type { RunFlags } from './run-options.ts';

/** Runs the inputs through the policies, with progress on standard error, and writes `--rejects`. */
export async function runFiles(
  inputs: readonly string[],
  policies: readonly Policy[],
  prices: PriceList,
  flags: RunFlags,
  header: { readonly baseline: string; readonly leftOut: Comparison['leftOut'] },
): Promise<Comparison> {
  const [{ compareFiles }, { progressLine }] = await Promise.all([
    import('../node/compare.ts'),
    import('../node/progress.ts'),
  ]);
  const progress = flags.quiet ? undefined : progressLine(process.stderr);
  try {
    const { comparison, rejected } = await compareFiles(policies, prices, {
      inputs,
      renames: flags.map,
      ...(flags.from !== undefined && { from: flags.from }),
      ...(flags.until !== undefined && { until: flags.until }),
      ...(flags.format !== undefined && { format: flags.format }),
      ...(flags.onBadRow !== undefined && { onBadRow: flags.onBadRow }),
      ...(flags.rejects !== undefined && { rejects: flags.rejects }),
      charges: {
        ...(flags.account !== undefined && { account: flags.account }),
        requesterPays: flags.requesterPays,
      },
      ...(flags.versioning !== undefined && { versioning: flags.versioning }),
      restoreTier: flags.restoreTier,
      restoreDays: flags.restoreDays,
      egress: flags.egress,
      switches: flags.assume,
      ...(flags.threads !== undefined && { threads: flags.threads }),
      ...(flags.memoryLimit !== undefined && { memoryLimit: flags.memoryLimit }),
      ...(progress && { onProgress: progress.show }),
      ...header,
    });
    progress?.clear();
    if (!flags.quiet)
      for (const diagnostic of rejected) process.stderr.write(`skipped ${formatDiagnostic(diagnostic)}\n`);
    return comparison;
  } finally {
    progress?.clear();
  }
}
