import type { CST, Document, LineCounter } from 'yaml';
import { type Diagnostic, InputError, nearest, quotedValue } from '../model/diagnostic.ts';
import { LARGEST_OBJECT_BYTES } from '../model/storage-class.ts';

/** Lists within lists; totals have five. */
const DEEPEST = 64;

export type Path = readonly (string | number)[];

/** Reads values by their path, and collects what is wrong with them. */
export class YamlReader {
  private readonly document: Document;
  private readonly lines: LineCounter;
  private readonly file: string;
  private readonly problems: Diagnostic[] = [];

  private constructor(document: Document, lines: LineCounter, file: string) {
    this.document = document;
    this.lines = lines;
    this.file = file;
  }

  /** @throws InputError when it is no YAML, naming the line */
  static async open(text: string, file: string): Promise<YamlReader> {
    const { LineCounter, parseDocument, Parser } = await import('yaml');
    refuseDeep(new Parser().parse(text), file);
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const reader = new YamlReader(document, lines, file);
    for (const { message, pos } of document.errors) reader.problemAt(message, pos[0]);
    reader.refuse();
    try {
      document.toJS();
    } catch (error) {
      // An alias of nothing, or aliases that would make it very long.
      reader.problemAt((error as Error).message, 0);
      reader.refuse();
    }
    return reader;
  }

  /** @throws InputError when anything is wrong so far */
  refuse(): void {
    if (this.problems.length > 0) throw new InputError(this.problems);
  }

  private problemAt(message: string, offset: number): void {
    const where = { file: this.file, line: this.lines.linePos(offset).line };
    this.problems.push({ severity: 'error', message, where });
  }

  /** Says what is wrong at a place: `groups.logs.uploads: …`. */
  problem(path: Path, message: string): undefined {
    let at: Path = path;
    let node: unknown;
    for (; node === undefined && at.length > 0; at = at.slice(0, -1)) node = this.document.getIn(at, true);
    const { range } = (node ?? this.document.contents ?? {}) as { range?: readonly number[] | null };
    this.problemAt(`${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`, range?.[0] ?? 0);
    return undefined;
  }

  /** The plain value at a place; undefined when there is none. */
  value(path: Path): unknown {
    const node: unknown = this.document.getIn(path, true);
    const value = (node as { toJS?: (document: Document) => unknown } | undefined)?.toJS?.(this.document) ?? node;
    return value === null ? undefined : value;
  }

  /** The names at a place, each of which must be one of `known`; undefined when there is nothing. */
  names(path: Path, known?: readonly string[]): string[] | undefined {
    const value = path.length === 0 ? this.document.toJS() : this.value(path);
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.problem(path, `${quotedValue(value)} is not a list of names and values`);
    }
    const names = Object.keys(value);
    for (const name of known ? names.filter((name) => !known.includes(name)) : []) {
      const near = nearest(name, known!);
      const hint = near ? `did you mean ${near}?` : `there is ${known!.join(', ')}`;
      this.problem([...path, name], `no such name; ${hint}`);
    }
    return names;
  }

  /** A number in a range; `otherwise` when there is none. */
  number<T>(path: Path, otherwise: T, least: number, most: number, whole = true): number | T {
    const value = this.value(path);
    if (value === undefined) return otherwise;
    const number =
      typeof value === 'string' && /^\d{1,3}(_?\d{3})*$/.test(value) ? Number(value.replaceAll('_', '')) : value;
    const isRight =
      typeof number === 'number' && number >= least && number <= most && (!whole || Number.isInteger(number));
    if (isRight) return number;
    this.problem(path, `${quotedValue(value)} is not a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    return otherwise;
  }

  /** `20%`, or a number up to 1. */
  share<T>(path: Path, otherwise: T): number | T {
    const value = this.value(path);
    if (value === undefined) return otherwise;
    const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim())?.[1] : undefined;
    const share = percent === undefined ? value : Number(percent) / 100;
    if (typeof share === 'number' && share > 0 && share <= 1) return share;
    this.problem(path, `${quotedValue(value)} is not a part such as 20% or 0.2`);
    return otherwise;
  }

  /** `64 KB`, `1.5 GB` in powers of two, or bytes; undefined when there is none. */
  size(path: Path): number | undefined {
    const value = this.value(path);
    if (value === undefined) return undefined;
    const text = typeof value === 'object' ? '' : String(value).trim();
    const [, digits, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*((?:[KMGT]i?)?B)?$/i.exec(text) ?? [];
    const bytes = Math.round(Number(digits) * 1024 ** 'BKMGT'.indexOf(unit[0]!.toUpperCase()));
    if (bytes >= 0 && bytes <= LARGEST_OBJECT_BYTES) return bytes;
    return this.problem(path, `${quotedValue(value)} is not a size such as 64 KB, at most 50 TB`);
  }
}

/**
 * What is nested deeper than any totals must not reach the parser, which calls itself for each level: where the stack ends,
 * the whole process may.
 */
function refuseDeep(tokens: Iterable<CST.Token>, file: string): void {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      const message = `more than ${DEEPEST} lists within lists`;
      throw new InputError([{ severity: 'error', message, where: { file } }]);
    }
    level = level.flatMap(within);
  }
}

function within(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  return 'items' in token ? token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat()) : [];
}
