import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import type { Finding, LintOptions } from '../lint/index.ts';
import { InputError, quoted, UsageError } from '../model/diagnostic.ts';
import { LARGEST_OBJECT_BYTES } from '../model/storage-class.ts';
import { wantsColor } from './outputs.ts';
import { DEFAULT_REGION } from './run-options.ts';

interface LintFlags {
  readonly versioning?: NonNullable<LintOptions['versioning']>;
  readonly objectSize?: number;
  readonly region?: string;
  readonly prices?: string;
  readonly strict: boolean;
  readonly json: boolean;
}

const EXIT_REFUSED = 1;

/** `tiercast lint`: what S3 would refuse, and what would be regretted. */
export function lintCommand(): Command {
  return new Command('lint')
    .summary('check lifecycle rules before they are put on a bucket')
    .description(
      'Says what S3 would refuse in a lifecycle configuration (error), what it would accept but you would regret (warning), and what is good to know (note).',
    )
    .argument('<rules...>', 'policy files as JSON or XML, or - for standard input')
    .addOption(
      new Option('--versioning <state>', 'of the bucket (default: versioned where a rule acts on versions)').choices([
        'enabled',
        'suspended',
        'unversioned',
      ]),
    )
    .option('--object-size <bytes>', 'typical size of an object, as 200000 or 200KB (default: break-even sizes)', size)
    .option('--region <region>', `region whose prices are used (default: ${DEFAULT_REGION})`)
    .option('--prices <file>', "your own prices: a price file, or one that changes a region's")
    .option('--strict', 'let warnings fail as errors do', false)
    .option('--json', 'print the findings as JSON', false)
    .addHelpText('after', HELP)
    .action(lintFiles);
}

async function lintFiles(files: string[], flags: LintFlags): Promise<void> {
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read only once');
  const [{ renderFindings, findingsJson }, { runPrices }] = await Promise.all([
    import('../lint/render.ts'),
    import('./run-prices.ts'),
  ]);
  const prices = await runPrices({ ...flags, freeTier: false });
  const linted = [];
  for (const file of files) {
    linted.push({ file: file === '-' ? 'standard input' : file, findings: await findingsOf(file, flags, prices) });
  }
  const output = flags.json
    ? findingsJson(linted, prices.region)
    : renderFindings(linted, { color: wantsColor(process.stdout) });
  process.stdout.write(output);
  const fails = (severity: string): boolean => severity === 'error' || (flags.strict && severity === 'warning');
  if (linted.some(({ findings }) => findings.some(({ severity }) => fails(severity)))) process.exitCode = EXIT_REFUSED;
}

async function findingsOf(
  file: string,
  { versioning, objectSize }: LintFlags,
  prices: Parameters<typeof import('../lint/index.ts')['lint']>[1]['prices'],
): Promise<Finding[]> {
  const [{ lint, refusal }, { readText }] = await Promise.all([
    import('../lint/index.ts'),
    import('../node/read-text.ts'),
  ]);
  try {
    return lint(file === '-' ? await text(process.stdin) : await readText(file), {
      prices,
      ...(versioning !== undefined && { versioning }),
      ...(objectSize !== undefined && { objectSize }),
      today: Date.now() / 1000,
    });
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(refusal);
    throw error;
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes, or in S3's binary units. */
function size(flag: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])i?B|B)?$/i.exec(flag.trim()) ?? [];
  const bytes = number === undefined ? Number.NaN : Math.round(Number(number) * UNITS[unit.toUpperCase()]!);
  if (bytes > 0 && bytes <= LARGEST_OBJECT_BYTES) return bytes;
  throw new UsageError(`--object-size ${quoted(flag)} is not a size of an object such as 200000 or 200KB`);
}

const HELP = `
Each finding ends with the name of its check; the README explains them. Exit code 1 when S3 would refuse a file (with
--strict also on warnings), 0 otherwise.

Examples:
  tiercast lint rules.json
  tiercast lint rules.xml --versioning enabled --object-size 200KB
  tiercast lint policies/*.json --strict --json
  aws s3api get-bucket-lifecycle-configuration --bucket BUCKET | tiercast lint -
`;
