/** Texts whose rows are lines of words between blanks, as traces for research are. */
import { DELIMITER, NO_FIELD } from './line-relation.ts';
import { LineRows, LONGEST_LINE, READ_AT_ONCE } from './lines.ts';
import { literal, pathLiteral } from './projection.ts';
import type { Compression, RowReader, RowReading } from './source.ts';

/** SQL of the words of each line that is not blank: a list `words`; of one that the engine does not give whole, no words of a trace. */
export function wordsOf(paths: readonly string[], compression: Compression): string {
  const files = paths.map(pathLiteral).join(', ');
  const line = `CASE WHEN rest IS NULL THEN trim(replace(line, chr(9), ' ')) ELSE '?' END`;
  return `(SELECT string_split(CASE WHEN contains(line, '  ') THEN regexp_replace(line, ' +', ' ', 'g') ELSE line END, ' ') AS words
    FROM (SELECT ${line} AS line FROM read_csv([${files}], auto_detect=false, header=false, delim=${literal(DELIMITER)},
      quote='', escape='', nullstr=${literal(NO_FIELD)}, strict_mode=true, null_padding=true, compression=${literal(compression)},
      max_line_size=${LONGEST_LINE}, buffer_size=${READ_AT_ONCE},
      columns={'line': 'VARCHAR', 'rest': 'VARCHAR'})) WHERE line <> '')`;
}

/**
 * The careful reader. Blank lines are no rows.
 * @param isWanted whether to read a line, one character per byte
 */
export function wordLines(
  readWords: (words: readonly string[]) => RowReading,
  isWanted: (raw: string) => boolean = () => true,
): RowReader {
  const readLine = (line: string, isUtf8: boolean): RowReading =>
    isUtf8 ? readWords(line.replace(/^[ \t]+|[ \t]+$/g, '').split(/[ \t]+/)) : 'the text is not UTF-8';
  return new LineRows(readLine, (raw) => /[^ \t]/.test(raw) && isWanted(raw));
}

/** The words of each whole line among the first of a text. */
export function firstWords(start: string, lines: number): string[][] {
  const whole = start.length < 2 ** 16 ? start : start.slice(0, start.lastIndexOf('\n') + 1);
  return whole
    .replace(/^\ufeff/, '')
    .split(/[\r\n]+/, lines + 1)
    .slice(0, lines)
    .map((line) => line.trim().split(/[ \t]+/))
    .filter(([first]) => first !== '');
}
