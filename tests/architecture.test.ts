/** Who may import whom, and what the core may not touch: the table of the architecture as a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../src/model/version.ts';

const SRC = join(import.meta.dirname, '../src');

/** A source file by its path below src, with `/` between folders. */
interface SourceFile {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

interface Layer {
  /** Files of the layer: a file, or everything below a folder. The first layer that matches is the file's. */
  readonly of: string;
  readonly imports: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  /** Packages of which only types may be imported. */
  readonly packageTypes?: readonly string[];
  /** Runs in a browser as in Node, and gives the same result every time. */
  readonly core: boolean;
}

const CORE = ['model', 'trace', 'sources', 'policies', 'metering', 'pricing', 'generators', 'reports', 'lint'];
const WHOLE = [
  ...CORE,
  'profile',
  'policy-run.ts',
  'by-group.ts',
  'simulate.ts',
  'account',
  'explain.ts',
  'index.ts',
  'node',
];
/** By function: the whole of it takes longer to load than the program. */
const DATE_FNS = ['addMonths', 'format', 'getTime', 'startOfMonth'].map((name) => `date-fns/${name}`);
const BROWSER_CSV = 'csv-parse/browser/esm/sync';

const LAYERS: readonly Layer[] = [
  { of: 'model', imports: ['model'], packages: [...DATE_FNS, '@date-fns/utc/date/mini'], core: true },
  { of: 'trace', imports: ['model', 'trace'], packages: [], core: true },
  { of: 'sources', imports: ['model', 'trace', 'sources'], packages: [BROWSER_CSV, 'yaml'], core: true },
  { of: 'policies', imports: ['model', 'trace', 'policies'], packages: ['@rgrove/parse-xml'], core: true },
  { of: 'metering', imports: ['model', 'trace', 'metering'], packages: [], core: true },
  { of: 'pricing', imports: ['model', 'pricing'], packages: [BROWSER_CSV], core: true },
  { of: 'generators', imports: ['model', 'generators'], packages: [], core: true },
  {
    of: 'reports/page',
    imports: ['model', 'metering', 'pricing', 'reports'],
    types: ['simulate.ts'],
    packages: [],
    // The page brings the library along and hands it to its script.
    packageTypes: ['chart.js'],
    core: true,
  },
  {
    of: 'reports',
    imports: ['model', 'metering', 'pricing', 'reports'],
    types: ['simulate.ts'],
    packages: [],
    core: true,
  },
  // A finding weighs rules against prices, which no policy sees, and tells numbers as reports do.
  { of: 'profile', imports: ['model', 'trace', 'profile'], packages: [], core: true },
  { of: 'lint', imports: ['model', 'policies', 'pricing', 'reports', 'lint'], packages: [], core: true },
  { of: 'policy-run.ts', imports: CORE, packages: [], core: true },
  { of: 'by-group.ts', imports: [...CORE, 'policy-run.ts'], packages: [], core: true },
  { of: 'simulate.ts', imports: [...CORE, 'policy-run.ts', 'by-group.ts'], packages: [], core: true },
  { of: 'account', imports: [...CORE, 'policy-run.ts', 'account'], packages: [], core: true },
  { of: 'explain.ts', imports: [...CORE, 'policy-run.ts', 'simulate.ts', 'account'], packages: [], core: true },
  { of: 'index.ts', imports: [...CORE, 'simulate.ts', 'explain.ts'], packages: [], core: true },
  {
    of: 'node',
    imports: WHOLE,
    packages: ['node:', '@duckdb/node-api', 'csv-parse', 'fzstd', 'tinyglobby'],
    core: false,
  },
  { of: 'cli.ts', imports: [...WHOLE, 'commands'], packages: ['commander', 'node:'], core: false },
  { of: 'commands', imports: [...WHOLE, 'cli.ts', 'commands'], packages: ['commander', 'node:'], core: false },
];

/** What a core file must be given instead: the time, randomness; and what a browser does not have. */
const NOT_IN_CORE: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'the clock',
    /\bDate\s*\.\s*now\b|\b(?:UTC)?Date(?:Mini)?\s*\(\s*\)|\bnew\s+(?:UTC)?Date(?:Mini)?\b(?!\s*\()|\bperformance\s*\./,
  ],
  ['randomness', /\bMath\s*\.\s*random\b|\bgetRandomValues\b|\brandomUUID\b/],
  ['Node', /\bprocess\s*\.|\bBuffer\b|\b__dirname\b|\bimport\.meta\.(?:dirname|filename)\b/],
];

/** Every rule that files break, as `path: what`. */
function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const text = withoutComments(file.text);
    const layer = LAYERS.find(({ of }) => isIn(file.path, of));
    if (layer === undefined) return [`${file.path}: belongs to no layer`];
    const slips = importsOf(file).flatMap((found) => importSlip(file.path, layer, found) ?? []);
    if (layer.core) {
      for (const [what, pattern] of NOT_IN_CORE) if (pattern.test(text)) slips.push(`touches ${what}`);
    }
    if (layer.of !== 'cli.ts' && layer.of !== 'commands' && /\bconsole\b/.test(text)) slips.push('prints');
    return slips.map((slip) => `${file.path}: ${slip}`);
  });
}

function importSlip(path: string, layer: Layer, { specifier, typeOnly }: Import): string | undefined {
  if (specifier.startsWith('.')) {
    const target = resolved(path, specifier);
    const allowed = [...layer.imports, ...(typeOnly ? (layer.types ?? []) : [])];
    return allowed.some((of) => isIn(target, of)) ? undefined : `imports ${target}`;
  }
  const allowed = [...layer.packages, ...(typeOnly ? (layer.packageTypes ?? []) : [])];
  const known = allowed.some((name) => (name.endsWith(':') ? specifier.startsWith(name) : specifier === name));
  return known ? undefined : `imports ${specifier}`;
}

/** Static and dynamic imports, exports from elsewhere, types by `import('…')`, `require`. A computed specifier is its text. */
function importsOf({ text }: SourceFile): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  const statement = /^[ \t]*(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?[^'"`;()=]*?\bfrom\s*(['"])(.+?)\2/gm;
  for (const [whole, type, , specifier] of code.matchAll(statement)) {
    found.push({ specifier: specifier!, typeOnly: type !== undefined || namesTypesOnly(whole) });
  }
  for (const [, , specifier] of code.matchAll(/^[ \t]*import\s*(['"])(.+?)\1/gm)) {
    found.push({ specifier: specifier!, typeOnly: false });
  }
  for (const [, specifier] of code.matchAll(/(?<![\w.])(?:import|require)\s*\(\s*([^)]*?)\s*,?\s*\)/g)) {
    found.push({ specifier: specifier!.replace(/^(['"`])(.*)\1$/s, '$2'), typeOnly: false });
  }
  return found;
}

/** `import { type A, type B } from …` */
function namesTypesOnly(statement: string): boolean {
  const [, names] = /^\s*(?:import|export)\s*\{([^}]*)\}\s*from/.exec(statement) ?? [];
  const listed = names?.split(',').filter((name) => name.trim() !== '');
  return listed !== undefined && listed.length > 0 && listed.every((name) => /^\s*type\s/.test(name));
}

/** Strings stay, so that `'https://…'` begins no comment. */
function withoutComments(text: string): string {
  return text.replace(/('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/.*/g, (_, kept = ' ') => kept);
}

function isIn(path: string, layer: string): boolean {
  return path === layer || path.startsWith(`${layer}/`);
}

/** Path below src of what a file imports; with `..` in front when it is outside. */
function resolved(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function sourceFiles(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }));
}

describe('the import table', () => {
  const files = sourceFiles();

  it('holds', () => {
    expect(violations(files)).toEqual([]);
  });

  it('sees the whole program', () => {
    // A scanner that finds nothing would find no violation either: every layer has files, and they import plenty.
    const total = files.reduce((sum, file) => sum + importsOf(file).length, 0);
    expect(files.length).toBeGreaterThan(80);
    expect(total).toBeGreaterThan(3 * files.length);
    for (const { of } of LAYERS) expect(files.filter(({ path }) => isIn(path, of)).length).toBeGreaterThan(0);
  });

  it('finds as many imports as a plain count of lines does', () => {
    for (const file of files) {
      const lines = file.text.split('\n').filter((line) => /^(?:import|export|\}).* from '[^']+';$/.test(line));
      const dynamic = file.text.split("import('").length - 1;
      expect([file.path, importsOf(file).length]).toEqual([file.path, lines.length + dynamic]);
    }
  });

  it('reads every form of an import', () => {
    const text = `
      import a from './a.ts';
      import type { B } from './b.ts';
      import { type C, type D } from './c.ts';
      import { type E, f } from './d.ts';
      import './e.ts';
      export * from "./f.ts";
      export type { G } from './g.ts';
      import {
        h,
      } from './h.ts';
      // import './commented.ts';
      /* import './commented.ts'; */
      const url = 'https://example.com'; const i = await import('./i.ts');
      type J = import('./j.ts').J;
      const k = require('./k.ts');
      const l = import(\`./\${name}.ts\`);
      export const m = 'not from anywhere';
      import type from './n.ts';
    `;
    const found = importsOf({ path: 'x.ts', text });
    const named = (typeOnly: boolean) => found.filter((one) => one.typeOnly === typeOnly).map((one) => one.specifier);
    expect(named(true).sort()).toEqual(['./b.ts', './c.ts', './g.ts']);
    const values = ['a', 'd', 'e', 'f', 'h', 'i', 'j', 'k', 'n'].map((name) => `./${name}.ts`);
    expect(named(false).sort()).toEqual([`./\${name}.ts`, ...values].sort());
  });

  const planted: readonly (readonly [path: string, text: string, slip: string])[] = [
    ['model/x.ts', "import { Life } from '../trace/life.ts';", 'imports trace/life.ts'],
    ['model/x.ts', "import { max } from 'lodash';", 'imports lodash'],
    ['trace/x.ts', "import type { Meter } from '../metering/meter.ts';", 'imports metering/meter.ts'],
    ['trace/x.ts', "import { format } from 'date-fns';", 'imports date-fns'],
    ['sources/x.ts', "import { parse } from 'csv-parse';", 'imports csv-parse'],
    ['sources/x.ts', "import { parse } from 'csv-parse/sync';", 'imports csv-parse/sync'],
    ['sources/x.ts', "import { openTrace } from '../node/duckdb.ts';", 'imports node/duckdb.ts'],
    ['policies/x.ts', "import type { PriceList } from '../pricing/price-list.ts';", 'imports pricing/price-list.ts'],
    ['metering/x.ts', "import { fixedPolicy } from '../policies/fixed.ts';", 'imports policies/fixed.ts'],
    ['pricing/x.ts', "import { DailyUsage } from '../metering/daily-usage.ts';", 'imports metering/daily-usage.ts'],
    ['lint/x.ts', "import type { Life } from '../trace/life.ts';", 'imports trace/life.ts'],
    ['policies/x.ts', "import { lint } from '../lint/index.ts';", 'imports lint/index.ts'],
    ['generators/x.ts', "import type { Life } from '../trace/life.ts';", 'imports trace/life.ts'],
    ['reports/x.ts', "import { compare } from '../simulate.ts';", 'imports simulate.ts'],
    ['reports/x.ts', "import type { Chart } from 'chart.js';", 'imports chart.js'],
    ['reports/page/x.ts', "import { Chart } from 'chart.js';", 'imports chart.js'],
    ['reports/x.ts', "import type { Life } from '../trace/life.ts';", 'imports trace/life.ts'],
    ['simulate.ts', "import { compareFiles } from './node/compare.ts';", 'imports node/compare.ts'],
    ['simulate.ts', "import { format } from 'date-fns';", 'imports date-fns'],
    ['account/x.ts', "import { compare } from '../simulate.ts';", 'imports simulate.ts'],
    ['simulate.ts', "import { explain } from './explain.ts';", 'imports explain.ts'],
    ['index.ts', "export { compareFiles } from './node/index.ts';", 'imports node/index.ts'],
    ['index.ts', "export * from './cli.ts';", 'imports cli.ts'],
    ['node/x.ts', "import { run } from '../commands/run.ts';", 'imports commands/run.ts'],
    ['node/x.ts', "const { program } = await import('../cli.ts');", 'imports cli.ts'],
    ['node/x.ts', "import { Command } from 'commander';", 'imports commander'],
    ['commands/x.ts', "import { DuckDBInstance } from '@duckdb/node-api';", 'imports @duckdb/node-api'],
    ['cli.ts', "import { parse } from 'csv-parse';", 'imports csv-parse'],
    ['model/x.ts', "import '../../tests/x.ts';", 'imports ../tests/x.ts'],
    ['model/x.ts', "import { readFileSync } from 'node:fs';", 'imports node:fs'],
    ['metering/x.ts', "const fs = await import('node:fs');", 'imports node:fs'],
    ['metering/x.ts', "const fs = require('fs');", 'imports fs'],
    ['metering/x.ts', "type Stats = import('node:fs').Stats;", 'imports node:fs'],
    ['metering/x.ts', 'const name = await import(path);', 'imports path'],
    ['policies/x.ts', 'const now = Date.now();', 'touches the clock'],
    ['policies/x.ts', 'const now = new Date( );', 'touches the clock'],
    ['policies/x.ts', 'const now = new Date;', 'touches the clock'],
    ['policies/x.ts', 'const now = new UTCDateMini();', 'touches the clock'],
    ['metering/x.ts', 'const began = performance.now();', 'touches the clock'],
    ['generators/x.ts', 'const chance = Math.random();', 'touches randomness'],
    ['generators/x.ts', 'crypto.getRandomValues(bytes);', 'touches randomness'],
    ['reports/x.ts', 'process.stdout.write(text);', 'touches Node'],
    ['reports/x.ts', 'const bytes = Buffer.from(text);', 'touches Node'],
    ['reports/x.ts', 'console.log(text);', 'prints'],
    ['node/x.ts', 'console.error(text);', 'prints'],
    ['helpers/x.ts', '', 'belongs to no layer'],
  ];

  it.each(planted)('reports %s with %s', (path, text, slip) => {
    expect(violations([...files, { path, text }])).toEqual([`${path}: ${slip}`]);
  });

  it('allows what it allows', () => {
    const allowed: readonly SourceFile[] = [
      {
        path: 'model/x.ts',
        text: "import { UTCDateMini } from '@date-fns/utc/date/mini';\nconst epoch = new Date(0);",
      },
      { path: 'sources/x.ts', text: `import { parse } from '${BROWSER_CSV}';` },
      { path: 'reports/x.ts', text: "import type { SimulationOptions } from '../simulate.ts';" },
      { path: 'reports/page/x.ts', text: "import type { Chart } from 'chart.js';" },
      { path: 'node/x.ts', text: "import { readFile } from 'node:fs/promises';\nconst now = Date.now();" },
      { path: 'commands/x.ts', text: 'console.log(new Date());' },
      { path: 'trace/x.ts', text: '// Date.now() and console.log would not do here\n/** @see Math.random */' },
    ];
    expect(violations(allowed)).toEqual([]);
  });
});

describe('the version', () => {
  it('is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});
