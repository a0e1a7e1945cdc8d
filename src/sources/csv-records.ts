/**
 * CSV cut into records, each with its line: RFC 4180, and what the bulk engine takes besides (a test holds the two
 * together). A quote opens a field at its very beginning or after one space; spaces may follow the closing quote; a quote
 * anywhere else is a character like others. Lines end in LF, CRLF or CR; empty lines are no records.
 */

export interface CsvRecord {
  /** The fields, or what is wrong with the record as a whole. */
  readonly fields: readonly string[] | string;
  /** Line the record begins on; the first is 1. */
  readonly line: number;
  /** The record's own text, without the end of its line. */
  readonly raw: string;
}

/** Characters of the longest record that is read. */
export const LONGEST_RECORD: number = 4 * 2 ** 20;

/** Characters in which a line must end; what has none is no text. */
const LONGEST_LINE = 64 * 2 ** 20;

/** Where a record ends, and its fields or its fault; undefined: more text may change it. */
interface Reading {
  readonly end: number;
  readonly fields: readonly string[] | string;
}

/**
 * Cuts a text that arrives in pieces. A record that cannot be read (a quote never closed, or followed by more text) is
 * taken to end with its first line, so that one bad quote costs one line and not the rest of the text.
 */
export class CsvRecords {
  private readonly delimiter: string;
  private readonly unquoted: RegExp;
  private text = '';
  private at = 0;
  private line = 1;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
    this.unquoted = new RegExp(`[^\\r\\n${delimiter}]*`, 'y');
  }

  /**
   * The records that end in the text so far; with `isLast`, all that are left.
   * @throws RangeError when a line does not end within 64 million characters
   */
  *read(piece: string, isLast = false): Generator<CsvRecord> {
    this.text = this.text.slice(this.at) + piece;
    this.at = 0;
    while (this.at < this.text.length) {
      const reading = this.readRecord(isLast) ?? this.giveUp(isLast);
      if (!reading) return;
      const { line } = this;
      const whole = this.text.slice(this.at, reading.end);
      this.at = reading.end;
      this.line += lineEnds(whole);
      const raw = whole.replace(/(\r\n|\n|\r)$/, '');
      if (raw !== '') yield { fields: reading.fields, line, raw };
    }
  }

  private readRecord(isLast: boolean): Reading | undefined {
    const { text, delimiter } = this;
    const fields: string[] = [];
    for (let at = this.at; ; at += delimiter.length) {
      if (at + 1 >= text.length && !isLast) return undefined;
      const isQuoted = text[at] === '"' || (text[at] === ' ' && text[at + 1] === '"');
      const field = isQuoted ? this.quotedField(text.indexOf('"', at) + 1, isLast) : this.plainField(at, isLast);
      if (field === undefined) return undefined;
      if (typeof field === 'string') return this.firstLine(field, isLast);
      fields.push(field.value);
      at = field.end;
      if (text[at] === delimiter) continue;
      const end = text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : Math.min(at + 1, text.length);
      if (text[at] === '\r' && end === text.length && !isLast) return undefined;
      return end - this.at > LONGEST_RECORD ? { end, fields: TOO_LONG } : { end, fields };
    }
  }

  private plainField(at: number, isLast: boolean): { value: string; end: number } | undefined {
    this.unquoted.lastIndex = at;
    const [value] = this.unquoted.exec(this.text)!;
    const end = at + value.length;
    return end === this.text.length && !isLast ? undefined : { value, end };
  }

  /** @returns what is wrong with it as a string */
  private quotedField(begin: number, isLast: boolean): { value: string; end: number } | string | undefined {
    const { text, delimiter } = this;
    let value = '';
    for (let at = begin; ; ) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return isLast ? NEVER_CLOSED : undefined;
      value += text.slice(at, quote);
      if (text[quote + 1] === '"') {
        value += '"';
        at = quote + 2;
        continue;
      }
      let end = quote + 1;
      while (text[end] === ' ') end++;
      if (end >= text.length) return isLast ? { value, end } : undefined;
      if (text[end] === delimiter || text[end] === '\n' || text[end] === '\r') return { value, end };
      if (text[end] !== '"') return 'text follows the quote that ends a field';
      value += text.slice(quote + 1, end);
      at = end + 1;
    }
  }

  /** The record's first line, as a record that has a fault. */
  private firstLine(fault: string, isLast: boolean): Reading | undefined {
    const { text } = this;
    let end = this.at;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    if (end + 1 >= text.length && !isLast) return undefined;
    return {
      end: text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : Math.min(end + 1, text.length),
      fields: fault,
    };
  }

  /** What is longer than any record has a quote that is not closed, or is no text. */
  private giveUp(isLast: boolean): Reading | undefined {
    const length = this.text.length - this.at;
    if (length <= LONGEST_RECORD) return undefined;
    const reading = this.firstLine(NEVER_CLOSED, isLast);
    if (!reading && length > LONGEST_LINE) throw new RangeError(`line ${this.line} does not end`);
    return reading && (reading.end - this.at > LONGEST_RECORD ? { ...reading, fields: TOO_LONG } : reading);
  }
}

const NEVER_CLOSED = 'a quote is opened and never closed';
const TOO_LONG = `the row is longer than ${LONGEST_RECORD / 2 ** 20} MB`;

function lineEnds(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) if (text[at + 1] !== '\n') lines++;
  return lines;
}
