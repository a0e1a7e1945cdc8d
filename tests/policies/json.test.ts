import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isArray, isObject, type Json, parseJson } from '../../src/policies/json.ts';

function plain(value: Json): unknown {
  if (isArray(value)) return value.items.map(plain);
  if (isObject(value)) return Object.fromEntries([...value.fields].map(([name, field]) => [name, plain(field)]));
  return value;
}

function native(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

it('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.nat(3), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent);
      const result = parseJson(spaced);
      expect('value' in result && plain(result.value)).toEqual(JSON.parse(spaced));
    }),
  );
});

it.each(['0', '-0', '12.50', '1e5', '1E5', '1e+05', '2.5e-3', '-1.0E+2'])('reads %s as a number', (text) => {
  const result = parseJson(`[${text}]`);
  expect('value' in result && plain(result.value)).toEqual(JSON.parse(`[${text}]`));
});

it('stops where JSON.parse refuses, after one character is changed', () => {
  const character = fc.constantFrom(...' \n\t"\\,:{}[]0-+.eEtnu/\u0001x');
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), character, fc.boolean(), (text, at, changed, insert) => {
      const i = at % text.length;
      const other = text.slice(0, i) + changed + text.slice(insert ? i : i + 1);
      const result = parseJson(other);
      // A field given twice is the one thing JSON.parse lets pass.
      if ('slip' in result && result.slip.message.startsWith('expected each field once')) return;
      const expected = native(other);
      expect('value' in result).toBe(expected !== undefined);
      if ('value' in result) expect(plain(result.value)).toEqual(expected!.value);
    }),
    { numRuns: 2000 },
  );
});

it('gives the line an object begins on', () => {
  const result = parseJson('\n{"a":\r\n  [\n 1, {}]}');
  const root = 'value' in result && isObject(result.value) ? result.value : undefined;
  const list = root?.fields.get('a');
  expect([
    root?.line,
    isArray(list) && list.line,
    isArray(list) && isObject(list.items[1]) && list.items[1].line,
  ]).toEqual([2, 3, 4]);
});

it('reads a long text at once', () => {
  const text = 'x\\n'.repeat(1_000_000);
  const result = parseJson(`"${text}"`);
  expect('value' in result && (result.value as string).length).toBe(2_000_000);
  const escapes = parseJson(`"${'\\n'.repeat(4_000_000)}"`);
  expect('value' in escapes && (escapes.value as string).length).toBe(4_000_000);
  expect(parseJson(`"${'\\n'.repeat(4_000_000)}`)).toHaveProperty('slip.column', 1);
});
