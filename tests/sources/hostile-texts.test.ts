/** Texts of any content: read to the end, or refused as an InputError; no row is lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OWNER_PAYS } from '../../src/model/charges.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { aggregateRows } from '../../src/sources/aggregate-rows.ts';
import { fallback, formatNames, namedSources, recogniseRecords, recogniseText } from '../../src/sources/index.ts';
import { readReading } from '../../src/sources/row.ts';
import { parseManifest } from '../../src/sources/s3-inventory-manifest.ts';
import { parseTotals } from '../../src/sources/totals-schema.ts';
import { wordLines } from '../../src/sources/word-lines.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';

/** The result of a reading; an InputError is one as well, and anything else thrown fails the test. */
async function reading<T>(read: () => T | Promise<T>): Promise<T | InputError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const lineish = fc
  .array(fc.oneof(bytes, fc.constantFrom('1 2 3', ' ', '\t', '\n', '\r', '\r\n', '\n\n', '\u00ef\u00bb\u00bf')), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));

describe('lines of words', () => {
  test('are the same however the text arrives', { timeout: FUZZ_TIMEOUT }, () => {
    fc.assert(
      fc.property(lineish, fc.array(fc.nat(200), { maxLength: 6 }), (text, cuts) => {
        const whole = [...wordLines(() => 'bad').read(text, true)];
        const pieces = wordLines(() => 'bad');
        const sorted = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const rows = sorted.slice(1).flatMap((end, at) => [...pieces.read(text.slice(sorted[at], end))]);
        expect([...rows, ...pieces.read('', true)]).toEqual(whole);
        const lines = text.replace(/^\u00ef\u00bb\u00bf/, '').split(/\r\n|\n|\r/);
        expect(whole.length).toBe(lines.filter((line) => /[^ \t]/.test(line)).length);
      }),
      { numRuns: fuzzLines(20_000) },
    );
  });

  test('a line that does not end', () => {
    const lines = wordLines(() => 'bad');
    expect(() => [...lines.read('x'.repeat(2 ** 26 + 1))]).toThrow(new RangeError('line 1 does not end'));
  });
});

test('a row of an aggregate is some requests, or one fault', { timeout: FUZZ_TIMEOUT }, () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('1', '2', '5', 'PUT', 'GET', '2025-01-01', '1e9', '', '-', '9e15'),
  );
  const row = fc.record({ timestamp: cell, operation: cell, key: cell, count: cell, bytes: cell, size: cell });
  fc.assert(
    fc.property(row, (fields) => {
      const rows = aggregateRows(fields);
      const faults = rows.filter((row) => typeof row === 'string');
      expect(faults.length === 0 || (faults.length === 1 && rows.length === 1)).toBe(true);
      const settings = { charges: OWNER_PAYS };
      for (const row of rows) if (typeof row !== 'string') expect(typeof readReading(row, settings)).toBe('object');
    }),
    { numRuns: fuzzLines(20_000) },
  );
});

test('manifests and totals of any JSON, and of JSON that is damaged', { timeout: FUZZ_TIMEOUT }, async () => {
  const names = [
    'totals',
    'groups',
    'months',
    'files',
    'key',
    'size',
    'fileFormat',
    'fileSchema',
    'a',
    '__proto__',
    'uploads',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(1, -1, 'CSV', 'Parquet', '20%', '1 GB', null, true, '', 1e300),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }),
    ),
  }));
  const text = fc.tuple(value, fc.nat(400), fc.boolean()).map(([value, at, isCut]) => {
    const text = JSON.stringify(value);
    return isCut ? text.slice(0, at % (text.length + 1)) : text;
  });
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      await reading(() => parseManifest(text, 'manifest.json'));
      await reading(() => parseTotals(text, 'totals.yaml'));
    }),
    { numRuns: fuzzLines(30_000) / 10 },
  );
});

test('every text is of some format', { timeout: FUZZ_TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(lineish, async (text) => {
      const found = recogniseText(text, 'name') ?? fallback;
      expect(formatNames).toContain(found.name);
      expect(namedSources(found.name).map(({ holds }) => holds)).toContain(found.holds);
      await reading(() => void found.open(text, { file: 'name', renames: {} }));
      recogniseRecords(Buffer.from(text, 'latin1'), 'name');
    }),
    { numRuns: fuzzLines(50_000) / 10 },
  );
});
