import { describe, expect, it } from 'vitest';
import { Checks } from '../../src/policies/checks.ts';
import { type Json, parseJson } from '../../src/policies/json.ts';

const json = (text: string): Json => {
  const result = parseJson(text);
  return 'value' in result ? result.value : null;
};

describe('a diagnostic of a policy file', () => {
  it('says where it is, as far as that is known', () => {
    const [named, nameless] = [new Checks('life.json'), new Checks()];
    named.ofRule('a', () => named.refuse('InvalidArgument', 'one', 7));
    named.error('two');
    nameless.error('three');
    expect(named.diagnostics).toStrictEqual([
      { severity: 'error', message: 'one', code: 'InvalidArgument', where: { file: 'life.json', line: 7, rule: 'a' } },
      { severity: 'error', message: 'two', where: { file: 'life.json' } },
    ]);
    expect(nameless.diagnostics).toStrictEqual([{ severity: 'error', message: 'three', where: {} }]);
  });

  it('names no rule after the checks of one, though they throw', () => {
    const checks = new Checks();
    const fail = () => {
      throw new Error('a bug');
    };
    expect(() => checks.ofRule('a', fail)).toThrow('a bug');
    checks.error('after');
    expect(checks.diagnostics[0]!.where).toEqual({});
  });

  it('repeats an ID as far as S3 allows one', () => {
    const checks = new Checks();
    for (const length of [255, 256]) checks.ofRule('x'.repeat(length), () => checks.error(''));
    expect(checks.diagnostics.map(({ where }) => where?.rule)).toEqual(['x'.repeat(255), `${'x'.repeat(255)}...`]);
  });

  it('says what was expected and what is there', () => {
    const checks = new Checks();
    checks.string(json('{}'), 'it');
    checks.boolean(json('[]'), 'it');
    checks.integer('1', 'it');
    checks.array(null, 'it');
    checks.object(undefined, 'it', []);
    expect(checks.diagnostics.map(({ message }) => message.split('schema: ')[1])).toEqual([
      'it must be a text, not an object',
      'it must be true or false, not a list',
      "it must be a whole number, not the text '1'",
      'it must be a list [ … ], not null',
      'it is missing',
    ]);
  });

  it('guesses what a field was meant to be by its first 64 characters', () => {
    const checks = new Checks();
    checks.unknownField(`Prefix${'x'.repeat(300)}`, 'it', ['Prefix', 'x'.repeat(150)]);
    expect(checks.diagnostics[0]!.message).toContain('it may have Prefix, ');
  });
});
