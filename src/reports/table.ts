/** The result for a terminal: policies by total, their components, what a table alone would hide, and a verdict. */
import type { Comparison, PolicyResult } from '../model/comparison.ts';
import { COMPONENTS } from '../model/usage-type.ts';
import {
  formatBytes,
  formatCounted,
  formatDay,
  formatDecimal,
  formatExactUSD,
  formatFirst,
  formatFormats,
  formatHours,
  formatMonth,
  formatPercent,
  formatSkippedFiles,
  formatUnfinished,
  formatUSD,
  formatVersions,
  IDLE_VERSION_RULES,
  printable,
} from './format.ts';
import { groupLines } from './groups.ts';
import { formatInventories, inventoryNotices } from './inventory.ts';
import { predatedNotices, pricesInWords, specialPrices } from './prices-used.ts';
import { missingSources, rowNotices } from './row-notices.ts';
import { textColumns } from './text-columns.ts';
import { verdict } from './verdict.ts';

export interface TableOptions {
  /** Emphasise with ANSI colours. */
  readonly color: boolean;
}

/** Policies side by side, cheapest first. */
export function renderTable(comparison: Comparison, { color }: TableOptions): string {
  const { results, baseline } = comparison;
  const components = COMPONENTS.filter((component) => results.some((result) => result.components[component]));
  const header = ['policy', 'total', `saving`, '%', ...components];
  const rows = results.map((result) => [
    printable(result.policy),
    formatUSD(result.totalUSD),
    result.policy === baseline ? 'baseline' : formatUSD(result.savingUSD),
    result.policy === baseline ? '' : formatPercent(result.savingPercent),
    ...components.map((component) => formatUSD(result.components[component] ?? '0')),
  ]);
  const paint = painter(color);
  return [
    ...workloadLines(comparison),
    '',
    ...tableLines(textColumns([header, ...rows]), paint),
    '',
    ...groupTable(comparison, paint),
    ...noticeLines(comparison, paint),
    paint.bold(verdict(comparison)),
    '',
  ].join('\n');
}

/** One policy's bill, line by line and month by month. */
export function renderBill(comparison: Comparison, { color }: TableOptions): string {
  const result = comparison.results[0]!;
  const paint = painter(color);
  const months = result.months.flatMap(({ month, totalUSD }) => {
    const items = result.lineItems.filter((item) => item.month === month);
    const rows = items.map((item) => [
      `  ${item.usageType}`,
      item.operation,
      formatDecimal(item.pricingQuantity),
      item.pricingUnit,
      formatExactUSD(item.rateUSD),
      formatUSD(item.costUSD),
    ]);
    return [[formatMonth(month), '', '', '', '', formatUSD(totalUSD)], ...rows];
  });
  const header = ['usage type', 'operation', 'quantity', 'unit', 'rate', 'USD'];
  return [
    ...workloadLines(comparison),
    '',
    `${paint.bold(printable(result.policy))}: ${printable(result.description)}`,
    '',
    ...tableLines(
      textColumns([header, ...months, ['total', '', '', '', '', formatUSD(result.totalUSD)]], [0, 1, 3]),
      paint,
    ),
    '',
    ...groupTable(comparison, paint),
    ...noticeLines(comparison, paint),
    paint.bold(verdict(comparison)),
    '',
  ].join('\n');
}

function groupTable(comparison: Comparison, paint: Painter): string[] {
  const lines = groupLines(comparison);
  return lines.length > 0 ? [...tableLines(lines, paint), ''] : [];
}

/** What was read, over which time, and at which prices. */
export function workloadLines({ workload, prices }: Pick<Comparison, 'workload' | 'prices'>): string[] {
  const inputs = workload.inputs.slice(0, 3).map(printable).join(', ');
  const more = workload.inputs.length > 3 ? ` and ${workload.inputs.length - 3} more` : '';
  const formats = workload.formats.length > 0 ? ` (${printable(formatFormats(workload.formats))})` : '';
  const days = Math.round((Date.parse(workload.until) - Date.parse(workload.from)) / 86_400_000);
  const special = specialPrices(prices);
  const lastDay = formatDay(new Date(Date.parse(workload.until) - 86_400_000).toISOString());
  const inventory = workload.inventory ? [`inventory of ${formatInventories(workload.inventory)}`] : [];
  return [
    `${inputs}${more}${formats}: ${formatCounted(workload.events, 'request')}, ${formatCounted(workload.objects, 'object')}${formatVersions(workload)}, ${formatBytes(workload.bytes)}`,
    ...inventory,
    `${formatDay(workload.from)} to ${lastDay} (${formatCounted(days, 'day')}), prices of ${pricesInWords(prices)}`,
    ...(special === '' ? [] : [`prices ${special}`]),
  ];
}

/** What the totals rest on, or would have broken, and from when a policy pays: only what there is. */
function noticeLines({ prices, workload, results, leftOut }: Comparison, paint: Painter): string[] {
  const notices: string[] = [];
  const skipped = formatSkippedFiles(workload.skippedFiles);
  if (skipped) notices.push(printable(skipped));
  if (workload.assumedObjects > 0) {
    notices.push(
      `${formatCounted(workload.assumedObjects, 'object')} (${formatBytes(workload.assumedBytes)}) first seen in a read: taken as there since the trace began`,
    );
  }
  notices.push(...rowNotices(workload));
  if (workload.deletesOfUnknownKeys > 0) {
    notices.push(`${formatCounted(workload.deletesOfUnknownKeys, 'DELETE')} of keys that were not there`);
  }
  notices.push(...missingSources(workload));
  notices.push(...predatedNotices(prices));
  notices.push(...inventoryNotices(workload));
  for (const result of results) notices.push(...policyNotices(result));
  const gains = results.flatMap(({ policy, breakEvenDate }) =>
    breakEvenDate ? [`${printable(policy)} is cheaper than the baseline from ${formatDay(breakEvenDate)} on`] : [],
  );
  for (const { policy, reason } of leftOut) notices.push(`${printable(policy)} is left out: ${printable(reason)}`);
  const lines = [
    ...notices.map((notice) => `${paint.yellow('!')} ${notice}`),
    ...gains.map((gain) => `${paint.dim('·')} ${gain}`),
  ];
  return lines.length > 0 ? [...lines, ''] : [];
}

function policyNotices(result: PolicyResult): string[] {
  const { policy, notices, idleVersionRules, unfinishedUploads, firstTransitions } = result;
  const lines: string[] = [];
  const { readsAfterExpiration, readsNeedingRestore, restores, longestRestoreWaitHours, restoreWaitHours } = notices;
  if (readsAfterExpiration > 0) {
    lines.push(
      `${printable(policy)} would have lost data that was still read: ${formatCounted(readsAfterExpiration, 'read')} after expiration`,
    );
  }
  if (readsNeedingRestore > 0) {
    const average = formatHours(restoreWaitHours / readsNeedingRestore);
    lines.push(
      `${printable(policy)}: ${formatCounted(readsNeedingRestore, 'read')} would have waited for ${formatCounted(restores, 'restore')}, ${average} each, ${formatHours(longestRestoreWaitHours)} at the longest`,
    );
  }
  if (idleVersionRules) lines.push(`${printable(policy)}: ${IDLE_VERSION_RULES}`);
  if (unfinishedUploads) lines.push(`${printable(policy)}: ${formatUnfinished(unfinishedUploads)}`);
  if (firstTransitions) lines.push(`${printable(policy)}: ${formatFirst(firstTransitions)}`);
  return lines;
}

/** Emphasis for a terminal, or none. */
export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  yellow(text: string): string;
}

export function painter(color: boolean): Painter {
  const wrap =
    (code: number) =>
    (text: string): string =>
      color ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { bold: wrap(1), dim: wrap(2), yellow: wrap(33) };
}

/** Lines of a table with its heading emphasised. */
export function tableLines([header = '', rule = '', ...rows]: readonly string[], paint: Painter): string[] {
  return [paint.bold(header), paint.dim(rule), ...rows];
}
