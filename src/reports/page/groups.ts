/** What groups of objects cost under one policy, and which policy costs least of each. */
import type { Comparison, PolicyResult } from '../../model/comparison.ts';
import { COMPONENTS } from '../../model/usage-type.ts';
import { formatBytes, formatCount, formatUSD, printable } from '../format.ts';
import { cheapestOf, formatGroup, formatGroupBy } from '../groups.ts';
import { chartUSD, moneyTicks } from './axes.ts';
import { foreign, table } from './dom.ts';
import type { FigureContent } from './figure.ts';
import { legend } from './inside.ts';
import { seriesColor, type Theme } from './theme.ts';

/** Pixels the chart needs. */
export function groupsHeight({ groupBy }: Comparison): number {
  return groupBy!.groups.length * 34 + 46;
}

/** Cost by group, stacked by component. */
export function groupsContent(comparison: Comparison, result: PolicyResult): FigureContent {
  const { by, groups } = comparison.groupBy!;
  const costs = result.groups!;
  const components = COMPONENTS.filter((component) => Number(result.components[component] ?? 0) !== 0);
  const color = (theme: Theme, component: (typeof COMPONENTS)[number]): string =>
    seriesColor(theme, COMPONENTS.indexOf(component));
  const names = groups.map((group) => formatGroup(by, group));
  return {
    text: `${printable(result.policy)}: volume tiers are shared by all that fill them.`,
    label: `Stacked bars of the cost of ${printable(result.policy)} by ${formatGroupBy(by)}: ${names.map((name, at) => `${name} ${formatUSD(costs[at]!.totalUSD)}`).join(', ')}.`,
    legend: (theme) => legend(components.map((component) => [component, color(theme, component)])),
    configure: (theme, narrow) => ({
      type: 'bar',
      data: {
        labels: names.map((name) => shortened(name, narrow ? 14 : 36)),
        datasets: components.map((component) => ({
          label: component,
          data: costs.map((cost) => Number(cost.components[component] ?? 0)),
          backgroundColor: color(theme, component),
          borderColor: theme.surface,
          borderWidth: { left: 1 },
          maxBarThickness: 24,
        })),
      },
      options: {
        indexAxis: 'y',
        interaction: { mode: 'index', axis: 'y', intersect: false },
        scales: {
          x: { stacked: true, min: 0, ticks: moneyTicks(), border: { display: false } },
          y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false, color: theme.text } },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: ([item]) => names[item!.dataIndex]!,
              label: ({ dataset, raw }) => ` ${dataset.label}: ${chartUSD(Number(raw))}`,
              footer: ([item]) => `Total ${formatUSD(costs[item!.dataIndex]!.totalUSD)}`,
            },
          },
        },
      },
    }),
    table: groupsTable(comparison, result, components),
    tableOpen: true,
  };
}

function groupsTable(
  comparison: Comparison,
  result: PolicyResult,
  components: readonly (typeof COMPONENTS)[number][],
): HTMLElement {
  const { groupBy, results, baseline } = comparison;
  const { by, groups } = groupBy!;
  const isCompared = results.length > 1;
  const columns = [
    { heading: capital(formatGroupBy(by)) },
    { heading: 'Objects', numeric: true },
    { heading: 'Bytes', numeric: true },
    { heading: 'Total', numeric: true },
    ...(isCompared
      ? [
          { heading: `Saving on ${printable(baseline)}`, numeric: true },
          { heading: 'Costs least', numeric: true },
          { heading: 'With' },
        ]
      : []),
    ...components.map((component) => ({ heading: capital(component), numeric: true })),
  ];
  const rows = groups.map((group, at) => {
    const cost = result.groups![at]!;
    return [
      foreign(formatGroup(by, group)),
      formatCount(group.objects),
      formatBytes(group.bytes),
      formatUSD(cost.totalUSD),
      ...(isCompared ? [result.policy === baseline ? '–' : formatUSD(cost.savingUSD), ...least(comparison, at)] : []),
      ...components.map((component) => formatUSD(cost.components[component] ?? '0')),
    ];
  });
  return table(`Cost by ${formatGroupBy(by)} of ${printable(result.policy)}`, columns, rows);
}

function least(comparison: Comparison, group: number): [string, Node] {
  const { policy, cost } = cheapestOf(comparison, group);
  return [formatUSD(cost.totalUSD), foreign(policy)];
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
