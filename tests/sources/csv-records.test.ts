import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, CsvRecords, LONGEST_RECORD } from '../../src/sources/csv-records.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';

function records(text: string, delimiter = ','): CsvRecord[] {
  return [...new CsvRecords(delimiter).read(text, true)];
}

/** Line and fields of each record. */
function table(text: string, delimiter?: string): unknown[] {
  return records(text, delimiter).map(({ line, fields }) => [line, fields]);
}

const CLOSED = 'text follows the quote that ends a field';
const OPEN = 'a quote is opened and never closed';

describe('CSV cut into records', () => {
  test.each<[string, string, unknown[]]>([
    [
      'lines',
      'a,b\nc,d\n',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
      ],
    ],
    [
      'no end of line at the end',
      'a,b\nc,',
      [
        [1, ['a', 'b']],
        [2, ['c', '']],
      ],
    ],
    [
      'CRLF',
      'a,b\r\nc,d\r\n',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
      ],
    ],
    [
      'CR',
      'a\rb\r',
      [
        [1, ['a']],
        [2, ['b']],
      ],
    ],
    [
      'mixed ends',
      'a\r\nb\nc\rd',
      [
        [1, ['a']],
        [2, ['b']],
        [3, ['c']],
        [4, ['d']],
      ],
    ],
    [
      'empty lines',
      '\n\r\na\n\n\nb\n\n',
      [
        [3, ['a']],
        [6, ['b']],
      ],
    ],
    [
      'a blank line is a record',
      'a\n \n',
      [
        [1, ['a']],
        [2, [' ']],
      ],
    ],
    ['quotes', '"a","b,c","d""e",""\n', [[1, ['a', 'b,c', 'd"e', '']]]],
    [
      'line breaks in quotes',
      'a,"b\nc\r\nd"\ne\n',
      [
        [1, ['a', 'b\nc\r\nd']],
        [4, ['e']],
      ],
    ],
    ['blanks belong to fields', ' a , b\n', [[1, [' a ', ' b']]]],
    ['blanks around quotes do not', 'a, "b" ,c\n', [[1, ['a', 'b', 'c']]]],
    ['a quote within a field', 'a"b,c"\n', [[1, ['a"b', 'c"']]]],
    [
      'text after a quote',
      'a\n"b"c,d\ne\n',
      [
        [1, ['a']],
        [2, CLOSED],
        [3, ['e']],
      ],
    ],
    [
      'a quote never closed costs one line',
      'a\nb,"c\nd\ne\n',
      [
        [1, ['a']],
        [2, OPEN],
        [3, ['d']],
        [4, ['e']],
      ],
    ],
    [
      'a quote closed in a later record costs one line',
      'b,"c\nd,"e"\n',
      [
        [1, CLOSED],
        [2, ['d', 'e']],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => expect(table(text)).toEqual(expected));

  test.each([';', '\t', '|'])('fields between %j', (delimiter) => {
    expect(table(`a,b${delimiter}"c${delimiter}d"\n`, delimiter)).toEqual([[1, ['a,b', `c${delimiter}d`]]]);
  });

  test('keeps the text of each record as it is', () => {
    expect(records('a, "b"\r\n\n"c\nd"x\n').map(({ raw }) => raw)).toEqual(['a, "b"', '"c', 'd"x']);
  });

  test('a record is at most 4 MB, and one that is longer spoils no other', () => {
    const long = 'x'.repeat(LONGEST_RECORD - 2);
    expect(table(`${long},\nb\n`)).toEqual([
      [1, [long, '']],
      [2, ['b']],
    ]);
    expect(table(`${long},cd\nb\n`)).toEqual([
      [1, 'the row is longer than 4 MB'],
      [2, ['b']],
    ]);
    const reader = new CsvRecords(',');
    const pieces = ['a\n"b\n', ...Array.from({ length: 6 }, () => `${'y'.repeat(2 ** 20)}\n`), 'z"\n'];
    const found = pieces.flatMap((piece) => [...reader.read(piece)]).map(({ line, fields }) => [line, fields.length]);
    expect(found.slice(0, 3)).toEqual([
      [1, 1],
      [2, OPEN.length],
      [3, 1],
    ]);
  });

  test('a line that does not end is no text', () => {
    const reader = new CsvRecords(',');
    const piece = 'x'.repeat(2 ** 24);
    expect(() => Array.from({ length: 6 }, () => [...reader.read(piece)])).toThrow('line 1 does not end');
  });

  test('pieces of a text are read as the whole is', { timeout: FUZZ_TIMEOUT }, () => {
    const character = fc.constantFrom('"', '"', ',', '\n', '\r', '\r\n', ' ', 'x', 'é');
    fc.assert(
      fc.property(
        fc.array(
          fc.array(character, { maxLength: 8 }).map((one) => one.join('')),
          { maxLength: 8 },
        ),
        (pieces) => {
          const reader = new CsvRecords(',');
          const found = [...pieces.flatMap((piece) => [...reader.read(piece)]), ...reader.read('', true)];
          expect(found).toEqual(records(pieces.join('')));
        },
      ),
      { numRuns: fuzzLines(20_000) / 10, seed: 3 },
    );
  });

  test('what is quoted is read back', { timeout: FUZZ_TIMEOUT }, () => {
    const field = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x', '🪣'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
        expect(records(text).map(({ fields }) => fields)).toEqual(rows);
      }),
      { numRuns: fuzzLines(10_000) / 10, seed: 4 },
    );
  });
});
