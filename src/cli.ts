#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare.ts';
import { explainCommand } from './commands/explain.ts';
import { generateCommand } from './commands/generate.ts';
import { helpCommand } from './commands/help.ts';
import { ingestCommand } from './commands/ingest.ts';
import { lintCommand } from './commands/lint.ts';
import { pricesCommand } from './commands/prices.ts';
import { profileCommand } from './commands/profile.ts';
import { reportCommand } from './commands/report.ts';
import { simulateCommand } from './commands/simulate.ts';
import { InputError, UsageError } from './model/diagnostic.ts';
import { printableLines } from './model/printable.ts';
import { VERSION } from './model/version.ts';

const EXIT_INPUT = 1;
const EXIT_USAGE = 2;
const EXIT_BUG = 70;

const program = new Command('tiercast')
  .description(
    'Replays the requests of an S3 bucket through storage classes and lifecycle policies, and prints the bills.',
  )
  .version(VERSION, '-V, --version')
  .addHelpText(
    'after',
    `
Examples:
  tiercast compare access.csv --html report.html
  tiercast simulate access.csv --policy rules.json
  tiercast explain access.csv --key path/to/object --policy rules.json
  tiercast ingest logs/ -o trace.parquet
  tiercast profile trace.parquet --html profile.html
  tiercast generate video --objects 100000 --days 365 --seed 7 -o video.csv
  tiercast report result.json --html report.html
  tiercast lint rules.json
  tiercast prices --region eu-west-1
  tiercast help billing

Exit codes: 0 done, 1 the input says no, 2 the command line is wrong, 70 a bug in tiercast.
`,
  );
for (const command of [
  compareCommand(),
  simulateCommand(),
  explainCommand(),
  ingestCommand(),
  profileCommand(),
  generateCommand(),
  reportCommand(),
  lintCommand(),
  pricesCommand(),
]) {
  program.addCommand(command);
}
program.helpCommand(false).addCommand(helpCommand(program));
for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
  command.exitOverride().configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`tiercast: cannot write standard output: ${error.message}\n`);
  process.exit(EXIT_INPUT);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = sayWhatWentWrong(error);
}

/** Says what went wrong on standard error. */
function sayWhatWentWrong(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UsageError) {
    process.stderr.write(`tiercast: ${printableLines(error.message)}\n`);
    return EXIT_USAGE;
  }
  if (error instanceof InputError) {
    process.stderr.write(`${error.diagnostics.length === 1 ? 'tiercast: ' : ''}${error.message}\n`);
    return EXIT_INPUT;
  }
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
  process.stderr.write(
    `${error instanceof Error ? error.stack : String(error)}\n\nThis is a bug in tiercast ${VERSION}. Please report it, with the command and the lines above, to whoever gave you tiercast.\n`,
  );
  return EXIT_BUG;
}
