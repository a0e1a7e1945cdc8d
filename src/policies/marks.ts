import type { Mark } from '../trace/trace.ts';
import type { ObjectFilter } from './filters.ts';

/** What a policy asks about keys and tags, each once. */
export class MarkList {
  readonly list: Mark[] = [];
  readonly #positions = new Map<string, number>();

  /** Positions of a filter's marks, the prefix first. */
  of({ prefix = '', tags }: ObjectFilter): number[] {
    return [...this.prefix(prefix), ...this.tags(tags)];
  }

  prefix(prefix: string): number[] {
    return prefix === '' ? [] : [this.#position({ kind: 'prefix', prefix })];
  }

  tags(tags: ObjectFilter['tags']): number[] {
    return tags.map(({ key, value }) => this.#position({ kind: 'tag', key, value }));
  }

  #position(mark: Mark): number {
    const text = JSON.stringify(mark);
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#positions.set(text, this.list.length);
    return this.list.push(mark) - 1;
  }
}
