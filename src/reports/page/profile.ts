/** The page of a profile, put together in the browser from the document that came with it. */
import type { Profile } from '../../model/profile.ts';
import {
  formatBytes,
  formatCount,
  formatDay,
  formatFormats,
  formatPeriod,
  formatVersions,
  printable,
} from '../format.ts';
import { formatGroupBy } from '../groups.ts';
import { formatInventories } from '../inventory.ts';
import { classSource, profileHeadline, profileNotices } from '../profile-words.ts';
import { lyingHeight } from './bars.ts';
import { element, foreign } from './dom.ts';
import { Figure, type FigureContent } from './figure.ts';
import { printDetailsOpen } from './print.ts';
import {
  agesContent,
  classesContent,
  coldestContent,
  daysContent,
  gapsContent,
  groupsContent,
  hottestContent,
  operationsTable,
  readsByAgeContent,
  requestersContent,
  sizesContent,
} from './profile-figures.ts';

const carried = document.getElementById('profile')!.textContent;
showProfile(JSON.parse(carried) as Profile);

/** A figure and what it shows, once it stands in the document. */
interface Shown {
  readonly figure: Figure;
  readonly content: FigureContent;
}

function showProfile(profile: Profile): void {
  const page = document.getElementById('report')!;
  const { workload } = profile;
  const title = `What is in the bucket, ${formatPeriod(`${workload.first.slice(0, 10)}T00:00:00Z`, workload.until)}`;
  document.title = `${title} – Tiercast`;
  page.replaceChildren(heading(title, profile), facts(profile));
  for (const { id, title, figures, more = [] } of sections(profile)) {
    page.append(section(id, title, ...figures.map(({ figure }) => figure.node), ...more));
    for (const { figure, content } of figures) figure.show(content);
  }
  page.append(section('notices', 'Notices', notices(profile)), colophon(profile));
  printDetailsOpen();
}

interface Part {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Shown[];
  readonly more?: readonly Node[];
}

function sections(profile: Profile): Part[] {
  const { workload, prefixes, requesters, groupBy } = profile;
  const hasRequests = workload.requests > 0;
  const parts: Part[] = [
    {
      id: 'there',
      title: 'What is there',
      figures: [
        shown('sizes', 'By size', 320, sizesContent(profile)),
        shown(
          'classes',
          `By ${classSource(workload)}`,
          lyingHeight(profile.classes.length * 2),
          classesContent(profile),
        ),
      ],
    },
    {
      id: 'idle',
      title: hasRequests ? 'How old, and how long idle' : 'How old',
      figures: [shown('ages', hasRequests ? 'Age and last read' : 'Age', 340, agesContent(profile))],
    },
  ];
  if (hasRequests) {
    parts.push({
      id: 'reads',
      title: 'When it is read',
      figures: [
        shown('gaps', 'Gaps between reads', 320, gapsContent(profile)),
        shown('by-age', 'Age when read', 320, readsByAgeContent(profile)),
      ],
    });
  }
  if (hasRequests && prefixes.hottest.length + prefixes.coldest.length > 0) {
    const title = `Hottest and coldest, by ${formatGroupBy(`prefix:${prefixes.depth}`)}`;
    const hottest = shown('hottest', 'Most read', lyingHeight(prefixes.hottest.length), hottestContent(profile));
    const coldest = shown('coldest', 'Most cold bytes', lyingHeight(prefixes.coldest.length), coldestContent(profile));
    const figures = [
      ...(prefixes.hottest.length > 0 ? [hottest] : []),
      ...(prefixes.coldest.length > 0 ? [coldest] : []),
    ];
    parts.push({ id: 'prefixes', title, figures });
  }
  if (groupBy) {
    const bars = groupBy.groups.length * (hasRequests ? 1 : 2);
    const figures = [shown('groups', 'Bytes by group', lyingHeight(bars), groupsContent(profile))];
    parts.push({ id: 'by-group', title: `By ${formatGroupBy(groupBy.by)}`, figures });
  }
  if (requesters && requesters.warmers.length > 0) {
    const figures = [
      shown('warmers', 'Bytes kept warm', lyingHeight(requesters.warmers.length), requestersContent(profile)),
    ];
    parts.push({ id: 'requesters', title: 'Who keeps cold data warm', figures });
  }
  if (!hasRequests) return parts;
  const operations = element('div', { class: 'items-box' }, operationsTable(profile));
  parts.push({
    id: 'log',
    title: 'The log',
    figures: [shown('days', 'Requests by day', 260, daysContent(profile))],
    more: [operations],
  });
  return parts;
}

function shown(id: string, heading: string, height: number, content: FigureContent): Shown {
  return { figure: new Figure({ id, heading, height }), content };
}

function heading(title: string, profile: Profile): HTMLElement {
  return element(
    'header',
    {},
    element('p', { class: 'eyebrow' }, 'Tiercast'),
    element('h1', {}, title),
    element('p', { class: 'verdict' }, profileHeadline(profile)),
  );
}

function facts({ workload, days }: Profile): HTMLElement {
  const { inventory } = workload;
  const period: [string, string][] = [
    ['Period', `${formatDay(workload.first)} to ${formatDay(workload.last)}`],
    ['Days', formatCount(days.length)],
  ];
  const entries: [string, string][] = [
    ...(inventory ? [['Inventory', formatInventories(inventory)] as [string, string]] : []),
    ...(days.length > 0 ? period : []),
    ['Requests', formatCount(workload.requests)],
    ['Objects in all', `${formatCount(workload.objects)}${formatVersions(workload)}`],
    ['Bytes in all', formatBytes(workload.bytes)],
    [workload.inputs.length === 1 ? 'Input' : 'Inputs', workload.inputs.join(', ')],
    ['Read as', formatFormats(workload.formats)],
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...entries.map(([term, value]) => element('div', {}, element('dt', {}, term), element('dd', {}, foreign(value)))),
  );
}

function notices(profile: Profile): HTMLElement {
  const texts = profileNotices(profile);
  if (texts.length === 0) return element('p', {}, 'None: every row was read, and no day is missing.');
  return element(
    'ul',
    { class: 'notices' },
    ...texts.map((text) => element('li', {}, text.endsWith('?') ? text : `${text}.`)),
  );
}

function colophon({ tiercast }: Profile): HTMLElement {
  return element(
    'footer',
    {},
    `Made by Tiercast ${printable(tiercast)}. A read hands over bytes: GET, SELECT, the source of a copy. KiB, MiB and GiB are powers of two, S3's own KB, MB and GB.`,
  );
}

function section(id: string, title: string, ...children: readonly Node[]): HTMLElement {
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, printable(title)), ...children);
}
