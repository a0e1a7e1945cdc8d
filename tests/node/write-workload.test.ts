import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, presets, type WorkloadChunk, workloadCsv } from '../../src/generators/index.ts';
import { InputError, UsageError } from '../../src/model/diagnostic.ts';
import { streamWorkload, writeWorkload } from '../../src/node/write-workload.ts';

const START = Date.UTC(2025, 0, 1) / 1000;

function workload(preset = 'user-content', objects = 2000): Generator<WorkloadChunk, void, undefined> {
  return generate(presets[preset]!, { objects, days: 90, seed: 5, start: START });
}

function* failing(): Generator<WorkloadChunk, void, undefined> {
  yield workload().next().value as WorkloadChunk;
  throw new Error('out of ideas');
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiercast-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeWorkload', () => {
  it('writes the text of the workload, plain and compressed', async () => {
    const expected = Buffer.concat([...workloadCsv(workload())]);
    await writeWorkload(workload(), join(folder, 'a.csv'));
    await writeWorkload(workload(), join(folder, 'a.csv.gz'));
    expect((await readFile(join(folder, 'a.csv'))).equals(expected)).toBe(true);
    expect(gunzipSync(await readFile(join(folder, 'a.csv.gz'))).equals(expected)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'a.csv.gz']);
  });

  it.each(['user-content', 'data-lake'])('writes the rows of %s to Parquet as to CSV', async (preset) => {
    const odd = join(folder, "it's [1]*?");
    await mkdir(odd);
    const [csv, parquet] = [join(folder, 'a.csv'), join(odd, 'a.parquet')];
    await writeWorkload(workload(preset, 300), csv);
    await writeWorkload(workload(preset, 300), parquet);
    expect(await readdir(odd)).toEqual(['a.parquet']);

    const connection = await (await DuckDBInstance.create()).connect();
    const read = async (sql: string, value: string) => (await connection.runAndReadAll(sql, [value])).getRowsJson();
    // The file's name is a pattern to read_parquet as well.
    const pattern = parquet.replace(/[*?[]/g, '[$&]');
    const columns = await read('SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet($1))', pattern);
    expect(columns).toEqual([
      ['timestamp', 'TIMESTAMP'],
      ['operation', 'VARCHAR'],
      ['key', 'VARCHAR'],
      ['size', 'BIGINT'],
      ['bytes', 'BIGINT'],
    ]);
    const fields = `strftime(timestamp, '%Y-%m-%dT%H:%M:%SZ'), operation, key, size::VARCHAR, bytes::VARCHAR`;
    const fromParquet = await read(`SELECT ${fields} FROM read_parquet($1)`, pattern);
    const fromCsv = await read('FROM read_csv($1, all_varchar = true, header = true)', csv);
    expect(fromParquet.length).toBeGreaterThan(500);
    expect(fromParquet).toEqual(fromCsv);
  });

  it.each(['a.csv', 'a.csv.gz', 'a.parquet'])('leaves nothing of %s when the workload fails', async (name) => {
    await expect(writeWorkload(failing(), join(folder, name))).rejects.toThrow('out of ideas');
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses endings it does not know and folders that are not there', async () => {
    await expect(writeWorkload(workload(), 'a.json')).rejects.toThrow(
      new UsageError("'a.json' does not end in .csv, .csv.gz or .parquet"),
    );
    for (const name of ['a.csv', 'a.csv.gz', 'a.parquet']) {
      await expect(writeWorkload(workload(), join(folder, 'none', name))).rejects.toThrow(InputError);
    }
  });
});

describe('streamWorkload', () => {
  it('leaves the stream open', async () => {
    const stream = new PassThrough();
    const pieces: Buffer[] = [];
    stream.on('data', (piece) => pieces.push(piece));
    await streamWorkload(workload(), stream);
    expect(stream.writableEnded).toBe(false);
    expect(Buffer.concat(pieces).equals(Buffer.concat([...workloadCsv(workload())]))).toBe(true);
  });

  it('stops quietly when nobody reads any more', async () => {
    let pieces = 0;
    const closed = new Writable({
      write: (_piece, _encoding, done) =>
        done(++pieces < 2 ? null : Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    await expect(streamWorkload(workload(), closed)).resolves.toBeUndefined();
    expect(pieces).toBe(2);
  });

  it('passes on any other failure', async () => {
    const broken = new Writable({ write: (_piece, _encoding, done) => done(new Error('broken')) });
    await expect(streamWorkload(workload(), broken)).rejects.toThrow('broken');
  });
});
