import { ExactSums } from '../model/exact-sums.ts';
import type { NamedReads, NamedShare } from '../model/profile.ts';

/** How many there are of each kind, and their bytes, exactly. */
export class Histogram {
  private readonly counts: ExactSums;
  private readonly sums: ExactSums;

  constructor(kinds: number) {
    this.counts = new ExactSums(kinds);
    this.sums = new ExactSums(kinds);
  }

  /** @param times whole, each at most 2^53, as is `bytes` */
  add(kind: number, bytes: number, count: number, times = 1): void {
    this.counts.addProduct(kind, count, times);
    const all = count * times;
    if (Number.isSafeInteger(all)) this.sums.addProduct(kind, bytes, all);
    else this.sums.addBig(kind, BigInt(bytes) * BigInt(count) * BigInt(times));
  }

  count(kind: number): number {
    return Number(this.counts.value(kind));
  }

  bytes(kind: number): bigint {
    return this.sums.value(kind);
  }

  shares(names: readonly string[]): NamedShare[] {
    return names.map((name, kind) => ({ name, objects: this.count(kind), bytes: String(this.bytes(kind)) }));
  }

  reads(names: readonly string[]): NamedReads[] {
    return names.map((name, kind) => ({ name, reads: this.count(kind), bytes: String(this.bytes(kind)) }));
  }
}
