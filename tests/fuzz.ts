/** How many lines the tests of hostile input make, and what a text is tampered with. */
import fc from 'fast-check';

/** Lines a test generates: so many as `FUZZ_LINES` says in all of them, or what takes it a second. */
export function fuzzLines(usual: number): number {
  return Number(process.env.FUZZ_LINES ?? usual);
}

/** Milliseconds in which a test with `FUZZ_LINES` must be done: a hang, not a slow machine, takes longer. */
export const FUZZ_TIMEOUT = 4 * 3_600_000;

/** A text with pieces of it cut out, and others put in. */
export function tampered(text: fc.Arbitrary<string>, pieces: readonly string[]): fc.Arbitrary<string> {
  const splice = fc.record({
    at: fc.nat(),
    cut: fc.constantFrom(0, 0, 0, 1, 5, 1000),
    text: fc.constantFrom('', ...pieces),
  });
  return fc.tuple(text, fc.array(splice, { maxLength: 3 })).map(([text, splices]) =>
    splices.reduce((changed, { at, cut, text: inserted }) => {
      const place = at % (changed.length + 1);
      return changed.slice(0, place) + inserted + changed.slice(place + cut);
    }, text),
  );
}

/** JSON with one of its values replaced by another, or one of its names. */
export function changedJson(text: string): fc.Arbitrary<string> {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const values = [
    'null',
    'true',
    '0',
    '-1',
    '1.5',
    '1e400',
    '""',
    '" "',
    '"x"',
    '[]',
    '{}',
    '[null]',
    '{"toString":1}',
    deep,
  ];
  const places = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g)];
  return fc.tuple(fc.nat(), fc.constantFrom(...values)).map(([at, value]) => {
    const { 0: found, index } = places[at % places.length]!;
    return text.slice(0, index) + value + text.slice(index + found.length);
  });
}
