import { describe, expect, it } from 'vitest';
import frankfurt from '../../pricing/eu-central-1.json' with { type: 'json' };
import { diffPrices } from '../../src/pricing/diff-prices.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import { renderPriceDiff } from '../../src/reports/price-diff.ts';

interface Made {
  readonly usageType: string;
  readonly operation?: string;
  readonly usd?: string;
  readonly tiers?: readonly (readonly [from: string, to: string | null, usd: string])[];
}

/** A list of some prices, each by one rate or by tiers. */
function list(prices: readonly Made[], more: object = {}): PriceList {
  const units: Record<string, string> = { Ti: 'GB-Mo', Re: 'Requests', St: 'GB', Bu: 'GB' };
  return parsePriceList({
    region: 'us-east-1',
    prefix: '',
    effectiveDate: '2025-01-01',
    sources: { own: 'made up' },
    prices: prices.map(({ tiers, ...price }) => ({
      ...price,
      unit: units[price.usageType.slice(0, 2)],
      ...(tiers && { tiers: tiers.map(([from, to, usd]) => ({ from, to, usd })) }),
    })),
    ...more,
  });
}

describe('the difference of two lists', () => {
  it('is what changed, with the old and the new rate and the change in per cent', () => {
    const before = list([{ usageType: 'Requests-Tier1', usd: '0.000005' }]);
    const after = list([{ usageType: 'Requests-Tier1', usd: '0.0000054000' }]);
    expect(diffPrices(before, after)).toEqual({
      schema: 'tiercast.price-diff/1',
      before: { region: 'us-east-1', effectiveDate: '2025-01-01' },
      after: { region: 'us-east-1', effectiveDate: '2025-01-01' },
      changed: [
        {
          usageType: 'Requests-Tier1',
          unit: 'Requests',
          tiers: [{ from: '0', to: null, beforeUSD: '0.000005', afterUSD: '0.0000054', percent: '8' }],
        },
      ],
      added: [],
      vanished: [],
      unchanged: 0,
    });
  });

  it('cuts tiers where either list does', () => {
    const usageType = 'TimedStorage-ByteHrs';
    const before = list([
      {
        usageType,
        tiers: [
          ['0', '100', '3'],
          ['100', null, '2'],
        ],
      },
    ]);
    const after = list([
      {
        usageType,
        tiers: [
          ['0', '50', '3'],
          ['50', '200', '2'],
          ['200', null, '1'],
        ],
      },
    ]);
    const { tiers } = diffPrices(before, after).changed[0]!;
    expect(tiers.map(({ from, to, percent }) => [from, to, percent])).toEqual([
      ['0', '50', '0'],
      ['50', '100', '-33.33'],
      ['100', '200', '0'],
      ['200', null, '-50'],
    ]);
  });

  it('is none where the same rate is written otherwise, or in other tiers', () => {
    const before = list([{ usageType: 'Requests-Tier1', usd: '0.5' }]);
    const after = list([
      {
        usageType: 'Requests-Tier1',
        tiers: [
          ['0', '10', '0.50'],
          ['10', null, '0.5000000000'],
        ],
      },
    ]);
    expect(diffPrices(before, after)).toMatchObject({ changed: [], added: [], vanished: [], unchanged: 1 });
  });

  it('is what is new and what is gone, and no per cent of nothing', () => {
    const before = list([
      { usageType: 'Requests-Tier1', usd: '1' },
      { usageType: 'Requests-Tier5', usd: '0' },
    ]);
    const after = list([
      { usageType: 'Requests-Tier2', usd: '2' },
      { usageType: 'Requests-Tier5', usd: '1' },
    ]);
    const { added, vanished, changed } = diffPrices(before, after);
    expect(added).toMatchObject([
      { usageType: 'Requests-Tier2', tiers: [{ beforeUSD: null, afterUSD: '2', percent: null }] },
    ]);
    expect(vanished).toMatchObject([{ usageType: 'Requests-Tier1', tiers: [{ beforeUSD: '1', afterUSD: null }] }]);
    expect(changed).toMatchObject([{ usageType: 'Requests-Tier5', tiers: [{ beforeUSD: '0', percent: null }] }]);
  });

  it('is of what each operation is charged, however the lists are cut', () => {
    // One price for all before; after it the same but for two operations, one of which costs the same.
    const before = list([{ usageType: 'Requests-GDA-Tier1', usd: '5' }]);
    const after = list([
      { usageType: 'Requests-GDA-Tier1', usd: '5' },
      { usageType: 'Requests-GDA-Tier1', operation: 'UploadPart', usd: '1' },
      { usageType: 'Requests-GDA-Tier1', operation: 'PutObject', usd: '5' },
    ]);
    const { changed, unchanged } = diffPrices(before, after);
    expect(changed).toMatchObject([{ operations: ['UploadPart'], tiers: [{ percent: '-80' }] }]);
    expect(unchanged).toBe(1);
    const byOperation = list([{ usageType: 'Requests-Tier4', operation: 'S3-SIATransition', usd: '1' }]);
    expect(diffPrices(byOperation, list([])).vanished).toMatchObject([{ usageType: 'Requests-Tier4' }]);
  });

  it('names the operations of a usage type that fare alike, in the order of a bill', () => {
    const before = list([{ usageType: 'Requests-GDA-Tier1', usd: '5' }]);
    const after = list([
      { usageType: 'Requests-GDA-Tier1', usd: '6' },
      { usageType: 'Requests-GDA-Tier1', operation: 'UploadPart', usd: '5' },
    ]);
    const { changed, unchanged } = diffPrices(before, after);
    expect(changed.map(({ operations }) => operations)).toEqual([
      ['PutObject', 'PostObject', 'CopyObject', 'CreateMultipartUpload', 'CompleteMultipartUpload'],
    ]);
    expect(unchanged).toBe(1);
  });

  it('of a usage type that is never metered is of its own operations, and of the price of all others', () => {
    const prices = (all: string, odd: string) =>
      list([
        { usageType: 'Requests-Tier4', operation: 'S3-SIATransition', usd: '1' },
        { usageType: 'Requests-Tier9', usd: all },
        { usageType: 'Requests-Tier9', operation: 'Odd', usd: odd },
      ]);
    expect(
      diffPrices(prices('5', '1'), prices('6', '2')).changed.map(({ usageType, operations }) => [
        usageType,
        operations,
      ]),
    ).toEqual([
      ['Requests-Tier9', ['']],
      ['Requests-Tier9', ['Odd']],
    ]);
    expect(diffPrices(prices('5', '1'), prices('5', '2'))).toMatchObject({
      changed: [{ operations: ['Odd'] }],
      unchanged: 2,
    });
  });

  it('names the files it is of', () => {
    const { own: _, ...bundled } = parsePriceList(frankfurt);
    const own = { ...bundled, own: { file: 'own.json', discounts: [] } };
    expect(diffPrices(own, bundled).before).toHaveProperty('file', 'own.json');
    expect(Object.keys(diffPrices(own, bundled).after)).not.toContain('file');
  });

  it('is in the order of a bill, what is never metered last', () => {
    const usageTypes = ['Requests-Tier9', 'Requests-Tier1', 'TimedStorage-ByteHrs'];
    const { added } = diffPrices(list([]), list(usageTypes.map((usageType) => ({ usageType, usd: '1' }))));
    expect(added.map(({ usageType }) => usageType)).toEqual([
      'TimedStorage-ByteHrs',
      'Requests-Tier1',
      'Requests-Tier9',
    ]);
  });

  it('is of the last period', () => {
    const price = { usageType: 'Requests-Tier1', unit: 'Requests' };
    const periods = [{ from: '2025-06-01', prices: [{ ...price, usd: '3' }] }];
    const dated = list([{ usageType: 'Requests-Tier1', usd: '1' }], { periods });
    const diff = diffPrices(list([{ usageType: 'Requests-Tier1', usd: '2' }]), dated);
    expect(diff.after).toEqual({ region: 'us-east-1', effectiveDate: '2025-06-01', earlier: true });
    expect(Object.keys(diff.before)).toEqual(['region', 'effectiveDate']);
    expect(diff.changed[0]!.tiers[0]).toMatchObject({ afterUSD: '3', percent: '50' });
  });

  it('of a list and itself is none', () => {
    const bundled = parsePriceList(frankfurt);
    expect(diffPrices(bundled, bundled)).toMatchObject({ changed: [], added: [], vanished: [] });
  });
});

it('is shown in three tables', () => {
  const before = list([
    {
      usageType: 'TimedStorage-ByteHrs',
      tiers: [
        ['0', '51200', '0.0230'],
        ['51200', null, '0.022'],
      ],
    },
    { usageType: 'Standard-Retrieval-Bytes', operation: 'RestoreObject', usd: '0.01' },
    { usageType: 'Requests-Tier2', usd: '4' },
  ]);
  const after = list([
    {
      usageType: 'TimedStorage-ByteHrs',
      tiers: [
        ['0', '51200', '0.0245'],
        ['51200', null, '0.022'],
      ],
    },
    { usageType: 'Standard-Retrieval-Bytes', operation: 'RestoreObject', usd: '0.008' },
    { usageType: 'Requests-Tier1', usd: '3' },
    { usageType: 'Standard-Retrieval-Bytes', operation: 'DeepArchiveRestoreObject', usd: '0.02' },
  ]);
  expect(
    renderPriceDiff(diffPrices(before, after)),
  ).toBe(`us-east-1 from 1 January 2025 against us-east-1 from 1 January 2025

2 prices changed

usage type                operation      tier         before    after  change  unit
────────────────────────────────────────────────────────────────────────────────────
TimedStorage-ByteHrs                     0–51,200     $0.023  $0.0245  +6.52%  GB-Mo
TimedStorage-ByteHrs                     over 51,200  $0.022   $0.022      0%  GB-Mo
Standard-Retrieval-Bytes  RestoreObject                $0.01   $0.008    -20%  GB

2 prices added

usage type                operation                 tier  before  after  change  unit
─────────────────────────────────────────────────────────────────────────────────────────
Standard-Retrieval-Bytes  DeepArchiveRestoreObject             –  $0.02          GB
Requests-Tier1                                                 –  $3.00          Requests

1 price vanished

usage type      operation  tier  before  after  change  unit
────────────────────────────────────────────────────────────────
Requests-Tier2                    $4.00      –          Requests

0 unchanged
`);
  expect(renderPriceDiff(diffPrices(after, after))).toMatch(/\n\n4 unchanged: no price differs\n$/);
});
