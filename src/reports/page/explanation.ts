/** The page of an explanation, put together in the browser from the document that came with it. */
import type { Explanation, ObjectShare } from '../../model/explanation.ts';
import { instantText } from '../account-words.ts';
import { accountVerdict, costInWords, dearestVerdict, factsInWords, notices, objectName } from '../explanation.ts';
import { formatDay, formatPeriod, printable } from '../format.ts';
import { pricesInWords } from '../prices-used.ts';
import { accountTable } from './account-table.ts';
import { componentBar, componentLegend } from './components.ts';
import { dearestTable } from './dearest.ts';
import { element, foreign, table } from './dom.ts';
import { assumptions, colophon } from './notes.ts';
import { onThemeChange } from './theme.ts';
import { Timeline } from './timeline.ts';

const carried = document.getElementById('explanation')!.textContent;
showExplanation(JSON.parse(carried) as Explanation);

function showExplanation(explanation: Explanation): void {
  const page = document.getElementById('report')!;
  const { objects, asked } = explanation;
  page.replaceChildren();
  if ('key' in asked) for (const share of objects) showAccount(page, share, explanation);
  else showDearest(page, explanation);
  const assumed = assumptions(explanation);
  if (assumed !== undefined) page.append(section('assumptions', 'Assumptions', assumed));
  page.append(colophon(explanation));
}

function showAccount(page: HTMLElement, share: ObjectShare, explanation: Explanation): void {
  const { workload } = explanation;
  const heading = `What an object costs, ${formatPeriod(workload.from, workload.until)}`;
  document.title = `${objectName(share)}: ${heading} – Tiercast`;
  const timeline = new Timeline(share, explanation);
  page.append(
    header(heading, accountVerdict(share, explanation), notices(share)),
    facts(explanation, [
      ['Object', objectName(share)],
      ['Size and use', factsInWords(share)],
    ]),
    section('life', 'The life of the object', timeline.node, costs(share)),
    section('account', 'The account', note('Every event and every interval, with what it cost.'), accountTable(share)),
  );
  timeline.draw();
  const versions = versionTable(share);
  if (versions) page.append(section('versions', 'Versions', versions));
}

function showDearest(page: HTMLElement, explanation: Explanation): void {
  const { workload, group, totalUSD } = explanation;
  const heading = `The dearest objects, ${formatPeriod(workload.from, workload.until)}`;
  document.title = `${heading} – Tiercast`;
  page.append(
    header(heading, dearestVerdict(explanation), []),
    facts(explanation, group ? [[`Under ${group.prefix}`, costInWords(group, totalUSD)]] : []),
    section('objects', 'Object by object', dearestTable(explanation)),
  );
}

/** What the object cost by the parts of the bill. */
function costs(share: ObjectShare): HTMLElement {
  const heading = element('h3', { id: 'costs' }, 'What it cost');
  const figure = element('figure', { 'aria-labelledby': 'costs' });
  const draw = (): void => {
    const bar = componentBar(share, Number(share.totalUSD), 1000);
    figure.replaceChildren(element('figcaption', {}, heading), componentLegend([share]), bar);
  };
  draw();
  onThemeChange(draw);
  return figure;
}

function header(heading: string, verdict: string, cautions: readonly string[]): HTMLElement {
  return element(
    'header',
    {},
    element('p', { class: 'eyebrow' }, 'Tiercast'),
    element('h1', {}, heading),
    element('p', { class: 'verdict' }, foreign(verdict)),
    cautions.length === 0 ? undefined : element('p', { class: 'caution' }, `${cautions.join('. ')}.`),
  );
}

function facts({ policy, description, workload, prices }: Explanation, own: readonly [string, string][]): HTMLElement {
  const until = new Date(Date.parse(workload.until) - 86_400_000).toISOString();
  const entries: [string, string][] = [
    ...own,
    ['Policy', `${policy}: ${description}`],
    ['Period', `${formatDay(workload.from)} to ${formatDay(until)}`],
    ['Prices', pricesInWords(prices)],
    ...(workload.inputs.length > 0 ? [['Input', workload.inputs.join(', ')] as [string, string]] : []),
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...entries.map(([term, value]) =>
      element('div', {}, element('dt', {}, foreign(term)), element('dd', {}, foreign(value))),
    ),
  );
}

function versionTable({ versions }: ObjectShare): HTMLElement | undefined {
  if (versions.every(({ versionId }) => versionId === undefined)) return undefined;
  const rows = versions.map(({ version, versionId, isDeleteMarker, createdAt, removed }) => [
    `#${version}`,
    isDeleteMarker ? 'delete marker' : 'version',
    foreign(versionId ?? '–'),
    instantText(createdAt),
    removed ? instantText(removed.at) : '–',
  ]);
  const columns = ['', 'Which', 'Version ID', 'Created', 'Removed'].map((heading) => ({ heading }));
  return table('Versions', columns, rows);
}

function section(id: string, title: string, ...children: readonly Node[]): HTMLElement {
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, printable(title)), ...children);
}

function note(text: string): HTMLElement {
  return element('p', { class: 'note' }, text);
}
