import { printable, printableLines } from './printable.ts';

/** What is wrong with an input, as data: the caller decides what to do with it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One sentence with the offending text in it. */
  readonly message: string;
  /** S3's own error code (`InvalidRequest`, `InvalidArgument`, `MalformedXML`) where S3 would refuse. */
  readonly code?: string;
  readonly where?: { readonly file?: string; readonly line?: number; readonly rule?: string };
}

/** An input that cannot be used. The message is for a person; the CLI prints it and exits with code 1. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[] | string) {
    const list = typeof diagnostics === 'string' ? [{ severity: 'error' as const, message: diagnostics }] : diagnostics;
    super(list.map(formatDiagnostic).join('\n'));
    this.diagnostics = list;
  }
}

/** A command line that cannot be understood. The CLI prints the message and exits with code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** `file:line: message`, as compilers print it. Control characters in it are made visible, so that a log cannot drive a terminal. */
export function formatDiagnostic({ severity, message, code, where }: Diagnostic): string {
  const place = where?.file ? `${where.file}${where.line ? `:${where.line}` : ''}: ` : '';
  const rule = where?.rule !== undefined ? `rule '${where.rule}': ` : '';
  const warning = severity === 'warning' ? 'warning: ' : '';
  return printableLines(`${place}${warning}${rule}${code ? `${code}: ` : ''}${message}`);
}

/** Text from an input, in quotes, shortened to what fits in a message. */
export function quoted(text: string): string {
  return `'${printable((text.length > 120 ? `${text.slice(0, 117)}...` : text).replaceAll('\n', '\\n'))}'`;
}

/** Any value that JSON or YAML can hold, as {@link quoted} has it. */
export function quotedValue(value: unknown): string {
  if (typeof value !== 'object') return quoted(String(value));
  try {
    return quoted(JSON.stringify(value));
  } catch {
    return 'what contains itself, or lists within too many lists';
  }
}

/** The member of `names` nearest to `text` by edit distance, if it is near enough to be what was meant. */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(text.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(text.length - name.length) >= bestDistance) continue;
    const distance = editDistance(text.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
