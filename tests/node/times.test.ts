/** The bulk engine reads no text as a time that the careful reader does not, and none as another time. */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LAST_INSTANT, parseTimestamp } from '../../src/model/time.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { instant } from '../../src/sources/projection.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();

const TIMES = [
  '2025-01-31T10:30:00Z',
  '2025-01-31T10:30:00.000Z',
  '2025-01-31T10:30:00.1234567891Z',
  '2025-01-31T10:30:00',
  '2025-01-31 10:30:00',
  '2025-1-3T1:30:00Z',
  '2025-01-31T24:00:00Z',
  '2025-01-31T10:30Z',
  '2025-01-31T10:30:00+01:00',
  '2025-01-31',
  '2025-02-29T10:30:00Z',
  '2024-02-29T20:30:00Z',
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59.9999Z',
  '1969-12-31T23:59:59.9999+00:00',
  '2199-12-31T23:59:59.9999999Z',
  '1738319400',
  '1738319400123.5',
];

/** Texts in which some characters were put in, taken out, changed or changed places. */
const texts = fc
  .tuple(
    fc.constantFrom(...TIMES),
    fc.array(
      fc.record({
        at: fc.nat(40),
        cut: fc.constantFrom(0, 0, 1, 1, 2),
        put: fc.constantFrom('', ...'0123456789:-. TZtz+/\t\n', '01', '. ', '１'),
        to: fc.nat(40),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([time, changes]) => {
    const text = [...time];
    for (const { at, cut, put, to } of changes) {
      const gone = text.splice(at % (text.length + 1), cut);
      text.splice(to % (text.length + 1), 0, ...(put === '' ? gone : [put]));
    }
    return text.join('');
  });

test('a text is the same time, or none, in whichever reader', { timeout: FUZZ_TIMEOUT }, async () => {
  const all = [...new Set([...TIMES, ...fc.sample(texts, { numRuns: fuzzLines(20_000), seed: 5 })])];
  const path = folder.path('times.json');
  writeFileSync(path, all.map((text) => JSON.stringify({ text })).join('\n'));
  const time = instant({ columns: { timestamp: 'text' }, time: 'text' });
  const rows = await withEngine({ temporaryFolder: folder.path('.') }, async (connection) => {
    const found = await connection.runAndReadAll(
      `SELECT text, (${time})::DOUBLE FROM read_json('${path}', columns={text: 'VARCHAR'}, format='newline_delimited')`,
    );
    return found.getRows() as [string, number | null][];
  });
  expect(rows).toHaveLength(all.length);
  const taken = rows.filter(([, milliseconds]) => {
    return milliseconds !== null && milliseconds >= 0 && milliseconds <= LAST_INSTANT;
  });
  expect(taken.length).toBeGreaterThan(all.length / 100);
  expect(taken.filter(([text, milliseconds]) => parseTimestamp(text) !== milliseconds)).toEqual([]);
});
