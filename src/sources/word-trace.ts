/** Traces for research that are text: a request is a line of words, and times count from a beginning of their own. */
import { InputError, quoted } from '../model/diagnostic.ts';
import type { EventColumn } from './columns.ts';
import type { RowFields } from './row.ts';
import type { TextSource } from './source.ts';
import { readClock } from './trace-clock.ts';
import { firstWords, wordLines, wordsOf } from './word-lines.ts';

/** What one of these formats is besides. */
export interface WordTrace {
  readonly name: string;
  readonly title: string;
  /** The words of a line, as a person writes them. */
  readonly line: string;
  /** Milliseconds of a step of its times. */
  readonly stepMs: number;
  /** Whether a line is of this format, by its words. */
  isLine(words: readonly string[]): boolean;
  /** The fields of a line, but for its time; undefined when it is not of this format. */
  fields(words: readonly string[]): RowFields | undefined;
  /** The same in SQL, of a list `words`, and whether a line is of this format. */
  readonly sql: Readonly<Partial<Record<EventColumn, string>>>;
  readonly isLineSql: string;
}

/** Lines by which a text is recognised, and the part of them, the first among it, that must be of the format. */
const RECOGNISED_BY = 100;
const RECOGNISED_SHARE = 0.8;

/** A time, a size: digits, few enough to be exact. */
const TIME = String.raw`\d{1,15}(\.\d{1,9})?`;
export const WHOLE = String.raw`\d{1,15}`;

export function isTime(word: string | undefined): boolean {
  return word !== undefined && new RegExp(`^${TIME}$`).test(word);
}

export function isWhole(word: string | undefined): boolean {
  return word !== undefined && new RegExp(`^${WHOLE}$`).test(word);
}

/** A source of such a format. */
export function wordTrace(format: WordTrace): TextSource {
  const { name, title, line, stepMs, isLine, fields, sql, isLineSql } = format;
  const columns = Object.fromEntries(['timestamp', ...Object.keys(sql)].map((column) => [column, column]));
  const select = Object.entries(sql).map(([column, expression]) => `${expression} AS ${column}`);
  return {
    name,
    title,
    holds: 'text',
    onBadRow: 'fail',
    recognise(start) {
      const lines = firstWords(start, RECOGNISED_BY);
      return lines.length > 0 && isLine(lines[0]!) && lines.filter(isLine).length >= lines.length * RECOGNISED_SHARE;
    },
    open(start, { file, clock: told = {} }) {
      const [first] = firstWords(start, 1);
      if (!first || !isTime(first[0])) {
        const message = `this is no ${title}: a line is '${line}', not ${quoted(first?.join(' ') ?? '')}`;
        throw new InputError([{ severity: 'error', message, where: { file, line: 1 } }]);
      }
      const clock = readClock(told, stepMs, Number(first[0]));
      const time = `CASE WHEN regexp_full_match(words[1], '${TIME}') AND ${isLineSql} THEN CAST(words[1] AS DOUBLE) * ${clock.stepMs} + ${clock.startMs} END`;
      return {
        columns,
        likeness: JSON.stringify(clock),
        remark: clock.remark,
        relation: (paths, compression) => ({
          sql: `(SELECT ${time} AS timestamp, ${select.join(', ')} FROM ${wordsOf(paths, compression)})`,
          columns,
          time: 'epoch',
        }),
        rows: (isWanted) =>
          wordLines((words) => {
            const found = isTime(words[0]) ? fields(words) : undefined;
            if (!found) return `a line is '${line}', not ${quoted(words.join(' '))}`;
            return { fields: { ...found, timestamp: String(Number(words[0]) * clock.stepMs + clock.startMs) } };
          }, isWanted),
      };
    },
  };
}
