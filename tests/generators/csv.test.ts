import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { generate, presets, type WorkloadChunk, workloadCsv } from '../../src/generators/index.ts';
import { DELETE, GET, LIST, PUT } from '../../src/model/operation.ts';
import { rowsOf, START } from './rows.ts';

function text(chunks: Iterable<WorkloadChunk>): string {
  return Buffer.concat([...workloadCsv(chunks)]).toString('utf8');
}

it('writes a row per event, with empty fields for what is not known', () => {
  const chunk: WorkloadChunk = {
    length: 4,
    seconds: Float64Array.of(START, START + 86_399, START + 59 * 86_400 + 3661, START + 60 * 86_400),
    operations: Uint8Array.of(PUT, GET, LIST, DELETE),
    keys: ['a', 'a', 'b/', '=say "hi", you'],
    sizes: Float64Array.of(0, 54_975_581_388_800, Number.NaN, Number.NaN),
    bytes: Float64Array.of(Number.NaN, 10, Number.NaN, Number.NaN),
  };
  expect(text([chunk])).toBe(
    'timestamp,operation,key,size,bytes\n' +
      '2025-01-01T00:00:00Z,PUT,a,0,\n' +
      '2025-01-01T23:59:59Z,GET,a,54975581388800,10\n' +
      '2025-03-01T01:01:01Z,LIST,b/,,\n' +
      '2025-03-02T00:00:00Z,DELETE,"=say ""hi"", you",,\n',
  );
});

it.each(Object.keys(presets))('reads back as the rows of %s', (name) => {
  const options = { objects: 300, days: 40, seed: 3, start: START };
  const records = parse(text(generate(presets[name]!, options)), { columns: true }) as Record<string, string>[];
  const number = (field: string) => (field === '' ? undefined : Number(field));
  const read = records.map(({ timestamp, operation, key, size, bytes }) => ({
    time: Date.parse(timestamp!) / 1000,
    operation,
    key,
    size: number(size!),
    bytes: number(bytes!),
  }));
  expect(read).toEqual(rowsOf(name, options));
});

it('has the header alone for no events', () => {
  expect(text([])).toBe('timestamp,operation,key,size,bytes\n');
});
