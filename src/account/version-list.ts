import type { ObjectVersion } from '../model/explanation.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import { formatInstant } from '../model/time.ts';
import { ALIVE, DELETED } from '../trace/life.ts';
import { NO_RULE } from '../trace/stays.ts';
import type { ToldEntity } from './history-story.ts';
import type { MeteredLife } from './life-story.ts';

/** Versions that are listed. */
const MOST_LISTED = 1_000;

/** The objects, versions and delete markers of a key, as an account lists them. */
export class VersionList {
  private known: ObjectVersion[] = [];
  private readonly rules: readonly string[];
  private readonly ids: ReadonlyMap<number, string>;

  constructor(rules: readonly string[], ids: ReadonlyMap<number, string> = new Map()) {
    this.rules = rules;
    this.ids = ids;
  }

  /** How many there are. */
  get count(): number {
    return this.known.length;
  }

  /** The latest of them, in order of creation. */
  get latest(): readonly ObjectVersion[] {
    return this.known.slice(-MOST_LISTED);
  }

  /** The number of the next one in an unversioned bucket. */
  get next(): number {
    return this.known.length + 1;
  }

  add({ life, stays, version }: MeteredLife): void {
    const removed = this.removal({ life, stays });
    this.known.push({
      version,
      createdAt: formatInstant(life.created),
      stays: Array.from({ length: stays.length }, (_, stay) => ({
        storageClass: STORAGE_CLASSES[stays.storageClass[stay]!]!,
        from: formatInstant(stays.from[stay]!),
        ...this.byRule(stays.rule[stay]!),
      })),
      ...(removed && { removed }),
    });
  }

  private removal({ life, stays }: Pick<MeteredLife, 'life' | 'stays'>): ObjectVersion['removed'] {
    if (stays.expires < life.ended) {
      return { at: formatInstant(stays.expires), event: 'expire', ...this.byRule(stays.expiryRule) };
    }
    if (life.endedBy === ALIVE) return undefined;
    return { at: formatInstant(life.ended), event: life.endedBy === DELETED ? 'delete' : 'overwrite' };
  }

  /** Adds the delete markers, and the ids of all. */
  nameAll(entities: readonly ToldEntity[]): void {
    const known = new Map(this.known.map((version) => [version.version, version]));
    this.known = entities.flatMap((entity) => {
      const version = entity.isMarker ? this.marker(entity) : known.get(entity.version);
      const versionId = entity.isNull ? 'null' : this.ids.get(entity.id);
      return version ? [{ ...version, ...(versionId !== undefined && { versionId }) }] : [];
    });
  }

  private marker({ version, from, until, removedBy }: ToldEntity): ObjectVersion {
    return {
      version,
      isDeleteMarker: true,
      createdAt: formatInstant(from),
      stays: [],
      ...(until < Infinity && {
        removed: {
          at: formatInstant(until),
          event: removedBy === NO_RULE ? 'delete' : 'expire',
          ...this.byRule(removedBy),
        },
      }),
    };
  }

  private byRule(rule: number): { rule?: string } {
    return rule === NO_RULE ? {} : { rule: this.rules[rule]! };
  }
}
