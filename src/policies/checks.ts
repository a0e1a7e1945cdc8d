import { type Diagnostic, nearest, quoted } from '../model/diagnostic.ts';
import { isArray, isObject, type Json, type JsonArray, type JsonObject } from './json.ts';

/** The codes S3 refuses a configuration with. */
export type S3ErrorCode = 'InvalidArgument' | 'InvalidRequest' | 'MalformedXML';

/** S3's words for a configuration that is not of its form, whatever is wrong with it. */
const MALFORMED = 'The XML you provided was not well-formed or did not validate against our published schema';

/** The longest ID a diagnostic repeats; S3 allows no longer one. */
const LONGEST_ID = 255;

/** Collects what is wrong with a policy file, and reads fields of the right type out of it. */
export class Checks {
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: string | undefined;
  #rule: string | undefined;

  constructor(file?: string) {
    this.#file = file;
  }

  /** Does the checks of one rule, so that every diagnostic among them names it. */
  ofRule<T>(id: string, check: () => T): T {
    this.#rule = id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}...` : id;
    try {
      return check();
    } finally {
      this.#rule = undefined;
    }
  }

  /** S3 would answer with this code and these words. */
  refuse(code: S3ErrorCode, message: string, line?: number): void {
    this.#add(message, line, code);
  }

  /** S3 would call it malformed; `detail` says what S3 does not. */
  malformed(detail: string, line?: number): void {
    this.#add(`${MALFORMED}: ${detail}`, line, 'MalformedXML');
  }

  /** Wrong in a way that is not S3's to say. */
  error(message: string, line?: number): void {
    this.#add(message, line);
  }

  /** An object with known fields only. */
  object(value: Json | undefined, what: string, known: readonly string[], line?: number): JsonObject | undefined {
    if (!isObject(value)) return this.#wrongType(what, 'an object { … }', value, line);
    for (const name of value.fields.keys()) if (!known.includes(name)) this.unknownField(name, what, known, value.line);
    return value;
  }

  unknownField(name: string, what: string, known: readonly string[], line?: number): void {
    const meant = nearest(name.slice(0, 64), known);
    const help = meant === undefined ? `it may have ${known.join(', ')}` : `did you mean '${meant}'?`;
    this.error(`unknown field ${quoted(name)} in ${what}; ${help}`, line);
  }

  array(value: Json | undefined, what: string, line?: number): JsonArray | undefined {
    return isArray(value) ? value : this.#wrongType(what, 'a list [ … ]', value, line);
  }

  string(value: Json | undefined, what: string, line?: number): string | undefined {
    return typeof value === 'string' ? value : this.#wrongType(what, 'a text', value, line);
  }

  boolean(value: Json | undefined, what: string, line?: number): boolean | undefined {
    return typeof value === 'boolean' ? value : this.#wrongType(what, 'true or false', value, line);
  }

  /** A whole number, of either sign. */
  integer(value: Json | undefined, what: string, line?: number): number | undefined {
    return Number.isSafeInteger(value) ? (value as number) : this.#wrongType(what, 'a whole number', value, line);
  }

  /** A whole number of days. S3 counts them in 32 bits. */
  days(value: Json | undefined, what: string, line?: number): number | undefined {
    const days = this.integer(value, what, line);
    if (days === undefined || Math.abs(days) < 2 ** 31) return days;
    return this.#wrongType(what, 'at most 2147483647', value, line);
  }

  #wrongType(what: string, expected: string, value: Json | undefined, line: number | undefined): undefined {
    if (value === undefined) this.malformed(`${what} is missing`, line);
    else this.malformed(`${what} must be ${expected}, not ${inWords(value)}`, line);
  }

  #add(message: string, line: number | undefined, code?: S3ErrorCode): void {
    const where = {
      ...(this.#file === undefined ? {} : { file: this.#file }),
      ...(line === undefined ? {} : { line }),
      ...(this.#rule === undefined ? {} : { rule: this.#rule }),
    };
    this.diagnostics.push({ severity: 'error', message, ...(code === undefined ? {} : { code }), where });
  }
}

function inWords(value: Json): string {
  if (isObject(value)) return 'an object';
  if (isArray(value)) return 'a list';
  return typeof value === 'string' ? `the text ${quoted(value)}` : String(value);
}
