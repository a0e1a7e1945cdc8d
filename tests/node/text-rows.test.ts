/** The texts that are no logs as a run takes them: rows in are rows understood and rows rejected, whichever reader takes them. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OWNER_PAYS } from '../../src/model/charges.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { compare } from '../../src/simulate.ts';
import { binaryText } from '../../src/sources/bytes.ts';
import { namedSources } from '../../src/sources/index.ts';
import { readTrace } from '../../src/sources/read-trace.ts';
import { readReading } from '../../src/sources/row.ts';
import { csvList } from '../../src/sources/s3-inventory-lists.ts';
import { inventoryColumns, objects } from '../../src/sources/s3-inventory-rows.ts';
import { CHANGED_AFTER } from '../../src/sources/snapshots.ts';
import type { OpenedText, SourceRow, TextSource } from '../../src/sources/source.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { writeInventory, writeManifest } from '../inventories.ts';
import { INVENTORY_LINES, INVENTORY_SCHEMA, ODD_LINES, type OddLines } from '../sources/odd-lines.ts';
import { runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const prices = regionPrices('us-east-1');
const policies = [namedPolicy('standard'), namedPolicy('glacier-ir')];

/** Lines of a text at the most. */
const BATCH = 10_000;

/** A text of many lines that end in one way or another; `seed` chooses them. */
function manyLines({ header, line }: OddLines, count: number, seed: number): Buffer {
  const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n');
  const pieces = fc.sample(fc.tuple(line, end), { numRuns: count, seed });
  const mark = seed % 5 === 0 ? '\ufeff' : '';
  return Buffer.from(mark + (header === '' ? '' : `${header}\n`) + pieces.map(([line, end]) => line + end).join(''));
}

function rowsOf(opened: OpenedText, bytes: Uint8Array): SourceRow[] {
  return [...opened.rows().read(binaryText(bytes), true)];
}

const isBad = ({ reading }: SourceRow): boolean => typeof readReading(reading, { charges: OWNER_PAYS }) === 'string';

/** The readings of all rows are of the text, in its order, and nothing but ends of lines is between them. */
function expectWhole(bytes: Buffer, rows: readonly SourceRow[], blank: RegExp): void {
  const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  let at = 0;
  let line = 0;
  for (const { raw, line: own } of rows) {
    if (own === line) continue;
    line = own;
    const begin = text.indexOf(raw, at);
    expect([text.slice(at, begin).replace(blank, ''), raw]).toEqual(['', raw]);
    at = begin + raw.length;
  }
  expect(text.slice(at).replace(blank, '')).toBe('');
}

/** A comparison but for what differs where rows are left out. */
function answer({ workload, ...rest }: Comparison): unknown {
  const { inputs, formats, rowBytes, rejections, rows, rejectedRows, ...same } = workload;
  return { ...rest, workload: same };
}

function expectSum({ workload }: Comparison): void {
  const others = workload.otherRows.reduce((sum, { rows }) => sum + rows, 0);
  const understood = workload.events + (workload.inventory?.listed ?? 0);
  expect(understood + workload.rejectedRows + workload.duplicateRows + others).toBe(workload.rows);
  expect(workload.rejections.reduce((sum, { rows }) => sum + rows, 0)).toBe(workload.rejectedRows);
}

test.each(Object.entries(ODD_LINES))('%j', { timeout: FUZZ_TIMEOUT }, async (name, lines) => {
  const format = name.split(' ')[0]!;
  const source = namedSources(format).find(({ holds }) => holds === 'text') as TextSource;
  const opened = source.open(`${lines.header}\n`, { file: 'x', renames: {} });
  const isWords = lines.header.startsWith('1 ');
  const least = fuzzLines(600) / (format === 'csv' ? 4 : 1);
  const batch = Math.min(BATCH, least);
  for (let seed = 0, read = 0; read < least; seed++, read += batch) {
    const bytes = manyLines(lines, batch, seed);
    const path = folder.write('odd', seed % 2 === 0 ? bytes : gzipSync(bytes));
    const rows = rowsOf(opened, bytes);
    expectWhole(bytes, rows, isWords ? /[ \t\r\n]+/g : /^[^\r\n]*\n|[\r\n]+/g);
    const options = { format, onBadRow: 'skip', threads: 1 + (seed % 2) } as const;
    const { comparison } = await runFiles(path, options, policies);
    expectSum(comparison);
    expect([seed, comparison.workload.rows]).toEqual([seed, rows.length]);
    const inMemory = compare(readTrace(bytes, { format, onBadRow: 'skip', file: path }), policies, prices);
    expect([seed, answer(comparison)]).toEqual([seed, answer(inMemory)]);
    expect(comparison.workload.rejectedRows).toBe(inMemory.workload.rejectedRows);
    // Without its bad rows the engine reads the text by itself.
    const good = rows.filter((row, at) => !isBad(row) && row.line !== rows[at - 1]?.line).map(({ raw }) => `${raw}\n`);
    const clean = folder.write('good', Buffer.from((isWords ? '' : `${lines.header}\n`) + good.join(''), 'latin1'));
    const again = await runFiles(clean, options, policies);
    expect([seed, answer(again.comparison)]).toEqual([seed, answer(comparison)]);
  }
});

test('lists of inventories', { timeout: FUZZ_TIMEOUT }, async () => {
  const names = INVENTORY_SCHEMA.split(', ');
  const columns = inventoryColumns(names);
  if (typeof columns === 'string') throw new Error(columns);
  const opened = csvList(names, columns, objects);
  const { manifest, lists } = writeInventory(folder.path('inventory'), { columns: INVENTORY_SCHEMA, files: [[]] });
  const of = { bucket: 'pictures', takenAt: '2025-03-10T01:00:00Z', format: 'CSV', schema: INVENTORY_SCHEMA };
  const run = async (text: Buffer): Promise<Comparison> => {
    writeFileSync(lists[0]!, gzipSync(text));
    writeManifest(manifest, of, folder.path('inventory'), [lists[0]!.slice(folder.path('inventory').length + 1)]);
    return (await runFiles(manifest, { onBadRow: 'skip' }, policies)).comparison;
  };
  const least = fuzzLines(600);
  const batch = Math.min(BATCH, least);
  for (let seed = 0, read = 0; read < least; seed++, read += batch) {
    const bytes = manyLines(INVENTORY_LINES, batch, seed);
    const rows = rowsOf(opened, bytes);
    expectWhole(bytes, rows, /[\r\n]+/g);
    const comparison = await run(bytes);
    expectSum(comparison);
    const { rejectedRows, rejections, inventory, otherRows } = comparison.workload;
    const changed = otherRows.find(({ kind }) => kind === CHANGED_AFTER)?.rows ?? 0;
    const unsized = rejections.find(({ reason }) => reason.includes('never given'))?.rows ?? 0;
    expect([seed, rejectedRows - unsized]).toEqual([seed, rows.filter(isBad).length]);
    expect([seed, inventory!.listed + changed + rejectedRows]).toEqual([seed, rows.length]);
    expect(comparison.workload.events).toBe(0);
    const good = rows.filter((row) => !isBad(row)).map(({ raw }) => `${raw}\n`);
    expect([seed, answer(await run(Buffer.from(good.join(''), 'latin1')))]).toEqual([seed, answer(comparison)]);
  }
});
