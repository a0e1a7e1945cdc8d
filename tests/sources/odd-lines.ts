/** Lines of the texts that are no logs, mostly as they should be: CSV, daily aggregates, traces for research, lists of inventories. */
import fc from 'fast-check';
import { tampered } from '../fuzz.ts';
import { row } from '../node/random-rows.ts';

export interface OddLines {
  /** A line that is read, of the key `after`. */
  readonly after: string;
  /** What the text begins with; without it, nobody knows what it is. */
  readonly header: string;
  readonly line: fc.Arbitrary<string>;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const odd = fc.constantFrom(
  '',
  ' ',
  '-',
  '-1',
  '+5',
  '1.5',
  '1e3',
  '1e400',
  '1_0',
  '0x10',
  'nan',
  'inf',
  'true',
  '9'.repeat(30),
  '9007199254740993',
  '54975581388801',
  '=1+1',
  '"',
  "'",
  'é',
  '\u2028',
  '2025-02-30',
  '2025-1-1',
  '2025/01/01',
  '2025-01-01T24:00:00Z',
  '2025-01-01 00:00:00+25:00',
  '99999999999',
  'GET',
  'NULL',
  '%FF',
);

const SPLICED = ['"', '""', ',', ' ', '\t', '\n', '\r', '\r\n', '\u0001', '\u0085', '\ufeff', 'é', 'x', '-', '1'];

/** Cells of a CSV: one may be anything, and the line may be tampered with. */
function csvLine(
  cells: fc.Arbitrary<readonly string[]>,
  delimiter: string,
  quote: (text: string) => string,
): fc.Arbitrary<string> {
  const joined = (values: readonly string[]): string => values.map(quote).join(delimiter);
  const one = fc
    .tuple(cells, fc.nat(), odd)
    .map(([values, at, other]) => joined(values.map((value, i) => (i === at % values.length ? other : value))));
  return fc.oneof(
    { weight: 60, arbitrary: cells.map(joined) },
    { weight: 1, arbitrary: one },
    { weight: 1, arbitrary: tampered(cells.map(joined), SPLICED) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', delimiter, '"', '""', 'x') },
  );
}

const whereNeeded =
  (delimiter: string) =>
  (text: string): string =>
    text.includes('"') || text.includes(delimiter) || /[\r\n]/.test(text) ? quoted(text) : text;

function eventCsv(delimiter: string): OddLines {
  return {
    header:
      'timestamp,operation,key,size,bytes,storage_class,status,error_code,requester,version_id,tags,count'.replaceAll(
        ',',
        delimiter,
      ),
    after: '2025-01-01T00:00:00Z,PUT,after,1,,,,,,,,'.replaceAll(',', delimiter),
    line: csvLine(row.map(Object.values), delimiter, whereNeeded(delimiter)),
  };
}

const cell = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const AGGREGATE: OddLines = {
  header: 'key,day,operation,count,bytes,size',
  after: 'after,2025-02-01,GET,1,,1',
  line: csvLine(
    fc.tuple(
      cell('a', 'b', "it's", 'x, y', 'ä', ' a '),
      cell('2025-02-01', '2025-02-28 00:00:00.000 UTC', '2025-02-01T00:00Z', ' 2025-02-03 '),
      cell('PUT', 'get', 'GetObject', 'DELETE', 'LIST', 'HEAD', 'UPLOAD_PART'),
      cell('1', '2', '3', '1e1', '1_0'),
      cell('', '0', '7', '1e3', '1000'),
      cell('5', '1e3', '131072'),
    ),
    ',',
    whereNeeded(','),
  ),
};

const word = fc.constantFrom(
  '1',
  '86400',
  '2.5',
  '7',
  '007',
  'x',
  '-1',
  '1e3',
  '123456789012345',
  '1234567890123456',
  '54975581388801',
  'é',
  '"',
  '"7"',
  '\u0001',
  '\u0085',
);
const id = fc.constantFrom('7', '8', 'x', '-1', '123456789012345', '1234567890123456', 'é', '"7"', '\u0085');
const time = fc.constantFrom('1', '86400', '2.5', '7', '172800.000000001');
const whole = fc.constantFrom('1', '7', '007', '131072', '54975581388800');

/** Words between any blanks; with a tail of others. */
function wordLine(words: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  const blank = fc.constantFrom(' ', ' ', ' ', '\t', '  ', ' \t ');
  const ends = fc.constantFrom('', '', '', ' ', '\t');
  const good = fc.tuple(words, fc.array(blank, { minLength: 8, maxLength: 8 }), ends, ends).map(
    ([words, blanks, before, after]) =>
      before +
      words
        .map((word, at) => word + blanks[at % 8])
        .join('')
        .trim() +
      after,
  );
  const any = fc.array(word, { maxLength: 7 }).map((words) => words.join(' '));
  return fc.oneof(
    { weight: 60, arbitrary: good },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: tampered(good, SPLICED) },
  );
}

const operation = fc.constantFrom('REST.GET.OBJECT', 'REST.PUT.OBJECT', 'REST.DELETE.OBJECT', 'REST.HEAD.OBJECT');
const range = fc.constantFrom([], [], ['0', '6'], ['7', '7']);

/** By the name of the format, and how its fields are told apart. */
export const ODD_LINES: Readonly<Record<string, OddLines>> = {
  'csv ,': eventCsv(','),
  'csv ;': eventCsv(';'),
  'csv \t': eventCsv('\t'),
  'csv |': eventCsv('|'),
  aggregate: AGGREGATE,
  'cache-trace': { header: '1 1 1', after: '1 after 1', line: wordLine(fc.tuple(time, id, whole)) },
  'ibm-object-store': {
    header: '1 REST.PUT.OBJECT a 1',
    after: '1 REST.PUT.OBJECT after 1',
    line: wordLine(
      fc
        .tuple(time, operation, id, whole, range)
        .map(([time, operation, key, size, range]) => [time, operation, key, size, ...range]),
    ),
  },
};

/** The columns of {@link INVENTORY_LINES}. */
export const INVENTORY_SCHEMA =
  'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass, IntelligentTieringAccessTier';

const modified = fc
  .integer({ min: -400 * 86_400, max: 86_400 })
  .map((seconds) => new Date(Date.UTC(2025, 2, 10, 1) + seconds * 1000).toISOString());

/** Lines of an inventory's list, all of their fields in quotes. */
export const INVENTORY_LINES: OddLines = {
  header: '',
  after: '"pictures","after","","true","false","1","2024-01-01T00:00:00Z","INTELLIGENT_TIERING","FREQUENT"',
  line: csvLine(
    fc
      .record({
        key: fc.constantFrom('a', 'b%20c', '%E2%82%AC', 'x+y', 'é', '%00', 'a%22b', '100%'),
        version: fc.constantFrom('', 'v1', 'v2'),
        marker: fc.constantFrom('false', 'false', 'true', 'TRUE', ''),
        size: fc.constantFrom('0', '1', '131072', '5368709120'),
        modified,
        class: fc.constantFrom('STANDARD', 'STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'REDUCED_REDUNDANCY', ''),
        tier: fc.constantFrom('', 'FREQUENT', 'INFREQUENT', 'ARCHIVE'),
      })
      .map((one) => [
        'pictures',
        one.key,
        one.version,
        'true',
        one.marker,
        /true/i.test(one.marker) ? '' : one.size,
        one.modified,
        one.class,
        one.tier,
      ]),
    ',',
    quoted,
  ),
};
