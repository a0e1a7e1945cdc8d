/** Who may import whom: the table of the README, held by the sources themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = new URL('../src/', import.meta.url).pathname;
const CORE = ['model', 'trace', 'sources', 'policies', 'metering', 'pricing', 'generators', 'reports'];

interface Layer {
  /** Folders or files (of src) whose modules may be imported. */
  readonly from: readonly string[];
  readonly packages: readonly (string | RegExp)[];
}

const LAYERS: Readonly<Record<string, Layer>> = {
  model: { from: ['model'], packages: ['date-fns', '@date-fns/utc'] },
  trace: { from: ['model', 'trace'], packages: [] },
  sources: { from: ['model', 'trace', 'sources'], packages: ['csv-parse/browser/esm/sync'] },
  policies: { from: ['model', 'trace', 'policies'], packages: [] },
  metering: { from: ['model', 'trace', 'metering'], packages: [] },
  pricing: { from: ['model', 'pricing'], packages: ['csv-parse/browser/esm/sync'] },
  generators: { from: ['model', 'generators'], packages: [] },
  reports: { from: ['model', 'metering', 'pricing', 'reports'], packages: [] },
  'reports/page': { from: ['model', 'reports'], packages: ['chart.js'] },
  'simulate.ts': { from: CORE, packages: [] },
  'index.ts': { from: [...CORE, 'simulate.ts'], packages: [] },
  node: {
    from: [...CORE, 'simulate.ts', 'index.ts', 'node'],
    packages: [/^node:/, '@duckdb/node-api', 'csv-parse', 'fzstd'],
  },
  commands: { from: [...CORE, 'simulate.ts', 'index.ts', 'node', 'commands'], packages: [/^node:/, 'commander'] },
  'cli.ts': { from: [...CORE, 'simulate.ts', 'index.ts', 'node', 'commands'], packages: [/^node:/, 'commander'] },
};

interface SourceFile {
  /** Relative to src. */
  readonly path: string;
  readonly text: string;
}

/** Static and dynamic imports, re-exports, types too. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /(?:^|[^.\w])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm,
  );
  return [...found].map(([, a, b, c]) => (a ?? b ?? c)!);
}

function layerOf(path: string): string {
  if (path.startsWith('reports/page/')) return 'reports/page';
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
}

function violations({ path, text }: SourceFile): string[] {
  const layer = LAYERS[layerOf(path)];
  if (!layer) return [`${path}: no layer`];
  const forbidden = importsOf(text).filter((specifier) => {
    if (!specifier.startsWith('.')) {
      return !layer.packages.some((allowed) =>
        typeof allowed === 'string' ? allowed === specifier : allowed.test(specifier),
      );
    }
    const target = layerOf(relative('/', join('/', dirname(path), specifier)));
    return !layer.from.includes(target) && !(target === layerOf(path));
  });
  const impure = CORE.includes(layerOf(path))
    ? [...text.matchAll(/Date\.now\(|new Date\(\)|performance\.now\(|Math\.random\(|\bconsole\./g)].map(
        ([found]) => found,
      )
    : [];
  return [
    ...forbidden.map((specifier) => `${path} imports ${specifier}`),
    ...impure.map((use) => `${path} uses ${use}`),
  ];
}

const FILES: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }));

test('every module imports only what its folder may', () => {
  expect(FILES.flatMap(violations)).toEqual([]);
});

test('the scanner sees the sources and their imports', () => {
  expect(FILES.length).toBeGreaterThan(80);
  expect(FILES.flatMap(({ text }) => importsOf(text)).length).toBeGreaterThan(300);
  expect(importsOf(FILES.find(({ path }) => path === 'commands/compare.ts')!.text)).toContain('../node/price-files.ts');
});

describe('a planted violation is found', () => {
  test.each([
    ['model/time.ts', "import { open } from 'node:fs/promises';"],
    ['model/time.ts', "import type { Life } from '../trace/life.ts';"],
    ['metering/meter.ts', "import { bill } from '../pricing/bill.ts';"],
    ['policies/fixed.ts', "export type { PriceList } from '../pricing/price-list.ts';"],
    ['reports/table.ts', "const fs = await import('node:fs');"],
    ['sources/csv.ts', "import { parse } from 'csv-parse';"],
    ['node/compare.ts', "import { runFiles } from '../commands/run.ts';"],
    ['simulate.ts', "import { readFile } from 'node:fs';"],
    ['trace/life.ts', "import {\n  a,\n  b,\n} from 'lodash';"],
    ['metering/meter.ts', 'const now = Date.now();'],
    ['reports/table.ts', "console.log('x');"],
    ['utils/x.ts', ''],
  ])('%s: %s', (path, text) => {
    expect(violations({ path, text })).toHaveLength(1);
  });
});
