import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { writeAtomically } from '../../src/node/atomic-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiercast-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeAtomically', () => {
  it('replaces a file only when the new one is complete', async () => {
    const path = join(folder, 'out.txt');
    await writeFile(path, 'old');
    const result = await writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'new');
      expect(await readFile(path, 'utf8')).toBe('old');
      return 42;
    });
    expect(result).toBe(42);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['out.txt']);
  });

  it('leaves the old file and nothing else when writing fails', async () => {
    const path = join(folder, 'out.txt');
    await writeFile(path, 'old');
    const failing = writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.txt']);
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });

  it('writes to where a symbolic link points', async () => {
    await writeFile(join(folder, 'real.txt'), 'old');
    await symlink('real.txt', join(folder, 'link.txt'));
    await writeAtomically(join(folder, 'link.txt'), (temporary) => writeFile(temporary, 'new'));
    expect(await readFile(join(folder, 'real.txt'), 'utf8')).toBe('new');
  });

  it('says in words why a file cannot be written', async () => {
    const write = (temporary: string) => writeFile(temporary, 'x');
    const missing = join(folder, 'none', 'out.txt');
    await expect(writeAtomically(missing, write)).rejects.toThrow(
      new InputError(`cannot write '${missing}': there is no such folder`),
    );
    await mkdir(join(folder, 'sub'));
    await expect(writeAtomically(join(folder, 'sub'), write)).rejects.toThrow(/it is a folder/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'removes the temporary file on %s and ends by it',
    async (signal) => {
      const script = `
      import { writeFile } from 'node:fs/promises';
      import { writeAtomically } from ${JSON.stringify(new URL('../../src/node/atomic-file.ts', import.meta.url).href)};
      await writeAtomically(${JSON.stringify(join(folder, 'out.txt'))}, async (temporary) => {
        await writeFile(temporary, 'half');
        console.log('writing');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
      const errors: string[] = [];
      child.stderr.on('data', (data) => errors.push(String(data)));
      let filesBefore: string[] = [];
      child.stdout.once('data', async () => {
        filesBefore = await readdir(folder);
        child.kill(signal);
      });
      const ended = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
      expect(errors.join('')).toBe('');
      expect(ended).toBe(signal);
      expect(filesBefore).toHaveLength(1);
      expect(await readdir(folder)).toEqual([]);
    },
    30_000,
  );
});
