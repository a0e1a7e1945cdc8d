/** The README tells the truth: its commands print what it shows, its snippet runs, its tables are complete. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presets } from '../src/generators/index.ts';
import { checks } from '../src/lint/index.ts';
import { assumptions, DEFAULT_SWITCHES } from '../src/model/assumptions.ts';
import { BILLING_RULES } from '../src/model/billing-rules.ts';
import { VERSION } from '../src/model/version.ts';
import { policyNames } from '../src/policies/index.ts';
import { reports } from '../src/reports/index.ts';
import { formatNames } from '../src/sources/index.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const CLI = join(ROOT, 'dist/cli.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiercast-readme-'));
  cpSync(join(ROOT, 'samples'), join(folder, 'samples'), { recursive: true });
  symlinkSync(join(ROOT, 'pricing'), join(folder, 'pricing'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command prints, when the input says no too. */
function tiercast(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0 && status !== 1) throw new Error(`exit code ${status}: ${stderr}`);
  return stdout;
}

/** Commands the README shows with what they print; `…` alone on a line stands for any lines. */
const SHOWN = [...README.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = '', ...output] = text.split('\n');
      return { command, output: output.join('\n').trimEnd() };
    }),
);

describe('the commands print what the README says', () => {
  test('there are some', () => expect(SHOWN.length).toBeGreaterThan(6));

  test.each(SHOWN)('$command', ({ command, output }) => {
    const printed = tiercast(command.split(' ').slice(1)).trimEnd();
    const pattern = output
      .split(/^…$/m)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*');
    expect(printed).toMatch(new RegExp(`^${pattern}$`));
  });

  test('the sample is made by the command it names', () => {
    const [, command] = /`tiercast (generate video [^`]*) -o samples\/video\.csv`/.exec(README)!;
    expect(tiercast(command!.split(' '))).toBe(readFileSync(join(ROOT, 'samples/video.csv'), 'utf8'));
  });
});

test('the library snippet runs', () => {
  const [, snippet] = /```js\n([\s\S]*?)```/.exec(README)!;
  const script = join(folder, 'snippet.mjs');
  writeFileSync(script, snippet!.replace("'tiercast'", JSON.stringify(join(ROOT, 'dist/index.js'))));
  const printed = execFileSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  expect(printed).toMatch(/^glacier-ir 5\.8/);
});

test('the price file it shows is the sample', () => {
  const [, shown] = /`samples\/contract\.json`:\n\n```json\n([\s\S]*?)```/.exec(README)!;
  expect(shown).toBe(readFileSync(join(ROOT, 'samples/contract.json'), 'utf8'));
});

test.each([
  ...policyNames,
  ...formatNames,
  ...Object.keys(presets),
  ...Object.keys(reports).map((format) => `--${format}`),
])('%s has its place', (name) => expect(README).toContain(`\`${name}\``));

test.each(checks.map(({ name }) => name))('the check %s has its row', (name) => {
  expect(README).toContain(`\n| \`${name}\` | `);
});

test.each(Object.values(presets).map((preset) => [preset.name, preset] as const))(
  'the row of %s is its own',
  (_, preset) => {
    expect(README).toContain(`| \`${preset.name}\` | ${preset.imitates} | \`${preset.winner}\` | ${preset.why} |`);
  },
);

test.each(assumptions(DEFAULT_SWITCHES).map((one) => [one.name, one] as const))(
  'the assumption %s has its row',
  (name, { effect }) => {
    expect(README).toMatch(new RegExp(`^\\| ${name} \\| .* \\| .* \\| ${effect.replaceAll('$', '\\$')} \\|$`, 'm'));
  },
);

describe.each(BILLING_RULES.map((rule) => [rule.text, rule] as const))(
  'the rule “%s”',
  (_, { text, page, test: held }) => {
    test('has its row', () => expect(README).toContain(`| ${text} | [${nameOf(page)}](${page}) | ${held[0]} |`));

    test('is held by a test that is there', () => {
      expect(readFileSync(join(ROOT, held[0]), 'utf8')).toContain(held[1]);
    });
  },
);

/** The last part of an AWS page's address. */
function nameOf(page: string): string {
  return page.replace(/\/$/, '').split('/').at(-1)!.replace('.html', '');
}

const COMMANDS = [
  'compare',
  'simulate',
  'explain',
  'ingest',
  'profile',
  'generate',
  'report',
  'lint',
  'prices',
  'prices import',
  'prices diff',
  'help',
];

test.each(COMMANDS)('every option of %s is mentioned', (command) => {
  const options = [...tiercast([...command.split(' '), '--help']).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
    ([, option]) => option!,
  );
  expect(options.length).toBeGreaterThan(0);
  for (const option of options) if (option !== '--help') expect(README).toContain(option);
});

test('the version is package.json’s', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  expect(tiercast(['--version']).trim()).toBe(VERSION);
});
