/** Where results go: files whole or not at all, `-` for standard output, a table for a person. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Comparison } from '../model/comparison.ts';
import { InputError, quoted, UsageError } from '../model/diagnostic.ts';
import { printable } from '../model/printable.ts';

export interface OutputFlags {
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly rejects?: string;
  readonly quiet: boolean;
}

const STANDARD_OUTPUT = '-';

/**
 * Refuses before a run what could not be written after it.
 * @throws UsageError when two outputs would be mixed, or one would replace an input; InputError for a folder that is not there
 */
export function checkOutputs({ json, csv, html, rejects }: OutputFlags, inputs: readonly string[]): void {
  const targets = [json, csv, html, rejects].filter((target) => target !== undefined);
  if ([json, csv, html].filter((target) => target === STANDARD_OUTPUT).length > 1) {
    throw new UsageError('only one of --json, --csv and --html can go to standard output');
  }
  const read = new Set(inputs.map((input) => resolve(input)));
  const written = new Set<string>();
  for (const target of targets) {
    if (target === STANDARD_OUTPUT) continue;
    const path = resolve(target);
    if (written.has(path)) throw new UsageError(`two outputs would go to ${quoted(target)}`);
    if (read.has(path)) throw new UsageError(`${quoted(target)} is an input; an output would replace it`);
    if (!existsSync(dirname(path))) throw new InputError(`cannot write ${quoted(target)}: there is no such folder`);
    written.add(path);
  }
}

/** Writes a comparison as {@link writeDocument} does. */
export async function writeOutputs(
  comparison: Comparison,
  flags: OutputFlags,
  table: Table<Comparison>,
  explain?: (comparison: Comparison) => string,
): Promise<void> {
  const render: Render<Comparison> = async (...args) => (await import('../node/render.ts')).render(...args);
  await writeDocument(comparison, flags, render, table, explain);
}

/** A document for a person in a terminal. */
type Table<Document> = (document: Document, options: { color: boolean }) => string;

type Render<Document> = (document: Document, format: 'json' | 'csv' | 'html') => Promise<string>;

/**
 * Writes the files that were asked for, then the table (unless a document takes standard output, or `--quiet`) and what
 * is explained.
 */
export async function writeDocument<Document>(
  document: Document,
  flags: OutputFlags,
  render: Render<Document>,
  table: Table<Document>,
  explain: (document: Document) => string = () => '',
): Promise<void> {
  const written: string[] = [];
  for (const [format, target] of [
    ['json', flags.json],
    ['csv', flags.csv],
    ['html', flags.html],
  ] as const) {
    if (target === undefined) continue;
    const text = await render(document, format);
    if (target === STANDARD_OUTPUT) {
      await print(text);
    } else {
      await writeText(target, text);
      written.push(`${format.toUpperCase()} written to ${printable(target)}\n`);
    }
  }
  const explained = explain(document);
  if (flags.quiet) return print(explained);
  if ([flags.json, flags.csv, flags.html].includes(STANDARD_OUTPUT)) {
    process.stderr.write(written.join(''));
    return;
  }
  const shown = table(document, { color: wantsColor(process.stdout) }) + written.join('');
  await print(explained === '' ? shown : `${shown}\n${explained}`);
}

async function writeText(path: string, text: string): Promise<void> {
  const { writeAtomically } = await import('../node/atomic-file.ts');
  const { writeFile } = await import('node:fs/promises');
  await writeAtomically(path, (temporary) => writeFile(temporary, text));
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Colours on a terminal, unless NO_COLOR is set to anything (https://no-color.org). */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}
