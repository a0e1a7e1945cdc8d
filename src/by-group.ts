/** A run whose usage is told by groups of objects: whatever is counted is counted once, in one of them. */
import { DailyUsage } from './metering/daily-usage.ts';
import type { GroupedUsage } from './metering/grouped-usage.ts';
import type { SharedUsage } from './metering/shared-usage.ts';
import type { GroupsUsed, GroupTotals } from './model/comparison.ts';
import { groupByText, TOP_GROUPS } from './model/grouping.ts';
import { inExactPortions, type PolicyRun, type UsageByGroup } from './policy-run.ts';
import type { MeteredPolicy } from './pricing/comparison.ts';
import type { Groups } from './trace/groups.ts';
import { MARKER } from './trace/history.ts';
import type { LivesVisitor } from './trace/lives.ts';
import type { WorkloadCounts } from './trace/workload-counts.ts';

/** What a run counted, by number of the group. */
export interface CountedGroups {
  readonly groups: Groups;
  readonly counts: readonly WorkloadCounts[];
}

/**
 * Makes a visitor one whose lives, and requests without one, are of groups.
 * @param whole counts everything, and visits what is of no group
 * @param shared by number of the group
 */
export function broadcastByGroup(
  whole: LivesVisitor,
  counts: WorkloadCounts,
  shared: readonly SharedUsage[],
  policies: readonly PolicyRun<DailyUsage | GroupedUsage>[],
  { groups, counts: countsOf }: CountedGroups,
): LivesVisitor {
  const enter = (group: number): SharedUsage => {
    for (const policy of policies) policy.enter(group);
    return shared[group]!;
  };
  return {
    ...whole,
    life(life) {
      const group = groups.ofLife(life);
      counts.life(life);
      countsOf[group]!.life(life);
      const ofGroup = enter(group);
      inExactPortions(life, () => {
        ofGroup.life(life);
        for (const policy of policies) policy.life(life);
      });
    },
    history(history) {
      counts.history(history);
      for (const policy of policies) policy.place(history);
      for (let version = 0; version < history.versions; version++) {
        const life = history.lives[version]!;
        const group = groups.ofLife(life);
        countsOf[group]!.life(life);
        const ofGroup = enter(group);
        inExactPortions(life, () => ofGroup.life(life));
        for (const policy of policies) policy.version(history, version);
      }
      const ofKey = enter(groups.ofKey(history));
      for (let entity = 0; entity < history.entities; entity++) {
        if (history.lifeOf[entity] !== MARKER) continue;
        ofKey.marker(history.created[entity]!, history.removed[entity]!, history.keyBytes, history.count[entity]!);
      }
      for (const policy of policies) policy.markers(history);
    },
    multipart(upload) {
      enter(groups.ofRequest(upload.group, upload.uploadClass));
      for (const policy of policies) policy.multipart(upload);
    },
    stray(operation, time, count, group) {
      shared[groups.ofRequest(group)]!.stray(operation, time, count);
    },
    failedUpload(operation, time, count, uploadClass, group) {
      enter(groups.ofRequest(group, uploadClass));
      for (const policy of policies) policy.failedUpload(operation, time, count, uploadClass);
    },
  };
}

/**
 * The groups that a result tells apart, and the policies' usage by them: the largest by bytes, in that order (classes and
 * sizes in their own), and all others together. The others are more than one, or there are none.
 */
export function toldGroups(
  { groups, counts }: CountedGroups,
  policies: readonly (MeteredPolicy & UsageByGroup)[],
  top: number = TOP_GROUPS,
): { readonly groupBy: GroupsUsed; readonly policies: readonly MeteredPolicy[] } {
  const isUsed = (number: number): boolean =>
    counts[number]!.objects > 0 || policies.some(({ byGroup }) => !byGroup[number]!.isEmpty);
  const isRest = (number: number): boolean => number === 0 && groups.unnamed > 0;
  const named = [...groups.names.keys()].filter((number) => isUsed(number) && !isRest(number));
  const bySize = named.toSorted((a, b) => compare(counts[b]!.bytes, counts[a]!.bytes) || a - b);
  const rest = isUsed(0) && isRest(0) ? [0] : [];
  const shown = bySize.length + rest.length > top + 1 ? bySize.slice(0, top) : bySize;
  if (groups.by.kind === 'class' || groups.by.kind === 'size') shown.sort((a, b) => a - b);
  const others = [...rest, ...bySize.filter((number) => !shown.includes(number))];
  const numbers = [...shown.map((number) => [number]), ...(others.length > 0 ? [others] : [])];
  const totals = numbers.map((some, at): GroupTotals => {
    const sum = {
      objects: some.reduce((objects, number) => objects + counts[number]!.objects, 0),
      bytes: String(some.reduce((bytes, number) => bytes + counts[number]!.bytes, 0n)),
    };
    if (at < shown.length) return { name: groups.names[some[0]!]!, ...sum };
    return { name: 'other', others: others.length - rest.length + groups.unnamed, ...sum };
  });
  return {
    groupBy: { by: groupByText(groups.by), groups: totals },
    policies: policies.map((policy) => ({
      ...policy,
      groups: numbers.map((some) => sumOf(some.map((number) => policy.byGroup[number]!))),
    })),
  };
}

function sumOf(parts: readonly DailyUsage[]): DailyUsage {
  return parts.length === 1 ? parts[0]! : DailyUsage.sum(parts[0]!.horizon, parts);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
