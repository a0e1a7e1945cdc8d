import { AfterBom, decodeUtf8 } from './bytes.ts';
import type { RowReader, RowReading, SourceRow } from './source.ts';

/** Characters of the longest record that is read; CloudTrail's have 256 KB at the most. */
export const LONGEST_RECORD: number = 2 ** 20;

/** What begins a wrapper of records, and what begins a record after one that does not end. */
const WRAPPER = /\{\s*"Records"\s*:\s*\[/y;
const NEXT_RECORD = /\{\s*"eventVersion"/g;

/** Characters that searches in vain may look at. */
const SPARE = 32 * LONGEST_RECORD;

/** Characters in which a wrapper that begins shows itself. */
const WRAPPER_CHARACTERS = 64;

/**
 * The careful reader of JSON whose rows are records: in documents `{"Records": [ … ]}`, in an array, or one after
 * another. What is cut off or stands where no record should is a row that cannot be read.
 */
export class JsonRows implements RowReader {
  private readonly readRecord: (text: string) => RowReading;
  private readonly isWanted: (raw: string) => boolean;
  /** What closes the arrays and wrappers that are open. */
  private readonly closers: string[] = [];
  private text = '';
  private line = 1;
  private readonly start: AfterBom = new AfterBom();
  /** Characters that searches in vain may still look at: a hostile text would have them look at all of it again and again. */
  private spare = SPARE;

  /** @param isWanted whether to read a value, by its text, one character per byte */
  constructor(readRecord: (text: string) => RowReading, isWanted: (raw: string) => boolean = () => true) {
    this.readRecord = readRecord;
    this.isWanted = isWanted;
  }

  *read(piece: string, isLast = false): Generator<SourceRow> {
    this.text += this.start.take(piece, isLast);
    let at = 0;
    for (;;) {
      const begin = this.skip(at);
      this.line += feeds(this.text, at, begin);
      at = begin;
      if (at >= this.text.length) break;
      if (!isLast && at + WRAPPER_CHARACTERS > this.text.length) break;
      const inside = this.enter(at, isLast);
      if (inside === undefined) break;
      if (inside > at) {
        this.line += feeds(this.text, at, inside);
        at = inside;
        continue;
      }
      const end = this.endOfValue(at, isLast);
      if (end === undefined) break;
      yield* this.rows(at, end);
      this.line += feeds(this.text, at, end);
      at = end;
    }
    this.text = this.text.slice(at);
    if (isLast && this.closers.length > 0)
      yield { line: this.line, raw: '', reading: 'the text ends before its records do' };
  }

  /** Where the next value begins, or an array or wrapper opens or closes. */
  private skip(at: number): number {
    BETWEEN.lastIndex = at;
    return at + BETWEEN.exec(this.text)![0].length;
  }

  /** Goes into or out of arrays and wrappers; undefined when more text may tell. */
  private enter(at: number, isLast: boolean): number | undefined {
    const { text, closers } = this;
    if (closers.at(-1) === '}') return this.leaveWrapper(at, isLast);
    if (text[at] === closers.at(-1)) {
      closers.pop();
      return at + 1;
    }
    if (closers.length > 0) return at;
    if (text[at] === '[') {
      closers.push(']');
      return at + 1;
    }
    WRAPPER.lastIndex = at;
    const wrapper = WRAPPER.exec(text);
    if (!wrapper) return at;
    closers.push('}', ']');
    return at + wrapper[0].length;
  }

  /** Goes past what else a wrapper holds after its records. */
  private leaveWrapper(at: number, isLast: boolean): number | undefined {
    const end = endOfNested(this.text, at, 1);
    if (end === undefined && !isLast && this.text.length - at <= LONGEST_RECORD) return undefined;
    if (end !== undefined) this.closers.pop();
    return end ?? this.text.length;
  }

  /** Where the value that begins there ends; undefined when more text may tell. */
  private endOfValue(begin: number, isLast: boolean): number | undefined {
    const end = endOfJson(this.text, begin);
    if (end !== undefined && (end < this.text.length || isLast)) {
      this.spare = Math.min(this.spare + end - begin, SPARE);
      return end;
    }
    if (!isLast && this.text.length - begin <= LONGEST_RECORD) return undefined;
    this.spare -= this.text.length - begin;
    if (this.spare < 0) return this.text.length;
    NEXT_RECORD.lastIndex = begin + 1;
    const next = NEXT_RECORD.exec(this.text);
    return next ? next.index : this.text.length;
  }

  private *rows(begin: number, end: number): Generator<SourceRow> {
    const raw = this.text.slice(begin, end).trimEnd();
    const { line } = this;
    if (!this.isWanted(raw)) return;
    const text = decodeUtf8(raw);
    if (raw.length > LONGEST_RECORD)
      yield { line, raw, reading: `the record is longer than ${LONGEST_RECORD / 2 ** 20} MB` };
    else if (text === undefined) yield { line, raw, reading: 'the text is not UTF-8' };
    else yield { line, raw, reading: this.readRecord(text) };
  }
}

/** What may stand between records. */
const BETWEEN = /[\s,]*/y;

/** Where a JSON value that begins there ends; undefined when it does not. */
function endOfJson(text: string, begin: number): number | undefined {
  if (text[begin] === '"') return endOfString(text, begin);
  if (text[begin] !== '{' && text[begin] !== '[') {
    SCALAR.lastIndex = begin;
    return begin + Math.max(SCALAR.exec(text)![0].length, 1);
  }
  return endOfNested(text, begin, 0);
}

/** Where as many arrays and objects end as are open, and those that open from there on. */
function endOfNested(text: string, begin: number, open: number): number | undefined {
  let depth = open;
  STRUCTURE.lastIndex = begin;
  for (let found = STRUCTURE.exec(text); found; found = STRUCTURE.exec(text)) {
    if (found[0] === '"') {
      const end = endOfString(text, found.index);
      if (end === undefined) return undefined;
      STRUCTURE.lastIndex = end;
    } else if (found[0] === '{' || found[0] === '[') depth++;
    else if (--depth === 0) return found.index + 1;
  }
  return undefined;
}

const SCALAR = /[^\s,[\]{}"]*/y;
const STRUCTURE = /["{}[\]]/g;

function endOfString(text: string, begin: number): number | undefined {
  for (let quote = text.indexOf('"', begin + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
}

function feeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
