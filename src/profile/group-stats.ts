import { groupByText } from '../model/grouping.ts';
import type { GroupProfile } from '../model/profile.ts';
import type { Groups } from '../trace/groups.ts';
import type { Life } from '../trace/life.ts';
import { Histogram } from './histogram.ts';

const PRESENT = 0;
const NEVER_READ = 1;
const COLD = 2;
const READ = 3;
const KINDS = 4;

/** What is said of each group of objects, as lives come by. */
export class GroupStats {
  private readonly groups: Groups;
  private readonly sums: Histogram;
  private readonly lastRead: Float64Array;

  constructor(groups: Groups) {
    this.groups = groups;
    this.sums = new Histogram(groups.names.length * KINDS);
    this.lastRead = new Float64Array(groups.names.length).fill(-Infinity);
  }

  /** @param isCold whether nobody read it for long; it is there when the trace ends */
  present(life: Life, isRead: boolean, isCold: boolean): void {
    const at = this.groups.ofLife(life) * KINDS;
    this.sums.add(at + PRESENT, life.size, life.count);
    if (!isRead) this.sums.add(at + NEVER_READ, life.size, life.count);
    if (isCold) this.sums.add(at + COLD, life.size, life.count);
  }

  /** @param time UTC seconds */
  read(life: Life, time: number, bytes: number, times: number): void {
    const group = this.groups.ofLife(life);
    this.sums.add(group * KINDS + READ, bytes, life.count, times);
    this.lastRead[group] = Math.max(this.lastRead[group]!, time);
  }

  /** The largest groups by what is there, at most `top`, and all others together. */
  largest(top: number): { readonly by: string; readonly groups: GroupProfile[] } {
    const { groups } = this;
    const isRest = (number: number): boolean => number === 0 && groups.unnamed > 0;
    const used = [...groups.names.keys()].filter((number) => this.isUsed(number));
    const named = used.filter((number) => !isRest(number)).sort((a, b) => order(this.bytes(b), this.bytes(a)) || a - b);
    const rest = used.filter(isRest);
    const shown = named.length + rest.length > top + 1 ? named.slice(0, top) : named;
    const others = [...rest, ...named.filter((number) => !shown.includes(number))];
    if (groups.by.kind === 'class' || groups.by.kind === 'size') shown.sort((a, b) => a - b);
    const profiles = shown.map((number) => this.profile([number], groups.names[number]!));
    if (others.length > 0) {
      const count = others.length - rest.length + groups.unnamed;
      profiles.push({ ...this.profile(others, 'other'), others: count });
    }
    return { by: groupByText(groups.by), groups: profiles };
  }

  /** Named groups in an order, the first `top` of those that have something of it. */
  ranked(top: number, by: 'reads' | 'cold'): GroupProfile[] {
    const value = (number: number): bigint =>
      by === 'reads' ? BigInt(this.sums.count(number * KINDS + READ)) : this.sums.bytes(number * KINDS + COLD);
    const first = this.groups.unnamed > 0 ? 1 : 0;
    return [...this.groups.names.keys()]
      .filter((number) => number >= first && value(number) > 0n)
      .sort((a, b) => order(value(b), value(a)) || a - b)
      .slice(0, top)
      .map((number) => this.profile([number], this.groups.names[number]!));
  }

  private bytes(number: number): bigint {
    return this.sums.bytes(number * KINDS + PRESENT);
  }

  private isUsed(number: number): boolean {
    return this.sums.count(number * KINDS + PRESENT) > 0 || this.sums.count(number * KINDS + READ) > 0;
  }

  private profile(numbers: readonly number[], name: string): GroupProfile {
    const count = (kind: number): number =>
      numbers.reduce((sum, number) => sum + this.sums.count(number * KINDS + kind), 0);
    const bytes = (kind: number): string =>
      String(numbers.reduce((sum, number) => sum + this.sums.bytes(number * KINDS + kind), 0n));
    const last = Math.max(...numbers.map((number) => this.lastRead[number]!));
    return {
      name,
      present: { objects: count(PRESENT), bytes: bytes(PRESENT) },
      neverReadBytes: bytes(NEVER_READ),
      coldBytes: bytes(COLD),
      reads: count(READ),
      readBytes: bytes(READ),
      lastRead: last === -Infinity ? null : new Date(last * 1000).toISOString(),
    };
  }
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
