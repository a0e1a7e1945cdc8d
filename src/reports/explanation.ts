/** An explanation for a terminal: the life of one object with what each event cost, or the dearest objects. */
import type { Explanation, ObjectShare } from '../model/explanation.ts';
import { COMPONENTS, type Component } from '../model/usage-type.ts';
import { accountLines } from './account-lines.ts';
import { historyWords, instantText } from './account-words.ts';
import { compareDecimals, percentOf, sumDecimals } from './decimal.ts';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDecimal,
  formatHours,
  formatNanoUSD,
  formatPercent,
  formatUSD,
  printable,
} from './format.ts';
import { type Painter, painter, type TableOptions, tableLines, workloadLines } from './table.ts';
import { textColumns } from './text-columns.ts';

/** The whole explanation. */
export function renderExplanation(explanation: Explanation, { color }: TableOptions): string {
  const paint = painter(color);
  return [
    ...workloadLines(explanation),
    '',
    `${paint.bold(printable(explanation.policy))}: ${printable(explanation.description)}`,
    '',
    ...('key' in explanation.asked
      ? explanation.objects.flatMap((share) => accountText(share, explanation, paint))
      : dearestText(explanation, paint)),
    '',
  ].join('\n');
}

/** An object as a person names it. */
export function objectName({ bucket, key }: ObjectShare): string {
  if (key === '')
    return bucket === '' ? '(requests of the bucket itself)' : `(requests of ${printable(bucket)} itself)`;
  return printable(bucket === '' ? key : `${bucket}/${key}`);
}

/** A long name without its middle: what is at its ends tells more. */
function shortened(name: string, most: number): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const half = Math.floor((most - 1) / 2);
  return `${letters.slice(0, half).join('')}…${letters.slice(-half).join('')}`;
}

/** `$0.12 of $12.04 (1.0%): storage $0.10, requests $0.02` */
export function costInWords(
  { totalUSD, components }: Pick<ObjectShare, 'totalUSD' | 'components'>,
  whole: string,
): string {
  const parts = COMPONENTS.flatMap((component) => {
    const cost = components[component];
    return cost === undefined ? [] : [`${component} ${formatUSD(cost)}`];
  });
  const share = formatPercent(percentOf(totalUSD, whole));
  return `${formatUSD(totalUSD)} of ${formatUSD(whole)} (${share})${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** `1.5 GiB, 12 requests, 11 of them reads` */
export function factsInWords({ size, count, requests, reads, versionCount }: ObjectShare): string {
  const objects = count > 1 ? `${formatCounted(count, 'object')} of ` : '';
  return [
    ...(size === null ? [] : [`${objects}${formatBytes(size)}`]),
    ...(versionCount > 1 ? [`the last of ${formatCount(versionCount)}`] : []),
    `${formatCounted(requests, 'request')}${reads > 0 ? `, ${formatCount(reads)} of them reads` : ''}`,
  ].join(', ');
}

/** What a person would say about an object's account. */
export function accountVerdict(share: ObjectShare, { totalUSD }: Explanation): string {
  const most = mainComponent(share);
  const component = most === undefined ? '' : `, most of it for ${most} (${formatUSD(share.components[most]!)})`;
  const part = formatPercent(percentOf(share.totalUSD, totalUSD));
  return `${shortened(objectName(share), 80)} costs ${formatUSD(share.totalUSD)}, ${part} of the bill of ${formatUSD(totalUSD)}${component}.`;
}

/** The same about the dearest objects. */
export function dearestVerdict({ objects, group, totalUSD, workload }: Explanation): string {
  const cost = sumDecimals(objects.map((share) => share.totalUSD));
  const count = objects.length === 1 ? 'The dearest' : `The ${formatCount(objects.length)} dearest`;
  const under = group ? ` under ${printable(group.prefix)}` : '';
  const of = formatCounted(group ? group.objects : workload.objects, 'object');
  const whole = group ? group.totalUSD : totalUSD;
  const part = formatPercent(percentOf(cost, whole));
  return `${count} of ${of}${under} cost ${formatUSD(cost)}, ${part} of ${group ? 'their' : 'the bill of'} ${formatUSD(whole)}.`;
}

function accountText(share: ObjectShare, { totalUSD }: Explanation, paint: Painter): string[] {
  const rows = accountLines(share).flatMap(({ at, words, usages }) => {
    const when = instantText(at);
    if (usages.length === 0) return [[when, words, '', '', '', '']];
    return usages.map((usage, i) => [
      i === 0 ? when : '',
      i === 0 ? words : `  ${usage.operation}`,
      usage.usageType,
      formatDecimal(usage.pricingQuantity),
      usage.pricingUnit,
      formatNanoUSD(usage.costUSD),
    ]);
  });
  const header = ['when (UTC)', 'what', 'usage type', 'quantity', 'unit', 'USD'];
  const total = ['total', '', '', '', '', formatNanoUSD(share.totalUSD)];
  return [
    `${paint.bold(objectName(share))}: ${factsInWords(share)}`,
    costInWords(share, totalUSD),
    '',
    ...tableLines(textColumns([header, ...rows, total], [0, 1, 2, 4]), paint),
    ...versionLines(share),
    ...notices(share).flatMap((notice, i) => [...(i === 0 ? [''] : []), `${paint.yellow('!')} ${notice}`]),
  ];
}

/** Ids of the versions, where rows name any. */
function versionLines({ versions }: ObjectShare): string[] {
  const named = versions.filter(({ versionId }) => versionId !== undefined);
  if (named.length === 0) return [];
  const rows = named.map(({ version, versionId, isDeleteMarker, createdAt }) => [
    `#${version}`,
    instantText(createdAt),
    isDeleteMarker ? 'delete marker' : 'version',
    printable(versionId!),
  ]);
  return ['', ...textColumns([['', 'created', 'which', 'version id'], ...rows], [0, 1, 2, 3])];
}

/** What the table of costs does not say. */
export function notices({ notices, leftOut }: ObjectShare): string[] {
  const { readsAfterExpiration, readsNeedingRestore, restores, longestRestoreWaitHours } = notices;
  const lines: string[] = [];
  if (leftOut > 0) lines.push(`${formatCounted(leftOut, 'row')} left out: none says the size of the object`);
  if (readsAfterExpiration > 0) {
    lines.push(`${formatCounted(readsAfterExpiration, 'read')} of data that was expired by then`);
  }
  if (readsNeedingRestore > 0) {
    const wait = formatHours(longestRestoreWaitHours);
    lines.push(
      `${formatCounted(readsNeedingRestore, 'read')} had to wait for ${formatCounted(restores, 'restore')}, up to ${wait}`,
    );
  }
  return lines;
}

function dearestText(explanation: Explanation, paint: Painter): string[] {
  const { objects, group, totalUSD, workload } = explanation;
  const rows = objects.map((share) => [
    shortened(objectName(share), 120),
    formatUSD(share.totalUSD),
    formatPercent(percentOf(share.totalUSD, totalUSD)),
    share.size === null ? '' : formatBytes(share.size),
    formatCount(share.reads),
    mainComponent(share) ?? '',
    historyWords(share),
  ]);
  const header = ['object', 'USD', '%', 'size', 'reads', 'mostly', 'where it was'];
  const of = group ? group.objects : workload.objects;
  return [
    ...(group
      ? [
          `${paint.bold(printable(group.prefix))}: ${formatCounted(group.objects, 'object')}, ${formatBytes(group.bytes)}`,
        ]
      : []),
    ...(group ? [costInWords(group, totalUSD), ''] : []),
    `${objects.length === 1 ? 'The dearest object' : `The ${formatCount(objects.length)} dearest`} of ${formatCounted(of, 'object')}:`,
    '',
    ...tableLines(textColumns([header, ...rows], [0, 5, 6]), paint),
    '',
    paint.dim('--key tells the life of one of them.'),
  ];
}

/** The part of the bill an object costs most in; undefined when it costs nothing. */
function mainComponent({ components }: ObjectShare): Component | undefined {
  let most: Component | undefined;
  for (const component of COMPONENTS) {
    if (compareDecimals(components[component] ?? '0', (most && components[most]) ?? '0') > 0) most = component;
  }
  return most;
}
