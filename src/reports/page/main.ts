/** The page of the HTML report, put together in the browser from the comparison that came with it. */
import type { Comparison } from '../../model/comparison.ts';
import { formatPeriod, printable } from '../format.ts';
import { formatGroupBy } from '../groups.ts';
import { type PackedComparison, unpackComparison } from '../page-data.ts';
import { verdictSentences } from '../verdict.ts';
import { cumulativeContent } from './cumulative.ts';
import { choice, element } from './dom.ts';
import { Figure } from './figure.ts';
import { groupsContent, groupsHeight } from './groups.ts';
import { classesContent, monthsContent } from './inside.ts';
import { lineItems } from './line-items.ts';
import { assumptions, colophon, facts, notices } from './notes.ts';
import { printDetailsOpen } from './print.ts';
import { totalsContent, totalsHeight } from './totals.ts';

const carried = document.getElementById('comparison')!.textContent;
showReport(unpackComparison(JSON.parse(carried) as PackedComparison));

function showReport(comparison: Comparison): void {
  const report = document.getElementById('report')!;
  const title = `S3 bill by policy, ${formatPeriod(comparison.workload.from, comparison.workload.until)}`;
  document.title = `${title} – Tiercast`;
  report.replaceChildren(heading(title, comparison), facts(comparison));
  if (comparison.results.length > 0) showResults(report, comparison);
  const assumed = assumptions(comparison);
  if (assumed !== undefined) report.append(section('assumptions', 'Assumptions', assumed));
  report.append(section('notices', 'Notices', notices(comparison)), colophon(comparison));
  printDetailsOpen();
}

function heading(title: string, comparison: Comparison): HTMLElement {
  const [first, ...others] = verdictSentences(comparison);
  return element(
    'header',
    {},
    element('p', { class: 'eyebrow' }, 'Tiercast'),
    element('h1', {}, title),
    element('p', { class: 'verdict' }, first),
    others.length === 0 ? undefined : element('p', { class: 'caution' }, others.join(' ')),
  );
}

function showResults(report: HTMLElement, comparison: Comparison): void {
  const totals = new Figure({ id: 'totals', heading: 'Total by policy', height: totalsHeight(comparison) });
  const months = new Figure({ id: 'months', heading: 'Cost by month', height: 300 });
  const classes = new Figure({ id: 'classes', heading: 'Bytes by storage class', height: 300 });
  const cumulative = new Figure({ id: 'cumulative', heading: 'Cost so far', height: 380 });
  const showPolicy = (index: number): void => {
    months.show(monthsContent(comparison.results[index]!));
    classes.show(classesContent(comparison, comparison.results[index]!));
  };
  const policies = comparison.results.map(({ policy }) => policy);
  report.append(
    section('costs', 'What each policy costs', totals.node, cumulative.node),
    section('inside', 'Inside one policy', choice('Policy', policies, 0, showPolicy), months.node, classes.node),
    ...(comparison.groupBy ? [groupsSection(comparison)] : []),
    section('items', 'Line items', note('As they would stand on the bill.'), lineItems(comparison)),
  );
  totals.show(totalsContent(comparison));
  cumulative.show(cumulativeContent(comparison));
  showPolicy(0);
}

function groupsSection(comparison: Comparison): HTMLElement {
  const figure = new Figure({ id: 'groups', heading: 'Cost by group', height: groupsHeight(comparison) });
  const show = (index: number): void => figure.show(groupsContent(comparison, comparison.results[index]!));
  const policies = comparison.results.map(({ policy }) => policy);
  // Drawn once it stands in the document.
  queueMicrotask(() => show(0));
  const title = `By ${formatGroupBy(comparison.groupBy!.by)}`;
  return section('by-group', title, choice('Policy', policies, 0, show), figure.node);
}

function section(id: string, title: string, ...children: readonly Node[]): HTMLElement {
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, printable(title)), ...children);
}

function note(text: string): HTMLElement {
  return element('p', { class: 'note' }, text);
}
