import { ExactSums } from '../model/exact-sums.ts';
import { type History, MARKER } from './history.ts';
import type { Life } from './life.ts';

const ALL = 0;
const ASSUMED = 1;

/** What a trace holds, the same under every policy. */
export class WorkloadCounts {
  /** Different keys that were objects; a first upload with `count` N is N. */
  objects = 0;
  /** Objects first seen in a read. */
  assumedObjects = 0;
  /** DELETE requests of keys that were not there. */
  deletesOfUnknownKeys = 0;
  /** Rows of objects whose size no row gives. */
  unsizedRows = 0;
  /** Versions of all keys, and delete markers that rows made, in a versioned bucket. */
  versions = 0;
  deleteMarkers = 0;
  private readonly sums = new ExactSums(2);

  life({ first, assumed, count, size }: Life): void {
    if (first) this.objects += count;
    if (assumed) this.assumedObjects += count;
    this.sums.addProduct(ALL, size, count);
    if (assumed) this.sums.addProduct(ASSUMED, size, count);
  }

  history(history: History): void {
    for (let entity = 0; entity < history.entities; entity++) {
      const life = history.lifeOf[entity]!;
      if (life === MARKER) this.deleteMarkers += history.count[entity]!;
      else {
        this.life(history.lives[life]!);
        this.versions += history.lives[life]!.count;
      }
    }
  }

  /** Adds what another counted, perhaps in another thread. */
  addAll(other: WorkloadCounts): void {
    this.objects += other.objects;
    this.assumedObjects += other.assumedObjects;
    this.deletesOfUnknownKeys += other.deletesOfUnknownKeys;
    this.unsizedRows += other.unsizedRows;
    this.versions += other.versions;
    this.deleteMarkers += other.deleteMarkers;
    this.sums.addAll(other.sums);
  }

  /** Bytes of every upload and of every object that existed before. */
  get bytes(): bigint {
    return this.sums.value(ALL);
  }

  get assumedBytes(): bigint {
    return this.sums.value(ASSUMED);
  }
}
