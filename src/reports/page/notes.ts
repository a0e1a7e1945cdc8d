/** What the numbers rest on: the workload's facts, the assumptions, and everything that should give a reader pause. */
import type { Comparison, PolicyResult } from '../../model/comparison.ts';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDay,
  formatFirst,
  formatFormats,
  formatHours,
  formatSkippedFiles,
  formatUnfinished,
  formatVersions,
  IDLE_VERSION_RULES,
  printable,
} from '../format.ts';
import { formatInventories, inventoryNotices } from '../inventory.ts';
import { predatedNotices, pricesInWords, specialPrices } from '../prices-used.ts';
import { missingSources, rowNotices } from '../row-notices.ts';
import { element, foreign } from './dom.ts';

/** The workload's facts as terms and their values. */
export function facts({ workload, prices, baseline, results }: Comparison): HTMLElement {
  const until = new Date(Date.parse(workload.until) - 86_400_000).toISOString();
  const entries: [string, string][] = [
    ['Period', `${formatDay(workload.from)} to ${formatDay(until)}`],
    ['Prices', [pricesInWords(prices), specialPrices(prices)].filter((text) => text !== '').join(', ')],
    ['Objects', `${formatCount(workload.objects)}${formatVersions(workload)}`],
    ['Bytes', formatBytes(workload.bytes)],
    ['Requests', formatCount(workload.events)],
    ['Policies', `${formatCount(results.length)}, baseline ${baseline}`],
    [workload.inputs.length === 1 ? 'Input' : 'Inputs', workload.inputs.join(', ')],
    ...(workload.formats.length > 0 ? [['Read as', formatFormats(workload.formats)] as [string, string]] : []),
    ...(workload.inventory ? [['Inventory', formatInventories(workload.inventory)] as [string, string]] : []),
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...entries.map(([term, value]) => element('div', {}, element('dt', {}, term), element('dd', {}, foreign(value)))),
  );
}

/** The assumptions; undefined when there are none. */
export function assumptions({ assumptions }: Pick<Comparison, 'assumptions'>): HTMLElement | undefined {
  if (assumptions.length === 0) return undefined;
  const entries = assumptions.map(({ name, choice, text }) =>
    element(
      'div',
      {},
      element('dt', {}, foreign(name), ': ', element('strong', {}, foreign(choice))),
      element('dd', {}, foreign(text)),
    ),
  );
  return element('dl', { class: 'assumptions' }, ...entries);
}

/** The notices, first of the workload, then of each policy. */
export function notices(comparison: Comparison): HTMLElement {
  const items = [
    ...workloadNotices(comparison).map((text) => element('li', {}, text)),
    ...comparison.results.flatMap((result) =>
      policyNotices(result).map((text) =>
        element('li', {}, element('strong', {}, foreign(result.policy)), `: ${text}`),
      ),
    ),
    ...comparison.leftOut.map(({ policy, reason }) =>
      element('li', {}, element('strong', {}, foreign(policy)), ' was left out: ', foreign(reason)),
    ),
  ];
  if (items.length === 0)
    return element('p', {}, 'None: every row was read, and no policy would have lost or delayed a read.');
  return element('ul', { class: 'notices' }, ...items);
}

function workloadNotices({ workload, prices }: Comparison): string[] {
  const texts: string[] = [];
  const skipped = formatSkippedFiles(workload.skippedFiles);
  if (skipped) texts.push(`${printable(skipped)}.`);
  const { assumedObjects, assumedBytes, deletesOfUnknownKeys } = workload;
  if (assumedObjects > 0) {
    texts.push(
      `${formatCounted(assumedObjects, 'object')} (${formatBytes(assumedBytes)}) first seen in a read: taken as there since the trace begins.`,
    );
  }
  texts.push(...rowNotices(workload).map((notice) => `${notice}.`));
  if (deletesOfUnknownKeys > 0) {
    texts.push(
      `${formatCounted(deletesOfUnknownKeys, 'delete')} of keys that were not there: without effect, and free.`,
    );
  }
  texts.push(...missingSources(workload).map((notice) => `${notice}.`));
  texts.push(...inventoryNotices(workload).map((text) => `${text[0]!.toUpperCase()}${text.slice(1)}.`));
  return [...texts, ...predatedNotices(prices).map((notice) => `${notice}.`)];
}

function policyNotices(result: PolicyResult): string[] {
  const { notices, idleVersionRules, unfinishedUploads, firstTransitions } = result;
  const texts: string[] = [];
  if (notices.readsAfterExpiration > 0) {
    texts.push(`${formatCounted(notices.readsAfterExpiration, 'read')} of data it had already deleted.`);
  }
  if (notices.readsNeedingRestore > 0) {
    texts.push(
      `${formatCounted(notices.readsNeedingRestore, 'read')} had to wait for a restore, ${formatHours(notices.restoreWaitHours)} altogether, up to ${formatHours(notices.longestRestoreWaitHours)} each.`,
    );
  }
  if (notices.restores > 0) texts.push(`${formatCounted(notices.restores, 'restore')} from the archive.`);
  if (idleVersionRules) texts.push(`${IDLE_VERSION_RULES}.`);
  if (unfinishedUploads) texts.push(`${formatUnfinished(unfinishedUploads)}.`);
  if (firstTransitions) texts.push(`${formatFirst(firstTransitions)}.`);
  return texts;
}

/** The line at the foot of the page. */
export function colophon({ tiercast, prices }: Pick<Comparison, 'tiercast' | 'prices'>): HTMLElement {
  return element(
    'footer',
    {},
    `Made by Tiercast ${printable(tiercast)} from prices of ${printable(prices.region)}. Amounts are exact to the nano-dollar and rounded only as shown; GiB and TiB are powers of two, S3's own GB and TB.`,
  );
}
