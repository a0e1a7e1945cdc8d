import { expect, it } from 'vitest';
import { formatPriceList } from '../../src/pricing/format-price-list.ts';
import type { Price } from '../../src/pricing/price-list.ts';

function price(usageType: string, digits: bigint, more: Partial<Price> = {}): Price {
  const tiers = [{ from: 0n, to: null, usd: { digits, scale: 2 } }];
  return { usageType, unit: 'Requests', tiers, source: 'own', ...more };
}

const LIST = { region: 'eu-west-1', prefix: 'EU-', effectiveDate: '2025-01-01' };

it('a price file has one price a line, and of each period what changes', () => {
  const [one, two, three] = [1n, 2n, 3n].map((digits) => price('Requests-Tier1', digits));
  const other = price('Requests-Tier4', 4n, { operation: 'S3-SIATransition', effectiveDate: '2025-01-02' });
  const tiered = price('Requests-Tier2', 0n, {
    tiers: [
      { from: 0n, to: 10n, usd: { digits: 5n, scale: 0 } },
      { from: 10n, to: null, usd: { digits: 5n, scale: 1 } },
    ],
  });
  const text = formatPriceList({
    ...LIST,
    sources: { own: 'a "quoted"\nline', other: 'x' },
    prices: [one!, other, tiered],
    periods: [
      { from: '2025-02-01', prices: [two!, other, tiered] },
      { from: '2025-03-01', prices: [two!, other, tiered] },
      { from: '2025-04-01', prices: [three!, other, tiered] },
    ],
  });
  expect(text).toBe(`{
  "region": "eu-west-1",
  "prefix": "EU-",
  "effectiveDate": "2025-01-01",
  "sources": {
    "own": "a \\"quoted\\"\\nline",
    "other": "x"
  },
  "prices": [
    { "usageType": "Requests-Tier1", "unit": "Requests", "tiers": [ { "from": "0", "to": null, "usd": "0.01" } ], "source": "own" },
    { "usageType": "Requests-Tier4", "operation": "S3-SIATransition", "unit": "Requests", "tiers": [ { "from": "0", "to": null, "usd": "0.04" } ], "source": "own", "effectiveDate": "2025-01-02" },
    { "usageType": "Requests-Tier2", "unit": "Requests", "tiers": [ { "from": "0", "to": "10", "usd": "5" }, { "from": "10", "to": null, "usd": "0.5" } ], "source": "own" }
  ],
  "periods": [
    { "from": "2025-02-01", "prices": [
      { "usageType": "Requests-Tier1", "unit": "Requests", "tiers": [ { "from": "0", "to": null, "usd": "0.02" } ], "source": "own" }
    ] },
    { "from": "2025-03-01", "prices": [] },
    { "from": "2025-04-01", "prices": [
      { "usageType": "Requests-Tier1", "unit": "Requests", "tiers": [ { "from": "0", "to": null, "usd": "0.03" } ], "source": "own" }
    ] }
  ]
}
`);
});

it('a price file without periods says nothing of them', () => {
  expect(formatPriceList({ ...LIST, sources: {}, prices: [] })).not.toContain('periods');
});
