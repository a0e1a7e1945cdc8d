/** Where results go: files whole or not at all, `-` for standard output, a table for a person. */
import type { Comparison } from '../model/comparison.ts';
import { UsageError } from '../model/diagnostic.ts';

export interface OutputFlags {
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly quiet: boolean;
}

const STANDARD_OUTPUT = '-';

/** @throws UsageError when two outputs would be mixed on standard output */
export function checkOutputs({ json, csv, html }: OutputFlags): void {
  const mixed = [json, csv, html].filter((target) => target === STANDARD_OUTPUT).length;
  if (mixed > 1) throw new UsageError('only one of --json, --csv and --html can go to standard output');
}

/** Writes the files that were asked for, then the table (unless a document takes standard output, or `--quiet`). */
export async function writeOutputs(
  comparison: Comparison,
  flags: OutputFlags,
  table: (comparison: Comparison, options: { color: boolean }) => string,
): Promise<void> {
  const written: string[] = [];
  for (const [format, target] of [
    ['json', flags.json],
    ['csv', flags.csv],
    ['html', flags.html],
  ] as const) {
    if (target === undefined) continue;
    const { render } = await import('../node/render.ts');
    const text = await render(comparison, format);
    if (target === STANDARD_OUTPUT) {
      await print(text);
    } else {
      await writeText(target, text);
      written.push(`${format.toUpperCase()} written to ${target}\n`);
    }
  }
  if (flags.quiet) return;
  if ([flags.json, flags.csv, flags.html].includes(STANDARD_OUTPUT)) {
    process.stderr.write(written.join(''));
    return;
  }
  await print(table(comparison, { color: wantsColor(process.stdout) }) + written.join(''));
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
function wantsColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}
