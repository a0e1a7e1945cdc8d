import { type History, MARKER } from './history.ts';
import { Stays } from './stays.ts';

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

  /** Begins with what rows did. */
  begin(history: History): void {
    while (this.stays.length < history.versions) this.stays.push(new Stays());
    this.entities = 0;
    for (let entity = 0; entity < history.entities; entity++) {
      this.add(history.created[entity]!, history.count[entity]!, history.lifeOf[entity] === MARKER);
      this.until[entity] = history.removed[entity]!;
    }
  }

  /** A delete marker the policy makes. Returns its entity. */
  addMarker(at: number, count: number): number {
    return this.add(at, count, true);
  }

  createdAt(entity: number): number {
    return this.from[entity]!;
  }

  /** An entity is removed, by a row or by the policy. */
  end(entity: number, at: number): void {
    this.until[entity] = at;
  }

  /** Tells of each delete marker: when it was made and removed (Infinity: it is still there), and for how many equal keys. */
  eachMarker(visit: (from: number, until: number, count: number) => void): void {
    for (let entity = 0; entity < this.entities; entity++) {
      if (this.isMarker[entity]) visit(this.from[entity]!, this.until[entity]!, this.count[entity]!);
    }
  }

  private add(at: number, count: number, isMarker: boolean): number {
    const entity = this.entities++;
    this.from[entity] = at;
    this.until[entity] = Infinity;
    this.count[entity] = count;
    this.isMarker[entity] = isMarker;
    return entity;
  }
}
