import {
  COMPARISON_SCHEMA,
  type Comparison,
  type DiscountUsed,
  type GroupCost,
  type GroupTotals,
  type InventoryFacts,
  type PredatedPrices,
} from '../model/comparison.ts';
import { InputError, quoted } from '../model/diagnostic.ts';
import type { Explanation } from '../model/explanation.ts';
import type { Profile } from '../model/profile.ts';

/** The machine output: one document, exact, readable. */
export function renderJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, undefined, 2)}\n`;
}

/** The same of an explanation. */
export function renderExplanationJson(explanation: Explanation): string {
  return `${JSON.stringify(explanation, undefined, 2)}\n`;
}

/** The same of a profile. */
export function renderProfileJson(profile: Profile): string {
  return `${JSON.stringify(profile, undefined, 2)}\n`;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/**
 * Reads a document that `--json` wrote.
 * @throws InputError naming what is not as `tiercast.comparison/1` has it
 */
export function parseComparison(text: string, file: string): Comparison {
  const fail = (message: string): never => {
    throw new InputError([{ severity: 'error', message, where: { file } }]);
  };
  let document: Comparison;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return fail(`not valid JSON: ${(error as Error).message}`);
  }
  const { schema } = (document ?? {}) as { schema?: unknown };
  if (schema !== COMPARISON_SCHEMA) {
    fail(
      `schema is ${schema === undefined ? 'missing' : quoted(String(schema))}; a result of --json has '${COMPARISON_SCHEMA}'`,
    );
  }
  for (const [path, ok] of shapeOf(document)) if (!ok) fail(`${path} is missing or not as --json writes it`);
  return document;
}

/** What every report relies on: each place and whether it is as it should be. */
function* shapeOf(document: Comparison): Generator<[path: string, ok: boolean]> {
  const { workload, prices, results, timelineDates, assumptions, leftOut, baseline } = document;
  yield ['prices', text(prices?.region) && text(prices?.effectiveDate)];
  yield ['prices.file', optional(prices.file, text) && optional(prices.extends, text)];
  yield ['prices.periods', optional(prices.periods, (dates) => Array.isArray(dates) && dates.every(text))];
  yield ['prices.discounts', optional(prices.discounts, (list) => Array.isArray(list) && list.every(discount))];
  yield ['prices.predated', optional(prices.predated, (list) => Array.isArray(list) && list.every(predated))];
  yield [
    'workload',
    counts(workload, [
      'events',
      'objects',
      'rejectedRows',
      'assumedObjects',
      'deletesOfUnknownKeys',
      'copiesWithoutSource',
      'versions',
      'deleteMarkers',
    ]),
  ];
  yield ['workload.inputs', Array.isArray(workload?.inputs) && workload.inputs.every(text)];
  yield [
    'workload.formats',
    Array.isArray(workload?.formats) &&
      workload.formats.every((format) => text(format?.name) && text(format.title) && Number.isFinite(format.files)),
  ];
  yield [
    'workload.skippedFiles',
    Array.isArray(workload?.skippedFiles) &&
      workload.skippedFiles.every((skip) => text(skip?.reason) && text(skip.example) && Number.isFinite(skip.files)),
  ];
  yield [
    'workload.rows',
    counts(workload, ['rows', 'duplicateRows', 'unknownCopies', 'sizesFromReads']) && decimal(workload.rowBytes),
  ];
  yield ['workload.buckets', Array.isArray(workload.buckets) && workload.buckets.every(text)];
  yield [
    'workload.rejections',
    Array.isArray(workload.rejections) &&
      workload.rejections.every(
        (one) => text(one?.reason) && text(one.example) && decimal(one.bytes) && Number.isFinite(one.rows),
      ),
  ];
  yield [
    'workload.otherRows',
    Array.isArray(workload.otherRows) &&
      workload.otherRows.every((other) => text(other?.kind) && Number.isFinite(other.rows)),
  ];
  yield ['workload.inventory', workload?.inventory === undefined || inventory(workload.inventory)];
  yield ['workload.from', instant(workload?.from) && instant(workload?.until)];
  yield ['workload.bytes', decimal(workload?.bytes) && decimal(workload?.assumedBytes)];
  yield [
    'assumptions',
    Array.isArray(assumptions) &&
      assumptions.every((a) => text(a?.name) && text(a?.choice) && text(a?.text) && text(a?.effect)),
  ];
  yield ['leftOut', Array.isArray(leftOut) && leftOut.every((left) => text(left?.policy) && text(left?.reason))];
  yield ['timelineDates', Array.isArray(timelineDates) && timelineDates.every(text)];
  const groups = document.groupBy?.groups;
  yield [
    'groupBy',
    optional(document.groupBy, () => text(document.groupBy?.by) && Array.isArray(groups) && groups.every(groupTotals)),
  ];
  yield ['results', Array.isArray(results) && results.length > 0];
  yield ['baseline', results.some?.((result) => result?.policy === baseline)];
  for (const [i, result] of results.entries()) {
    const at = `results[${i}]`;
    yield [`${at}.policy`, text(result?.policy) && text(result.description)];
    yield [`${at}.totalUSD`, decimal(result.totalUSD) && decimal(result.savingUSD) && decimal(result.savingPercent)];
    yield [`${at}.components`, amounts(result.components)];
    yield [
      `${at}.months`,
      Array.isArray(result.months) &&
        result.months.every((month) => text(month?.month) && decimal(month.totalUSD) && amounts(month.components)),
    ];
    yield [
      `${at}.lineItems`,
      Array.isArray(result.lineItems) &&
        result.lineItems.every(
          (item) =>
            [item?.month, item?.usageType, item?.operation, item?.component, item?.usageUnit, item?.pricingUnit].every(
              text,
            ) && [item.usageQuantity, item.pricingQuantity, item.rateUSD, item.costUSD].every(decimal),
        ),
    ];
    yield [
      `${at}.notices`,
      counts(result.notices, [
        'readsAfterExpiration',
        'readsNeedingRestore',
        'restores',
        'restoreWaitHours',
        'longestRestoreWaitHours',
      ]),
    ];
    const { unfinishedUploads: uploads, firstTransitions: first } = result;
    yield [
      `${at}.unfinishedUploads`,
      uploads === undefined || (counts(uploads, ['uploads']) && decimal(uploads.bytes) && decimal(uploads.costUSD)),
    ];
    yield [
      `${at}.firstTransitions`,
      first === undefined || (counts(first, ['objects']) && text(first.date) && decimal(first.costUSD)),
    ];
    yield [
      `${at}.groups`,
      groups === undefined
        ? result.groups === undefined
        : Array.isArray(result.groups) &&
          result.groups.length === groups.length &&
          result.groups.every((group) => groupCost(group, result.lineItems.length)),
    ];
    const points = [result.timeline?.cumulativeUSD, ...Object.values(result.timeline?.bytes ?? {})];
    yield [
      `${at}.timeline`,
      points.every(
        (series) => Array.isArray(series) && series.length === timelineDates.length && series.every(Number.isFinite),
      ),
    ];
  }
}

function optional(value: unknown, isGood: (value: unknown) => boolean): boolean {
  return value === undefined || isGood(value);
}

function groupTotals(value: Partial<GroupTotals> | null): boolean {
  return (
    text(value?.name) && decimal(value?.bytes) && counts(value, ['objects']) && optional(value?.others, Number.isFinite)
  );
}

function groupCost(value: Partial<GroupCost> | null, lineItems: number): boolean {
  return (
    [value?.totalUSD, value?.savingUSD].every(decimal) &&
    amounts(value?.components) &&
    Array.isArray(value?.items) &&
    value.items.every(
      (share) => share?.item >= 0 && share.item < lineItems && decimal(share.usageQuantity) && decimal(share.costUSD),
    )
  );
}

function discount(value: Partial<DiscountUsed> | null): boolean {
  return (
    text(value?.usageType) && decimal(value?.percent) && optional(value?.operation, text) && optional(value?.from, text)
  );
}

function predated(value: Partial<PredatedPrices> | null): boolean {
  const { effectiveDate, firstMonth, lastMonth, usageTypes } = value ?? {};
  return [effectiveDate, firstMonth, lastMonth].every(text) && Array.isArray(usageTypes) && usageTypes.every(text);
}

function inventory(facts: InventoryFacts): boolean {
  return (
    counts(facts, ['listed', 'impliedReads']) &&
    typeof facts.hasRequests === 'boolean' &&
    Array.isArray(facts.buckets) &&
    facts.buckets.every((of) => text(of?.bucket) && instant(of.takenAt))
  );
}

function text(value: unknown): boolean {
  return typeof value === 'string';
}

function decimal(value: unknown): boolean {
  return typeof value === 'string' && DECIMAL.test(value);
}

function instant(value: unknown): boolean {
  return typeof value === 'string' && Number.isFinite(Date.parse(value));
}

function amounts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(decimal);
}

function counts(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => Number.isFinite((value as Record<string, unknown> | undefined)?.[name]));
}
