/** The class each preset says should win does, on a small run of it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate, presets, workloadCsv } from '../../src/generators/index.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { compare } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';

const PRICES = parsePriceList(
  JSON.parse(readFileSync(new URL('../../pricing/us-east-1.json', import.meta.url), 'utf8')),
);
const POLICIES = [
  'standard',
  'standard-ia',
  'onezone-ia',
  'intelligent-tiering',
  'glacier-ir',
  'glacier',
  'deep-archive',
].map((name) => namedPolicy(name));
const START = Date.UTC(2025, 0, 1) / 1000;

test.each(Object.values(presets).map((preset) => [preset.name, preset] as const))(
  '%s',
  { timeout: 60_000 },
  (_, preset) => {
    const workload = generate(preset, { objects: 300, days: 365, seed: 3, start: START });
    const text = Buffer.concat([...workloadCsv(workload)].map((chunk) => Buffer.from(chunk))).toString();
    const { results } = compare(readCsv(text), POLICIES, PRICES);
    // Where readers cannot wait, a class that makes them wait is none.
    const waits = ['GLACIER', 'DEEP_ARCHIVE'].includes(preset.winner);
    const winner = results.find(({ notices }) => waits || notices.readsNeedingRestore === 0)!;
    expect(winner.description).toContain(`uploads to ${preset.winner};`);
  },
);
