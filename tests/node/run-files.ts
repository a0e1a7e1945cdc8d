/** Runs of files for tests of the edge: one policy, `standard` unless told otherwise. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { type CompareFilesOptions, type CompareFilesResult, compareFiles } from '../../src/node/compare.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';

export const HEADER = 'timestamp,operation,key,size';
export const GOOD = `${HEADER}\n2025-01-01T00:00:00Z,PUT,a,1000000\n2025-01-20T00:00:00Z,GET,a,\n`;

/** A folder that is removed when the test file is done. */
export function testFolder(): {
  readonly path: (name: string) => string;
  write(name: string, content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'tiercast-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}

/** What runs here are told unless a test says otherwise. */
export const RUN_OPTIONS = {
  renames: {},
  restoreTier: 'standard',
  restoreDays: 1,
  egress: false,
  switches: DEFAULT_SWITCHES,
  leftOut: [],
} as const;

export async function runFiles(
  inputs: string | readonly string[],
  options: Partial<CompareFilesOptions> = {},
  policies: readonly Policy[] = [namedPolicy('standard')],
): Promise<CompareFilesResult> {
  return compareFiles(policies, regionPrices('us-east-1'), {
    inputs: [inputs].flat(),
    ...RUN_OPTIONS,
    onBadRow: 'fail',
    baseline: policies[0]!.name,
    ...options,
  });
}

/** The message of an InputError, without the folder's name; anything else fails the test. */
export async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof InputError) return error.message.replaceAll(/[^\s']*tiercast-test-\w+\//g, '');
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Runs SQL in an engine of its own. */
export async function sql(...texts: readonly string[]): Promise<void> {
  await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
    for (const text of texts) await connection.run(text);
  });
}
