import type { Action, Rule } from './rule.ts';

/** What a policy does at one midnight, first things first: S3 removes before it moves, and moves before it makes delete markers. */
export const REMOVE = 0;
export const MOVE = 1;
export const HIDE = 2;

/** An action that waits for its midnight. */
export interface Waiting {
  /** UTC seconds, a midnight. */
  readonly due: number;
  readonly kind: typeof REMOVE | typeof MOVE | typeof HIDE;
  readonly entity: number;
  /** Place of the entity in order of creation. */
  readonly age: number;
  /** Higher takes precedence. */
  readonly precedence: number;
  /** Actions put in before it. */
  readonly serial: number;
  readonly rule: Rule;
  readonly action: Action;
  /** What the entity's state was numbered when this was put in; it is void when the state has changed since. */
  readonly state: number;
}

/** Actions in the order they are done: a binary heap. */
export class ActionQueue {
  private readonly heap: Waiting[] = [];

  clear(): void {
    this.heap.length = 0;
  }

  add(item: Waiting): void {
    const { heap } = this;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compare(heap[parent]!, item) <= 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  /** The first action if it is due before an instant. */
  takeBefore(end: number): Waiting | undefined {
    const { heap } = this;
    const first = heap[0];
    if (first === undefined || first.due >= end) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(item: Waiting): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
      if (compare(item, heap[child]!) <= 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = item;
  }
}

function compare(a: Waiting, b: Waiting): number {
  return (
    a.due - b.due || a.kind - b.kind || a.age - b.age || b.precedence - a.precedence || a.rule.index - b.rule.index
  );
}
