import { text } from 'node:stream/consumers';
import type { Comparison } from '../model/comparison.ts';
import { parseComparison } from '../reports/json.ts';
import { STANDARD_INPUT } from './expand.ts';
import { readText } from './read-text.ts';

/**
 * Reads a result that `--json` saved.
 * @throws InputError when there is none
 */
export async function readResult(file: string): Promise<Comparison> {
  if (file === STANDARD_INPUT) return parseComparison(await text(process.stdin), 'standard input');
  return parseComparison(await readText(file), file);
}
