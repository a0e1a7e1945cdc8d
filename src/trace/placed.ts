import { type History, MARKER } from './history.ts';
import { NO_RULE, Stays } from './stays.ts';

/** What a policy makes of a key's history: where each version stays, and which delete markers are there from when to when. */
export class Placed {
  /** By version. */
  readonly stays: Stays[] = [];
  /** Entities: those of the history and, after them, delete markers the policy made. */
  entities = 0;
  private readonly count: number[] = [];
  private readonly from: number[] = [];
  private readonly until: number[] = [];
  private readonly isMarker: boolean[] = [];
  /** Rules that made each entity and removed it, or {@link NO_RULE}. */
  private readonly madeBy: number[] = [];
  private readonly removedBy: number[] = [];

  /** Begins with what rows did. */
  begin(history: History): void {
    while (this.stays.length < history.versions) this.stays.push(new Stays());
    this.entities = 0;
    for (let entity = 0; entity < history.entities; entity++) {
      this.add(history.created[entity]!, history.count[entity]!, history.lifeOf[entity] === MARKER, NO_RULE);
      this.until[entity] = history.removed[entity]!;
    }
  }

  /** A delete marker a rule makes. Returns its entity. */
  addMarker(at: number, count: number, rule: number): number {
    return this.add(at, count, true, rule);
  }

  createdAt(entity: number): number {
    return this.from[entity]!;
  }

  /** An entity is removed, by a row or by a rule. */
  end(entity: number, at: number, rule: number = NO_RULE): void {
    this.until[entity] = at;
    this.removedBy[entity] = rule;
  }

  /** From when to when an entity was there (Infinity: it still is), and the rules that made and removed it. */
  entity(entity: number): PlacedEntity {
    return {
      from: this.from[entity]!,
      until: this.until[entity]!,
      count: this.count[entity]!,
      isMarker: this.isMarker[entity]!,
      madeBy: this.madeBy[entity]!,
      removedBy: this.removedBy[entity]!,
    };
  }

  /** Tells of each delete marker: when it was made and removed (Infinity: it is still there), and for how many equal keys. */
  eachMarker(visit: (from: number, until: number, count: number) => void): void {
    for (let entity = 0; entity < this.entities; entity++) {
      if (this.isMarker[entity]) visit(this.from[entity]!, this.until[entity]!, this.count[entity]!);
    }
  }

  private add(at: number, count: number, isMarker: boolean, rule: number): number {
    const entity = this.entities++;
    this.from[entity] = at;
    this.until[entity] = Infinity;
    this.count[entity] = count;
    this.isMarker[entity] = isMarker;
    this.madeBy[entity] = rule;
    this.removedBy[entity] = NO_RULE;
    return entity;
  }
}

/** A version or a delete marker under a policy. Times are UTC seconds, rules are indices or {@link NO_RULE}. */
export interface PlacedEntity {
  readonly from: number;
  readonly until: number;
  readonly count: number;
  readonly isMarker: boolean;
  readonly madeBy: number;
  readonly removedBy: number;
}
