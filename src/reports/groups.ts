/** How groups of objects are shown, the same in the terminal and on the page. */
import type { Comparison, GroupCost, GroupsUsed, GroupTotals, PolicyResult } from '../model/comparison.ts';
import { COMPONENTS } from '../model/usage-type.ts';
import { compareDecimals, subtractDecimals } from './decimal.ts';
import { formatBytes, formatCount, formatUSD, printable } from './format.ts';
import { textColumns } from './text-columns.ts';

/** `prefix of 2 folders`, `tag team`, `class at upload`, `size`. */
export function formatGroupBy(by: string): string {
  const [kind, value = ''] = [by.split(':', 1)[0]!, by.slice(by.indexOf(':') + 1)];
  if (kind === 'prefix') return value === '1' ? 'first folder' : `first ${value} folders`;
  if (kind === 'tag') return `tag ${printable(value)}`;
  return kind === 'class' ? 'class at upload' : 'size';
}

const NAMELESS: Readonly<Record<string, string>> = { prefix: '(no folder)', tag: '(no tag)' };

/** A group's name as a person reads it. */
export function formatGroup(by: string, { name, others }: Pick<GroupTotals, 'name' | 'others'>): string {
  if (others !== undefined) return `${formatCount(others)} others`;
  return name === '' ? (NAMELESS[by.split(':', 1)[0]!] ?? '(no object)') : printable(name);
}

/** The policy that costs least of a group: of equals the baseline, or else the first. */
export function cheapestOf({ results, baseline }: Comparison, group: number): { policy: string; cost: GroupCost } {
  const costs = results.map(({ policy, groups }) => ({ policy, cost: groups![group]! }));
  const base = costs.find(({ policy }) => policy === baseline)!;
  return costs.reduce((best, one) => (compareDecimals(one.cost.totalUSD, best.cost.totalUSD) < 0 ? one : best), base);
}

/** Lines of a table of the groups: of several policies what the baseline and the cheapest cost, of one its components. */
export function groupLines(comparison: Comparison): string[] {
  const { groupBy, results } = comparison;
  if (!groupBy) return [];
  return results.length === 1
    ? textColumns(billRows(groupBy, results[0]!))
    : textColumns(...comparedRows(comparison, groupBy));
}

function billRows({ by, groups }: GroupsUsed, { groups: costs, components }: PolicyResult): string[][] {
  const shown = COMPONENTS.filter((component) => components[component]);
  const rows = groups.map((group, at) => [
    formatGroup(by, group),
    formatCount(group.objects),
    formatBytes(group.bytes),
    formatUSD(costs![at]!.totalUSD),
    ...shown.map((component) => formatUSD(costs![at]!.components[component] ?? '0')),
  ]);
  return [[formatGroupBy(by), 'objects', 'bytes', 'total', ...shown], ...rows];
}

function comparedRows(comparison: Comparison, { by, groups }: GroupsUsed): [string[][], number[]] {
  const { results, baseline } = comparison;
  const base = results.find(({ policy }) => policy === baseline)!;
  const rows = groups.map((group, at) => {
    const least = cheapestOf(comparison, at);
    const cost = base.groups![at]!.totalUSD;
    return [
      formatGroup(by, group),
      formatCount(group.objects),
      formatBytes(group.bytes),
      formatUSD(cost),
      formatUSD(least.cost.totalUSD),
      formatUSD(subtractDecimals(cost, least.cost.totalUSD)),
      printable(least.policy),
    ];
  });
  const header = [formatGroupBy(by), 'objects', 'bytes', printable(baseline), 'least', 'saving', 'with'];
  return [
    [header, ...rows],
    [0, 6],
  ];
}
