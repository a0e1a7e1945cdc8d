/** Derivations recompute to what the bill says, by arithmetic of its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import ohio from '../../pricing/us-east-2.json' with { type: 'json' };
import { formatDecimal } from '../../src/model/money.ts';
import { billingMonths } from '../../src/model/time.ts';
import type { Usage } from '../../src/model/usage.ts';
import { MONITORED, REQUESTED, STORED, TRANSFERRED_OUT, USAGE_KINDS } from '../../src/model/usage-type.ts';
import { type Bill, bill } from '../../src/pricing/bill.ts';
import { type Derivation, type DerivationStep, derivations } from '../../src/pricing/derivation.ts';
import { withFreeTier } from '../../src/pricing/free-tier.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import { usageTypeRule } from '../../src/pricing/usage-type-rules.ts';

const GB = 2n ** 30n;
const JANUARY = 31n * 86_400n;
const seconds = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000;
// A February of 28 days and one of 29 among them.
const MONTHS = billingMonths({ from: seconds('2023-12-01'), until: seconds('2025-03-01') });

function billOf(quantities: readonly Readonly<Record<string, bigint>>[], prices: PriceList): Bill {
  const usage: Usage = {
    months: quantities.map((record, i) => ({
      month: MONTHS[i % MONTHS.length]!,
      quantities: new Map(Object.entries(record).map(([kind, quantity]) => [Number(kind), quantity])),
    })),
  };
  return bill(usage, prices);
}

/** A quotient of whole numbers to nine decimals, half to even, digit by digit as on paper. */
function onPaper(numerator: bigint, denominator: bigint): string {
  let rest = numerator % denominator;
  let digits = (numerator / denominator).toString();
  for (let place = 0; place < 9; place++) {
    rest *= 10n;
    digits += rest / denominator;
    rest %= denominator;
  }
  const isUp = 2n * rest > denominator || (2n * rest === denominator && '13579'.includes(digits.at(-1)!));
  const whole = (BigInt(digits) + (isUp ? 1n : 0n)).toString().padStart(10, '0');
  return `${whole.slice(0, -9)}.${whole.slice(-9)}`;
}

/** What the steps come to, from the data alone: usage, unit size and the rate as it is written. */
function recomputed({ unitSize }: Derivation, { usageQuantity, tier }: DerivationStep): string {
  const [whole, fraction = ''] = formatDecimal(tier.usd).split('.');
  return onPaper(usageQuantity * BigInt(whole! + fraction), unitSize * BigInt(`1${'0'.repeat(fraction.length)}`));
}

const unprefixed = (name: string, prefix: string) => name.slice(prefix.length);

describe('derivations', () => {
  const january = { month: MONTHS[1]!.month };

  it('say how a line item came about', () => {
    const prices = withFreeTier(
      parsePriceList({ extends: 'x', discounts: [{ usageType: 'TimedStorage-*', percent: 5 }] }, 'deal.json', () =>
        parsePriceList(ohio),
      ),
    );
    const { lineItems } = billOf([{}, { [STORED.standard]: 7n * GB * JANUARY }], prices);
    expect(january.month).toBe('2024-01');
    const [found, ...more] = derivations(lineItems, prices, 'TimedStorage-ByteHrs');
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      month: '2024-01',
      monthSeconds: 2_678_400,
      usageType: 'USE2-TimedStorage-ByteHrs',
      usageUnit: 'byte-seconds',
      pricingUnit: 'GB-Mo',
      unitSize: GB * JANUARY,
      costUSD: '0.043700000',
      rule: { page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html' },
    });
    // 5 GB-Mo free; 2 GB-Mo × 0.023 × 0.95 = 2 × 0.02185
    expect(found!.steps).toMatchObject([
      { operation: 'StandardStorage', usedBefore: 0n, tier: { from: 0n, to: 5n }, costUSD: '0.000000000' },
      {
        usageQuantity: 2n * GB * JANUARY,
        usedBefore: 5n * GB * JANUARY,
        tier: { from: 5n, to: 51_205n, listUSD: { digits: 23n, scale: 3 } },
        isFlat: false,
        quantity: { numerator: 2n * GB * JANUARY, denominator: GB * JANUARY },
        discountPercent: { digits: 5n, scale: 0 },
        costUSD: '0.043700000',
        source: ohio.sources['price-page'],
        effectiveDate: '2024-09-25',
      },
    ]);
  });

  it('take the price of the operation and of the month', () => {
    const usd = {
      usageType: 'Requests-GDA-Tier1',
      operation: 'UploadPart',
      unit: 'Requests',
      usd: '9',
      source: 'parts',
    };
    const prices = parsePriceList({
      ...virginia,
      effectiveDate: '2023-01-01',
      periods: [{ from: '2024-01-01', prices: [usd] }],
    });
    const used = { [REQUESTED.put[6]!]: 1n, [REQUESTED.uploadPart[6]!]: 1n };
    const { lineItems } = billOf([used, used], prices);
    const found = derivations(lineItems, prices, 'Requests-GDA-Tier1');
    expect(found.map(({ month, steps }) => [month, steps.map(({ costUSD }) => costUSD)])).toEqual([
      ['2023-12', ['0.000050000', '0.000005000']],
      ['2024-01', ['0.000050000', '9.000000000']],
    ]);
    expect(found[1]!.steps.map(({ effectiveDate }) => effectiveDate)).toEqual(['2023-01-01', '2024-01-01']);
  });

  it('are none for what was not used', () => {
    const prices = parsePriceList(virginia);
    expect(derivations(billOf([{ [MONITORED]: 1n }], prices).lineItems, prices, 'Requests-Tier1')).toEqual([]);
  });

  it.each([
    ['as bundled', parsePriceList(virginia)],
    ['with a prefix', { ...parsePriceList(virginia), prefix: 'XXX1-' }],
    ['with the free tier', withFreeTier(parsePriceList(virginia))],
    [
      'with discounts and periods',
      parsePriceList({
        ...virginia,
        effectiveDate: '2023-06-01',
        discounts: [{ usageType: '*', percent: '7.125' }],
        periods: [{ from: '2024-06-01', discounts: [{ usageType: 'TimedStorage-*', percent: 33 }] }],
      }),
    ],
  ])('recompute to the bill, %s', (_, prices) => {
    const kinds = fc.integer({ min: 0, max: USAGE_KINDS.length - 1 }).map(String);
    // Small amounts and those that reach the highest tiers.
    const amounts = fc.oneof(fc.bigInt(1n, 1000n), fc.bigInt(1n, 2n ** 60n), fc.bigInt(1n, 2n ** 76n));
    const favourites = fc
      .constantFrom(STORED.standard, STORED.glacierName, REQUESTED.list, TRANSFERRED_OUT)
      .map(String);
    const months = fc.array(fc.dictionary(fc.oneof(kinds, favourites), amounts, { maxKeys: 12 }), {
      minLength: 1,
      maxLength: MONTHS.length,
    });
    fc.assert(
      fc.property(months, (quantities) => {
        const { lineItems } = billOf(quantities, prices);
        const usageTypes = new Set(lineItems.map((item) => unprefixed(item.usageType, prices.prefix)));
        const all = [...usageTypes].flatMap((usageType) => derivations(lineItems, prices, usageType));
        for (const one of all) checkSteps(one);
        // Every line item once, with its own cost.
        const costs = all.flatMap(({ month, usageType, steps }) =>
          steps.map((step) => `${month} ${usageType} ${step.operation} ${step.usageQuantity} ${step.costUSD}`),
        );
        const expected = lineItems.map(
          (item) => `${item.month} ${item.usageType} ${item.operation} ${item.usageQuantity} ${item.costUSD}`,
        );
        expect(costs.sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  });
});

/** Each step costs what its data come to, begins where the one before ended, and stays in its tier. */
function checkSteps(one: Derivation): void {
  let used = 0n;
  for (const step of one.steps) {
    expect(recomputed(one, step)).toBe(step.costUSD);
    expect(onPaper(step.exactUSD.numerator, step.exactUSD.denominator)).toBe(step.costUSD);
    expect(step.quantity).toEqual({ numerator: step.usageQuantity, denominator: one.unitSize });
    expect(step.usedBefore).toBe(used);
    used += step.usageQuantity;
    expect(step.usedBefore >= step.tier.from * one.unitSize).toBe(true);
    expect(step.tier.to === null || used <= step.tier.to * one.unitSize).toBe(true);
  }
  const sum = one.steps.reduce((total, { costUSD }) => total + BigInt(costUSD.replace('.', '')), 0n);
  expect(BigInt(one.costUSD.replace('.', ''))).toBe(sum);
  const size = { 'byte-seconds': GB * BigInt(one.monthSeconds), bytes: GB, requests: 1n };
  expect(one.unitSize).toBe(size[one.usageUnit as keyof typeof size] ?? BigInt(one.monthSeconds));
}

describe('the rule of a usage type', () => {
  it.each([...new Set(USAGE_KINDS.map(({ usageType }) => usageType))])(
    '%s has a sentence and a page of AWS',
    (name) => {
      const { text, page } = usageTypeRule(name);
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(page).toMatch(/^https:\/\/(docs\.)?aws\.amazon\.com\//);
    },
  );

  it.each([
    ['TimedStorage-SIA-SmObjects', '128 KB'],
    ['TimedStorage-GDA-Staging', 'unfinished uploads'],
    ['TimedStorage-GDA-ByteHrs', '32 KB'],
    ['TimedStorage-INT-DAA-ByteHrs', '32 KB'],
    ['TimedStorage-INT-AIA-ByteHrs', 'Intelligent-Tiering'],
    ['EarlyDelete-ByteHrs', 'minimum storage duration'],
    ['EarlyDelete-SIA-SmObjects', 'minimum storage duration'],
    ['Requests-GDA-Tier5', 'restore'],
    ['Requests-GDA-Tier1', 'Requests by class'],
    ['Requests-XZ-Tier1', 'Express One Zone'],
    ['Retrieval-XZ', 'Express One Zone'],
    ['Standard-Retrieval-Bytes', 'speed'],
  ])('%s: %s', (name, words) => expect(usageTypeRule(name).text).toContain(words));
});
