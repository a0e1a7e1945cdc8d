import { Command } from 'commander';
import type { Choice, KnownInputs } from '../node/compare.ts';
import { checkOutputs, writeOutputs } from './outputs.ts';
import {
  addGroupOptions,
  addRunOptions,
  addWhyOption,
  checkRun,
  collect,
  filesRead,
  type RunFlags,
  runChoices,
} from './run-options.ts';

interface CompareFlags extends RunFlags {
  readonly policy: readonly string[];
  readonly baseline?: string;
}

/** `tiercast compare`: the bills of several policies side by side. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .summary('compare the bills of several policies')
    .description(
      'Replays the requests of a bucket through storage classes and lifecycle policies and compares the bills.',
    )
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .option('-p, --policy <policy>', 'a policy, or label=policy (repeatable); see below', collect, [])
    .option(
      '--baseline <policy>',
      'the policy savings are measured against (default: as-is where an inventory says what is, else standard, or the first)',
    );
  return addWhyOption(addGroupOptions(addRunOptions(command)))
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: CompareFlags) => {
      checkRun(inputs, flags);
      checkOutputs(flags, filesRead(inputs, flags));
      const [{ selectPolicies }, { runFiles }, { runPrices }, { explanation }, { renderTable }] = await Promise.all([
        import('./policies.ts'),
        import('./run.ts'),
        import('./run-prices.ts'),
        import('./why.ts'),
        import('../reports/table.ts'),
      ]);
      const prices = await runPrices(flags);
      const explain = explanation(flags.why ?? [], prices);
      const select = (known: KnownInputs): Choice =>
        selectPolicies(flags.policy, flags.baseline, runChoices(flags, known), prices, known.presentClasses);
      // What is wrong with the policies is said before anything is read.
      select({ presentClasses: true });
      const comparison = await runFiles(inputs, select, prices, flags);
      await writeOutputs(comparison, flags, renderTable, explain);
    });
}

const HELP = `
Policies:
  standard, standard-ia, onezone-ia, intelligent-tiering, glacier-ir, glacier, deep-archive, express-onezone
                     every upload goes straight to that class
  as-is              the class each upload names (column storage_class), or an inventory; moved and expired as S3's
                     own records in a log say (S3.TRANSITION_SIA.OBJECT, S3.EXPIRE.OBJECT ...); no rules
  lifecycle-example  Standard, Standard-IA after 30 days, Glacier Instant Retrieval after 90
  rules.json         a lifecycle configuration as 'aws s3api get-bucket-lifecycle-configuration' prints it, or as XML,
                     or { "name", "uploadStorageClass", "lifecycle", "intelligentTiering" }
  tiers.json         as 'aws s3api get-bucket-intelligent-tiering-configuration' prints it: uploads go there
Without --policy: all of them but as-is, which joins where an inventory says what is.

Inputs: S3 server access logs; CloudTrail's data events of S3; CSV (comma, semicolon, tab or bar) and Parquet with the
columns below; plain, gzip or zstd.

Columns of a CSV or Parquet file: timestamp, operation, key, size; optional: bytes, bucket, storage_class, status,
tags, count. Times are ISO 8601 or epoch seconds or milliseconds; without a zone they are UTC.

Examples:
  tiercast compare access.csv --html report.html
  tiercast compare 'logs/*.csv.gz' --policy standard --policy new=rules.json --region eu-west-1
  zcat access.csv.gz | tiercast compare - --json result.json
  tiercast compare access.csv --inventory inventory/manifest.json --policy rules.json
  tiercast compare access.csv --map timestamp=time,key=path --on-bad-row skip --rejects rejects.csv
`;
