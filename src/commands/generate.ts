import { Command, Option } from 'commander';
import { generate, type Preset, presets } from '../generators/index.ts';
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { parseTimestamp } from '../model/time.ts';

interface Flags {
  readonly objects: number;
  readonly days: number;
  readonly seed: number;
  readonly events?: number;
  readonly start: number;
  readonly output: string;
}

/** `tiercast generate`: writes a synthetic workload. */
export function generateCommand(): Command {
  return new Command('generate')
    .summary('write a synthetic workload')
    .description(
      'Writes a synthetic workload: uploads, reads and deletes of a kind of bucket, object by object.\n' +
        'The same flags give the same bytes.',
    )
    .argument('<preset>', `kind of bucket: ${Object.keys(presets).join(', ')}`)
    .option('--objects <n>', 'objects that are uploaded', wholeNumber('--objects'), 1000)
    .option('--days <n>', 'days from the start', wholeNumber('--days'), 365)
    .option('--seed <n>', 'whole number; each gives another workload', wholeNumber('--seed'), 1)
    .option('--events <n>', 'about how many rows there shall be (scales the reads)', wholeNumber('--events'))
    .addOption(
      new Option('--start <date>', 'first day, UTC')
        .argParser(startDate)
        .default(startDate('2025-01-01'), '2025-01-01'),
    )
    .option('-o, --output <file>', '.csv, .csv.gz or .parquet file; - for CSV on standard output', '-')
    .addHelpText('after', examples)
    .action(async (name: string, flags: Flags) => {
      const workload = generate(presetNamed(name), flags);
      const { streamWorkload, writeWorkload } = await import('../node/write-workload.ts');
      if (flags.output === '-') await streamWorkload(workload, process.stdout);
      else await writeWorkload(workload, flags.output);
    });
}

function presetNamed(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name]!;
  const meant = nearest(name, Object.keys(presets));
  const hint = meant ? `did you mean '${meant}'?` : `there are ${Object.keys(presets).join(', ')}`;
  throw new UsageError(`unknown preset ${quoted(name)}; ${hint}`);
}

function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    if (!/^\d{1,16}$/.test(text)) throw new UsageError(`${flag} must be a whole number, not ${quoted(text)}`);
    return Number(text);
  };
}

function startDate(text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTimestamp(text) : undefined;
  if (milliseconds === undefined) throw new UsageError(`--start must be a date as 2025-01-31, not ${quoted(text)}`);
  return milliseconds / 1000;
}

function examples(): string {
  const width = Math.max(...Object.keys(presets).map((name) => name.length));
  const lines = Object.values(presets).map(({ name, imitates }) => `  ${name.padEnd(width)}  ${imitates}`);
  return `
Presets:
${lines.join('\n')}

Examples:
  tiercast generate video --objects 5000 --days 90 -o video.csv
  tiercast generate data-lake --objects 100000 --events 10000000 -o lake.parquet
  tiercast generate backup --seed 7 | head
`;
}
