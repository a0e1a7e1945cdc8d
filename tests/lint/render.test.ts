import { expect, it } from 'vitest';
import type { Finding } from '../../src/lint/index.ts';
import { findingsJson, renderFindings } from '../../src/lint/render.ts';
import { VERSION } from '../../src/model/version.ts';

const error: Finding = { severity: 'error', check: 'refused', code: 'InvalidRequest', rule: 'a', line: 7, what: 'no' };
const warning: Finding = {
  severity: 'warning',
  check: 'some',
  line: 12,
  what: 'it is so',
  why: 'it is',
  advice: 'do it',
};
const note: Finding = { severity: 'note', check: 'other', what: 'that too', advice: "'x' is meant" };

const render = (...files: readonly (readonly [string, readonly Finding[]])[]) =>
  renderFindings(
    files.map(([file, findings]) => ({ file, findings })),
    { color: false },
  );

it('is one line per finding, with its severity, rule, what, why and advice', () => {
  expect(render(['rules.json', [error, warning, note]])).toBe(`rules.json
   7  error    rule 'a': InvalidRequest: no
  12  warning  it is so: it is. Do it. [some]
      note     that too. 'x' is meant. [other]

1 error, 1 warning, 1 note in rules.json; S3 would refuse it
`);
});

it('leaves out files there is nothing to say of', () => {
  expect(render(['a.json', []], ['b.json', [note, note]], ['c.json', [error]])).toBe(`b.json
     note     that too. 'x' is meant. [other]
     note     that too. 'x' is meant. [other]

c.json
  7  error    rule 'a': InvalidRequest: no

1 error, 2 notes in 3 files; S3 would refuse 1 of them
`);
  expect(render(['a.json', []])).toBe('nothing to say of a.json; S3 would accept it\n');
  expect(render(['a.json', []], ['b.json', []])).toBe('nothing to say of 2 files; S3 would accept all of them\n');
});

it('tells what S3 would refuse from what nobody can read', () => {
  const { code: _, ...unread } = error;
  const last = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);
  expect(last(render(['a.json', [unread]]))).toBe('1 error in a.json; it cannot be read');
  expect(last(render(['a.json', [unread]], ['b.json', [error]]))).toBe(
    '2 errors in 2 files; S3 would refuse 1 of them, 1 of them cannot be read',
  );
});

it('colours severities where it may, and shows hostile text harmlessly', () => {
  const hostile = { file: '\u001b[2J', findings: [{ ...error, rule: 'a\nb', what: '\u202e' }] };
  expect(renderFindings([hostile], { color: true })).toBe(`\\u{1b}[2J
  7  \u001b[31merror\u001b[0m    rule 'a\\u{a}b': InvalidRequest: \\u{202e}

1 error in \\u{1b}[2J; S3 would refuse it
`);
});

it('is JSON for a program', () => {
  const files = [
    { file: 'a.json', findings: [error, note] },
    { file: 'b.json', findings: [warning] },
  ];
  expect(JSON.parse(findingsJson(files, 'eu-west-1'))).toEqual({
    schema: 'tiercast.lint/1',
    tiercast: VERSION,
    region: 'eu-west-1',
    errors: 1,
    warnings: 1,
    notes: 1,
    files: [
      { file: 'a.json', accepted: false, findings: [error, note] },
      { file: 'b.json', accepted: true, findings: [warning] },
    ],
  });
});
