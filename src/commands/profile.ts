import { Command } from 'commander';
import { formatDiagnostic } from '../model/diagnostic.ts';
import type { GroupBy } from '../model/grouping.ts';
import type { Profile } from '../model/profile.ts';
import type { Versioning } from '../trace/trace.ts';
import { checkOutputs, type OutputFlags, writeDocument } from './outputs.ts';
import {
  addGroupOptions,
  addReadingOptions,
  checkGroups,
  checkInputs,
  checkReading,
  inventoryOption,
  type ReadingFlags,
  readingOptions,
  versioningOption,
} from './run-options.ts';

interface ProfileFlags extends ReadingFlags, OutputFlags {
  readonly inventory: readonly string[];
  readonly versioning?: Versioning;
  readonly groupBy?: GroupBy;
  readonly topGroups?: number;
}

/** `tiercast profile`: what is in a bucket, before anybody asks what it costs. */
export function profileCommand(): Command {
  const command = new Command('profile')
    .summary('show what is in a bucket and how it is read, before asking what it costs')
    .description(
      'Shows the objects of a bucket by class, size, age and last read, when they are read again, the hottest and the coldest\n' +
        'prefixes, who keeps cold data warm, and whether the log is whole.',
    )
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .addOption(inventoryOption())
    .addOption(versioningOption());
  return addReadingOptions(addGroupOptions(command))
    .option('--html <file>', 'write the profile with charts; - for standard output')
    .option('--json <file>', 'write the exact profile; - for standard output')
    .option('--quiet', 'print no table and no progress', false)
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: ProfileFlags) => {
      checkInputs(inputs, flags.inventory);
      checkGroups(flags);
      checkOutputs(flags, [...inputs, ...flags.inventory]);
      checkReading(flags);
      const profile = await profileInputs(inputs, flags);
      const { renderProfile } = await import('../reports/profile.ts');
      const render = async (document: Profile, format: 'json' | 'csv' | 'html'): Promise<string> =>
        (await import('../node/render.ts')).renderProfiled(document, format === 'html' ? 'html' : 'json');
      await writeDocument(profile, flags, render, renderProfile);
    });
}

async function profileInputs(inputs: readonly string[], flags: ProfileFlags): Promise<Profile> {
  const [{ profileFiles }, { progressLine }] = await Promise.all([
    import('../node/profile.ts'),
    import('../node/progress.ts'),
  ]);
  const progress = flags.quiet ? undefined : progressLine(process.stderr);
  const { profile, rejected } = await profileFiles({
    ...readingOptions(flags),
    inputs,
    inventories: flags.inventory,
    ...(flags.versioning !== undefined && { versioning: flags.versioning }),
    ...(flags.groupBy && { groupBy: flags.groupBy }),
    ...(flags.topGroups !== undefined && { topGroups: flags.topGroups }),
    ...(progress && { onProgress: progress.show }),
  }).finally(() => progress?.clear());
  if (!flags.quiet) for (const one of rejected) process.stderr.write(`skipped ${formatDiagnostic(one)}\n`);
  return profile;
}

const HELP = `
A read hands over bytes: GET, SELECT, the source of a copy. What is there is what has not been deleted or overwritten when
the trace ends; an object is cold that nobody read for 90 days (or 30, 7, 1, as the trace is long).

Examples:
  tiercast profile trace.parquet
  tiercast profile --inventory inventory/2026-01-01T01-00Z/manifest.json
  tiercast profile logs/ --group-by prefix:2 --html profile.html
`;
