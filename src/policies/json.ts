/**
 * JSON read with the lines it stands on, so that a message can name the line of a rule and the column of a slip.
 * Accepts exactly what `JSON.parse` accepts, and refuses a field given twice, of which that would keep the last.
 */
import { quoted } from '../model/diagnostic.ts';

export type Json = string | number | boolean | null | JsonArray | JsonObject;

export interface JsonArray {
  readonly kind: 'array';
  readonly line: number;
  readonly items: readonly Json[];
}

export interface JsonObject {
  readonly kind: 'object';
  readonly line: number;
  /** A map, since a file may name a field `__proto__`. */
  readonly fields: ReadonlyMap<string, Json>;
}

export interface JsonSlip {
  readonly line: number;
  readonly column: number;
  /** What was expected and what was found. */
  readonly message: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const UNESCAPED = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Lists within lists; a configuration has seven. */
const DEEPEST = 64;

/** The value a text holds, or where it stops being JSON. */
export function parseJson(text: string): { readonly value: Json } | { readonly slip: JsonSlip } {
  try {
    return { value: new JsonReader(text).document() };
  } catch (error) {
    if (error instanceof Slip) return { slip: error.slip };
    throw error;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && value.kind === 'object';
}

export function isArray(value: Json | undefined): value is JsonArray {
  return typeof value === 'object' && value !== null && value.kind === 'array';
}

class Slip extends Error {
  readonly slip: JsonSlip;

  constructor(slip: JsonSlip) {
    super(slip.message);
    this.slip = slip;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('expected the end of the file');
    return value;
  }

  #value(): Json {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#word();
    }
  }

  #object(): JsonObject {
    const line = this.#line;
    const fields = new Map<string, Json>();
    this.#list('}', () => {
      if (this.#text[this.#at] !== '"') this.#fail('expected a field name in double quotes');
      const start = this.#at;
      const name = this.#string();
      if (fields.has(name)) {
        this.#at = start;
        this.#fail('expected each field once');
      }
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail("expected ':'");
      this.#at++;
      fields.set(name, this.#value());
    });
    return { kind: 'object', line, fields };
  }

  #array(): JsonArray {
    const line = this.#line;
    const items: Json[] = [];
    this.#list(']', () => items.push(this.#value()));
    return { kind: 'array', line, items };
  }

  #list(close: ']' | '}', member: () => void): void {
    if (++this.#depth > DEEPEST) this.#fail(`expected at most ${DEEPEST} levels`);
    this.#at++;
    this.#space();
    if (this.#text[this.#at] !== close) {
      for (;;) {
        member();
        this.#space();
        if (this.#text[this.#at] !== ',') break;
        this.#at++;
        this.#space();
      }
      if (this.#text[this.#at] !== close) this.#fail(`expected ',' or '${close}'`);
    }
    this.#at++;
    this.#depth--;
  }

  #string(): string {
    const start = this.#at;
    // One pattern for all of a text would run out of stack in a long one.
    for (let part = this.#match(/"/y); part !== undefined; part = this.#match(ESCAPE)) {
      this.#match(UNESCAPED);
      if (this.#text[this.#at] !== '"') continue;
      this.#at++;
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    }
    this.#at = start;
    return this.#fail('expected a text closed by a double quote, without line breaks in it');
  }

  #word(): Json {
    const literal = this.#match(/(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y);
    if (literal === undefined) this.#fail('expected a value');
    return JSON.parse(literal) as boolean | number | null;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const literal = pattern.exec(this.#text)?.[0];
    if (literal !== undefined) this.#at += literal.length;
    return literal;
  }

  #space(): void {
    for (; ; this.#at++) {
      const character = this.#text[this.#at];
      if (character === '\n') {
        this.#line++;
        this.#lineStart = this.#at + 1;
      } else if (character !== ' ' && character !== '\t' && character !== '\r') return;
    }
  }

  #fail(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 24).split(/[\r\n]/)[0]!;
    const found = this.#at >= this.#text.length ? 'the end of the file' : quoted(rest);
    throw new Slip({
      line: this.#line,
      column: this.#at - this.#lineStart + 1,
      message: `${expected}, found ${found}`,
    });
  }
}
