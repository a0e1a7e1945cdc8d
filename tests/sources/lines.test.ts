import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineRows } from '../../src/sources/lines.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';

const read = (pieces: readonly string[]): unknown[] => {
  const rows = new LineRows((line) => line);
  return [...pieces.flatMap((piece) => [...rows.read(piece)]), ...rows.read('', true)].map(({ line, raw }) => [
    line,
    raw,
  ]);
};

test('lines have numbers, however they end', () => {
  const expected = [
    [1, 'a'],
    [3, 'b'],
    [4, 'c'],
  ];
  for (const end of ['\n', '\r\n', '\r']) expect(read([`a${end}${end}b${end}c`])).toEqual(expected);
  expect(read(['\u00ef\u00bb\u00bfa\r', '\n\nb\n', 'c\n'])).toEqual(expected);
  expect(read(['', ''])).toEqual([]);
});

test('a byte order mark is no part of the first line, in whatever pieces it arrives', () => {
  const mark = '\u00ef\u00bb\u00bf';
  for (const pieces of [[`${mark}a\n`], [...mark, 'a\n'], ['', mark.slice(0, 1), '', `${mark.slice(1)}a`]])
    expect(read(pieces)).toEqual([[1, 'a']]);
  // What only begins like one is text.
  expect(read([mark.slice(0, 1), mark.slice(1, 2), 'a'])).toEqual([[1, `${mark.slice(0, 2)}a`]]);
  expect(read([mark.slice(0, 2)])).toEqual([[1, mark.slice(0, 2)]]);
  expect(read([mark])).toEqual([]);
});

test('the same in any pieces', { timeout: FUZZ_TIMEOUT }, () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\n', '\r', '\u00ff', '\u00ef', '\u00bb', '\u00bf'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (whole, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((place, at) => whole.slice(places[at], place));
      const lines = whole
        .replace(/^\u00ef\u00bb\u00bf/, '')
        .split(/\r\n|\n|\r/)
        .map((line, at) => [at + 1, line]);
      expect(read(pieces)).toEqual(lines.filter(([, line]) => line !== ''));
    }),
    { numRuns: fuzzLines(20_000) / 10, seed: 1 },
  );
});

test('what never ends is no text; a long line costs no more than its length', { timeout: 20_000 }, () => {
  const rows = new LineRows((line) => line);
  const piece = 'x'.repeat(2 ** 16);
  const began = performance.now();
  expect(() => {
    for (let i = 0; i < 2000; i++) for (const _ of rows.read(piece)) expect.unreachable();
  }).toThrow(new RangeError('line 1 does not end'));
  expect(performance.now() - began).toBeLessThan(5000);
});
