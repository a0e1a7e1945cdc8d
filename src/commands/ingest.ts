import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { formatDiagnostic, InputError, quoted, UsageError } from '../model/diagnostic.ts';
import type { IngestResult } from '../node/ingest.ts';
import {
  formatBytes,
  formatCounted,
  formatDay,
  formatFormats,
  formatSkippedFiles,
  printable,
} from '../reports/format.ts';
import { type RowFacts, rowNotices } from '../reports/row-notices.ts';
import { checkOutputs } from './outputs.ts';
import { addReadingOptions, checkReading, type ReadingFlags, readingOptions } from './run-options.ts';

interface IngestFlags extends ReadingFlags {
  readonly output?: string;
  readonly append?: string;
  readonly json?: string;
}

/** `tiercast ingest`: logs into one sorted trace. */
export function ingestCommand(): Command {
  const command = new Command('ingest')
    .summary('write logs as one sorted trace that every later run reads fast')
    .description(
      'Writes the requests of its inputs as one compact trace in order of objects and time (Parquet), which every later\n' +
        'run reads without parsing or sorting again.',
    )
    .argument('<input...>', 'files, folders or globs of any format, or - for standard input')
    .option('-o, --output <file>', 'the trace that is written')
    .option('--append <file>', 'the trace that newer requests are added to; made when it is not there')
    .option('--json <file>', 'write what the trace holds; - for standard output');
  return addReadingOptions(command)
    .option('--quiet', 'print nothing but errors', false)
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: IngestFlags) => {
      const path = targetOf(inputs, flags);
      const [{ ingestFiles }, { progressLine }] = await Promise.all([
        import('../node/ingest.ts'),
        import('../node/progress.ts'),
      ]);
      const progress = flags.quiet ? undefined : progressLine(process.stderr);
      const result = await ingestFiles({
        ...readingOptions(flags),
        inputs,
        output: path,
        append: flags.append !== undefined,
        ...(progress && { onProgress: progress.show }),
      }).finally(() => progress?.clear());
      if (!flags.quiet) {
        for (const one of result.rejected) process.stderr.write(`skipped ${formatDiagnostic(one)}\n`);
      }
      const document = `${JSON.stringify(result.facts, undefined, 2)}\n`;
      if (flags.json !== undefined && flags.json !== '-') await writeText(flags.json, document);
      if (flags.json === '-') process.stdout.write(document);
      else if (!flags.quiet) process.stdout.write(summary(path, result));
    });
}

/** @throws UsageError when there is no trace to write, or two, or what is read would be replaced */
function targetOf(inputs: readonly string[], flags: IngestFlags): string {
  const { output, append, json } = flags;
  if ((output === undefined) === (append === undefined)) {
    throw new UsageError('name the trace: --output writes one, --append adds to one');
  }
  const path = (output ?? append)!;
  if (path === '-') throw new UsageError('a trace is a file, not standard output');
  checkReading(flags);
  checkOutputs(flags, inputs);
  if (inputs.some((input) => resolve(input) === resolve(path))) {
    throw new UsageError(`${quoted(path)} is an input; the trace would replace it`);
  }
  if ([json, flags.rejects].some((other) => other !== undefined && resolve(other) === resolve(path))) {
    throw new UsageError(`two outputs would go to ${quoted(path)}`);
  }
  if (!existsSync(dirname(resolve(path))))
    throw new InputError(`cannot write ${quoted(path)}: there is no such folder`);
  return path;
}

async function writeText(path: string, text: string): Promise<void> {
  const [{ writeAtomically }, { writeFile }] = await Promise.all([
    import('../node/atomic-file.ts'),
    import('node:fs/promises'),
  ]);
  await writeAtomically(path, (temporary) => writeFile(temporary, text));
}

function summary(path: string, { facts, added, bytes, known, skipped }: IngestResult): string {
  const lines: string[] = [];
  if (known.length > 0) {
    const files = known.length === 1 ? printable(known[0]!) : formatCounted(known.length, 'input');
    lines.push(`${files} ${known.length === 1 ? 'is' : 'are'} in the trace already and left out`);
  }
  const more = added < facts.rows ? ` (${added === 0 ? 'none' : formatCounted(added, 'request')} added)` : '';
  lines.push(
    `${printable(path)}: ${formatCounted(facts.rows, 'request')}${more} of ${formatCounted(facts.objects, 'key')}, ${formatDay(facts.first)} to ${formatDay(facts.last)}`,
    `from ${printable(formatFormats(facts.formats))}, ${formatBytes(bytes)}`,
  );
  const notices = rowNotices(rowsOf(facts));
  const skippedFiles = formatSkippedFiles(skipped);
  if (skippedFiles) notices.push(printable(skippedFiles));
  return `${[...lines, ...notices.map((notice) => `! ${notice}`)].join('\n')}\n`;
}

function rowsOf({ rows, rejectedRows, counts, acts = [] }: IngestResult['facts']): RowFacts {
  const otherRows = [...counts.otherRows, ...acts];
  const others = otherRows.reduce((sum, { rows }) => sum + rows, 0);
  return { ...counts, otherRows, rejectedRows, rows: rows + rejectedRows + counts.duplicateRows + others };
}

const HELP = `
The trace is Parquet, zstd, with the columns of an input besides the number of the object and of the run; README has them.
What was ingested before is known by its content, log records by their request id: neither is taken twice. Equal rows of a
CSV are different requests.

Examples:
  tiercast ingest 'logs/2026/**/*.gz' -o trace.parquet
  tiercast ingest logs/2026/11/ --append trace.parquet
  tiercast compare trace.parquet --html report.html
`;
