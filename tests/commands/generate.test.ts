import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateCommand } from '../../src/commands/generate.ts';
import { presets } from '../../src/generators/index.ts';
import { UsageError } from '../../src/model/diagnostic.ts';

const run = (...args: string[]) => generateCommand().parseAsync(args, { from: 'user' });

describe('tiercast generate', () => {
  it('writes the workload the flags describe', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tiercast-'));
    const path = join(folder, 'a.csv');
    try {
      await run('backup', '--objects', '3', '--days', '2', '--seed', '4', '--start', '2026-02-28', '-o', path);
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      expect(lines).toHaveLength(4);
      for (const line of lines.slice(1)) expect(line).toMatch(/^2026-(02-28|03-01)T0[1-5]:\d\d:\d\dZ,PUT,backups\//);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [['vidoe'], "unknown preset 'vidoe'; did you mean 'video'?"],
    [['toString'], /^unknown preset 'toString'; there are video, web-hosting, /],
    [['video', '--objects', '1e3'], "--objects must be a whole number, not '1e3'"],
    [['video', '--days', '0'], 'days must be a whole number from 1 to 36500, not 0'],
    [['video', '--seed', '-1'], "--seed must be a whole number, not '-1'"],
    [['video', '--start', '2025-02-29'], "--start must be a date as 2025-01-31, not '2025-02-29'"],
    [['video', '-o', 'a.txt'], "'a.txt' does not end in .csv, .csv.gz or .parquet"],
  ])('refuses %j', async (args, message) => {
    const failure = await run(...args).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toMatch(message);
  });

  it('names every preset in its help', () => {
    let help = '';
    generateCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const { imitates } of Object.values(presets)) expect(help).toContain(imitates);
    expect(help).toContain('(default: 2025-01-01)');
  });
});
