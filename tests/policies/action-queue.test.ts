import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActionQueue, HIDE, MOVE, REMOVE, type Waiting } from '../../src/policies/action-queue.ts';

type Told = Pick<Waiting, 'due' | 'kind' | 'age' | 'precedence'> & { readonly index: number };

const waiting = ({ index, ...told }: Told): Waiting =>
  ({ ...told, rule: { index }, action: {}, entity: 0, serial: 0, state: 0 }) as unknown as Waiting;

const told = ({ due, kind, age, precedence, rule }: Waiting): Told => ({
  due,
  kind,
  age,
  precedence,
  index: rule.index,
});

/** Everything due before an instant, as it is taken. */
function taken(queue: ActionQueue, end: number): Told[] {
  const items: Told[] = [];
  for (let item = queue.takeBefore(end); item; item = queue.takeBefore(end)) items.push(told(item));
  return items;
}

function queueOf(items: readonly Told[]): ActionQueue {
  const queue = new ActionQueue();
  for (const item of items) queue.add(waiting(item));
  return queue;
}

describe('actions that wait', () => {
  const first: Told = { due: 1, kind: REMOVE, age: 1, precedence: 5, index: 1 };

  it.each<[string, Partial<Told>]>([
    ['the earlier midnight', { due: 2, kind: REMOVE, age: 0, precedence: 9, index: 0 }],
    ['a removal before a move', { kind: MOVE, age: 0, precedence: 9, index: 0 }],
    ['the older version', { age: 2, precedence: 9, index: 0 }],
    ['the higher precedence', { precedence: 4, index: 0 }],
    ['the first rule', { index: 2 }],
  ])('are done in order: %s', (_, other) => {
    const second = { ...first, ...other };
    expect(taken(queueOf([first, second]), 10)).toEqual([first, second]);
    expect(taken(queueOf([second, first]), 10)).toEqual([first, second]);
  });

  it('a move before a delete marker', () => {
    const [move, hide] = [{ ...first, kind: MOVE } as const, { ...first, kind: HIDE, age: 0 } as const];
    expect(taken(queueOf([hide, move]), 10)).toEqual([move, hide]);
  });

  it('are done before an instant, not at it, and not once the queue is cleared', () => {
    const queue = queueOf([first, { ...first, due: 2 }]);
    expect(taken(queue, 1)).toEqual([]);
    expect(taken(queue, 2)).toEqual([first]);
    queue.clear();
    expect(taken(queue, 10)).toEqual([]);
  });

  it('in any number come out sorted', () => {
    const item = fc.record({
      due: fc.nat(5),
      kind: fc.constantFrom(REMOVE, MOVE, HIDE),
      age: fc.nat(3),
      precedence: fc.nat(3),
      index: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), fc.nat(6), (items, end) => {
        const rank = ({ due, kind, age, precedence, index }: Told) => [due, kind, age, 9 - precedence, index].join();
        const sorted = items.filter(({ due }) => due < end).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
        expect(taken(queueOf(items), end)).toEqual(sorted);
      }),
    );
  });
});
