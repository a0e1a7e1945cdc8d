/** Where a meter writes what was used: the sums of a run by day, or the entries of one object's account. */
export interface UsageSink {
  /** Where what is used at an instant (UTC seconds) is written; -1 outside the horizon. */
  slotOf(time: number): number;
  /** Adds `a` × `b` × `c` of a usage kind at a slot (nothing at -1). Each whole, at most 2^53; the product may exceed that. */
  add(kind: number, slot: number, a: number, b: number, c?: number): void;
  /** Holds `amount` (whole, at most 2^53) of a kind from one instant to another: amount × seconds, clipped to the horizon. */
  hold(kind: number, from: number, until: number, amount: number): void;
}
