/**
 * What the rows of one key say by themselves, under no policy: which versions and delete markers there were, which row
 * made and removed which, which of them each request was for, and which must have been there before the first row.
 */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import type { ReferenceEvent, Tags, Versioning } from './nouns.ts';
import { countOf, describesObject, idOf, isSuccessful, isUpload, NULL } from './rows.ts';

/** A version or a delete marker; of a key in an unversioned bucket, an object. */
export interface Entity {
  readonly kind: 'version' | 'marker';
  /** As the row that made it says; `null` for the null version and the null marker. */
  readonly id?: string | undefined;
  /** Equal objects (of as many keys) this one stands for. */
  readonly count: number;
  /** Class, size and tags of a version when it was made. */
  storageClass: StorageClass | undefined;
  size: number | undefined;
  tags: Tags;
  /** Bytes of the parts it was put together of. */
  readonly parts?: number | undefined;
}

/** What a row takes away and what it then puts on top, at one blow. */
interface Deed {
  readonly removes: (entity: Entity) => boolean;
  readonly makes?: Entity | undefined;
}

export interface Story {
  /** What was there before the first row, oldest first. */
  readonly before: readonly Entity[];
  readonly deeds: ReadonlyMap<ReferenceEvent, Deed>;
  /** What a request was for; nothing where it found nothing. */
  readonly subjects: ReadonlyMap<ReferenceEvent, Entity>;
  readonly deletesOfUnknownKeys: number;
  /** What ids mean that no upload gives. */
  readonly names: ReadonlyMap<string, Entity | undefined>;
}

/** @param rows of one key, in order */
export function storyOf(rows: readonly ReferenceEvent[], versioning: Versioning): Story {
  const teller = new Teller(rows, versioning);
  return teller.tell();
}

/** First rows of versions (and uploads) to which no row gives a size: error rows. */
export function unsizedRows(rows: readonly ReferenceEvent[], versioning: Versioning): ReferenceEvent[] {
  const { before, deeds, subjects } = storyOf(rows, versioning);
  const found = before.filter(({ size }) => size === undefined);
  const ofBefore = found.map((entity) => rows.find((row) => subjects.get(row) === entity && describesObject(row))!);
  const ofUploads = rows.filter((row) => {
    const made = deeds.get(row)?.makes;
    return made?.kind === 'version' && made.size === undefined;
  });
  return [...ofBefore, ...ofUploads];
}

class Teller {
  private readonly rows: readonly ReferenceEvent[];
  private readonly versioning: Versioning;
  private readonly made: ReadonlyMap<ReferenceEvent, Entity>;
  /** What ids that no upload gives were found to mean. */
  private readonly names = new Map<string, Entity | undefined>();

  constructor(rows: readonly ReferenceEvent[], versioning: Versioning) {
    this.rows = rows;
    this.versioning = versioning;
    this.made = this.makings();
  }

  tell(): Story {
    const unnamed = this.unnamedBefore();
    const named = this.resolveNames(unnamed);
    const before = unnamed ? [...named.filter((entity) => entity !== unnamed), unnamed] : named;
    const subjects = new Map<ReferenceEvent, Entity>();
    const deeds = new Map<ReferenceEvent, Deed>();
    let deletesOfUnknownKeys = 0;
    this.walk(before, (row, alive) => {
      const subject = this.subjectOf(row, alive);
      if (subject) subjects.set(row, subject);
      const deed = this.deedOf(row, alive);
      if (deed) deeds.set(row, deed);
      if (deed && row.operation === 'DELETE' && !this.findsSomething(row, alive))
        deletesOfUnknownKeys += Number(countOf(row));
    });
    for (const entity of before) {
      const about = this.rows.filter((row) => subjects.get(row) === entity && describesObject(row));
      entity.size = about.find(({ size }) => size !== undefined)?.size;
      entity.storageClass = about.find(({ storageClass }) => storageClass)?.storageClass;
      // Rows without id are of what happens to be current: the first row of a version that an id shows is one with that id.
      const ofIt = entity === unnamed ? about : about.filter((row) => this.idOf(row) !== undefined);
      entity.tags = ofIt[0]?.tags ?? {};
    }
    return { before, deeds, subjects, deletesOfUnknownKeys, names: this.names };
  }

  /** Goes through the rows with what is alive before each. */
  private walk(before: readonly Entity[], visit: (row: ReferenceEvent, alive: readonly Entity[]) => void): void {
    let alive = before;
    for (const row of this.rows) {
      visit(row, alive);
      const deed = this.deedOf(row, alive);
      if (!deed) continue;
      alive = alive.filter((entity) => !deed.removes(entity));
      if (deed.makes) alive = [...alive, deed.makes];
    }
  }

  private idOf(row: ReferenceEvent): string | undefined {
    return idOf(row, this.versioning);
  }

  private isNullUpload(row: ReferenceEvent): boolean {
    const id = this.idOf(row);
    return isUpload(row) && (id === NULL || (this.versioning === 'suspended' && id === undefined));
  }

  /** A DELETE that names no version: in a versioned bucket it makes a marker. */
  private isSimpleDelete(row: ReferenceEvent): boolean {
    return row.operation === 'DELETE' && this.idOf(row) === undefined;
  }

  // What rows make

  private makings(): Map<ReferenceEvent, Entity> {
    const made = new Map<ReferenceEvent, Entity>();
    let latestCount = 1;
    let parts: number | undefined;
    for (const row of this.rows.filter(isSuccessful)) {
      if (row.operation === 'ABORT_MULTIPART') parts = undefined;
      if (row.operation === 'UPLOAD_PART') parts = (parts ?? 0) + (row.bytes ?? row.size ?? 0) * Number(countOf(row));
      if (isUpload(row)) {
        const ofParts = row.operation === 'COMPLETE_MULTIPART' ? parts : undefined;
        if (row.operation === 'COMPLETE_MULTIPART') parts = undefined;
        latestCount = Number(countOf(row));
        made.set(row, this.versionOf(row, ofParts));
      }
      if (this.versioning !== 'unversioned' && this.isSimpleDelete(row))
        made.set(row, markerOf(latestCount, this.versioning));
    }
    return made;
  }

  private versionOf(row: ReferenceEvent, parts: number | undefined): Entity {
    return {
      kind: 'version',
      id: this.isNullUpload(row) ? NULL : this.idOf(row),
      count: Number(countOf(row)),
      storageClass: row.storageClass,
      size: row.size ?? parts,
      tags: row.tags ?? {},
      parts,
    };
  }

  private deedOf(row: ReferenceEvent, alive: readonly Entity[]): Deed | undefined {
    if (!isSuccessful(row) || !(isUpload(row) || row.operation === 'DELETE')) return undefined;
    const makes = this.made.get(row);
    if (this.versioning === 'unversioned') return { removes: () => true, makes };
    if (makes) return { removes: (entity) => makes.id === NULL && entity.id === NULL, makes };
    const named = this.named(this.idOf(row)!, alive);
    return { removes: (entity) => entity === named };
  }

  // What rows are about

  private subjectOf(row: ReferenceEvent, alive: readonly Entity[]): Entity | undefined {
    if (isUpload(row)) return undefined;
    const id = this.idOf(row);
    const entity = id === undefined ? alive.at(-1) : this.named(id, alive);
    return entity?.kind === 'version' ? entity : undefined;
  }

  private named(id: string, alive: readonly Entity[]): Entity | undefined {
    return alive.findLast((entity) => entity.id === id || entity === this.names.get(id));
  }

  private findsSomething(row: ReferenceEvent, alive: readonly Entity[]): boolean {
    const id = this.idOf(row);
    return id === undefined ? alive.length > 0 : this.named(id, alive) !== undefined;
  }

  // What was there before

  /** The row that shows whether there was a current object: the first that is an upload or names no version. */
  private decidingRow(): ReferenceEvent | undefined {
    return this.rows.find((row) => describesObject(row) && (isUpload(row) || this.idOf(row) === undefined));
  }

  /** The current object that no upload made, if a row shows that there was one. */
  private unnamedBefore(): Entity | undefined {
    const deciding = this.decidingRow();
    if (!deciding || isUpload(deciding) || isDeleteWithoutSize(deciding)) return undefined;
    // What was deleted before that row was something else.
    const isNull = this.versioning === 'suspended' && !this.isDeletedBefore(NULL, deciding);
    return assumed(isNull ? NULL : undefined);
  }

  private isDeletedBefore(id: string, deciding: ReferenceEvent | undefined): boolean {
    const earlier = this.rows.slice(0, deciding ? this.rows.indexOf(deciding) : this.rows.length);
    return earlier.some((row) => isSuccessful(row) && row.operation === 'DELETE' && this.idOf(row) === id);
  }

  /**
   * Finds what each id means that no upload gives.
   * @returns versions that only such ids show to have been there, in order of their first rows
   */
  private resolveNames(unnamed: Entity | undefined): Entity[] {
    const named: Entity[] = [];
    const given = new Set([...this.made].filter(([row]) => isUpload(row)).map(([, { id }]) => id));
    const deciding = this.decidingRow();
    const nullRow = this.firstRowOfNullBefore();
    this.walk(unnamed ? [unnamed] : [], (row, alive) => {
      const id = this.idOf(row);
      if (row === nullRow) {
        const isSame = unnamed?.id === NULL;
        if (!isSame) named.push(assumed(NULL));
      }
      if (!describesObject(row) || id === undefined || id === NULL || given.has(id) || this.names.has(id)) return;
      const taken = new Set(this.names.values());
      const found = alive.find(
        (entity) =>
          entity.id === undefined &&
          !taken.has(entity) &&
          (entity.kind === 'version' || isDeleteWithoutSize(row)) &&
          !(entity === unnamed && this.isDeletedBefore(id, deciding)),
      );
      if (found || isDeleteWithoutSize(row)) this.names.set(id, found);
      else {
        const entity = assumed(id);
        this.names.set(id, entity);
        named.push(entity);
      }
    });
    return named;
  }

  /** The row that shows a null version nobody uploaded. */
  private firstRowOfNullBefore(): ReferenceEvent | undefined {
    const first = this.rows.find(
      (row) =>
        describesObject(row) &&
        (this.idOf(row) === NULL ||
          this.isNullUpload(row) ||
          (this.versioning === 'suspended' && this.isSimpleDelete(row))),
    );
    const isShown = first && this.idOf(first) === NULL && !isUpload(first) && !isDeleteWithoutSize(first);
    return isShown ? first : undefined;
  }
}

/** The marker that a DELETE or an expiration makes. */
export function markerOf(count: number, versioning: Versioning): Entity {
  const id = versioning === 'suspended' ? NULL : undefined;
  return { kind: 'marker', id, count, storageClass: 'STANDARD', size: undefined, tags: {} };
}

function assumed(id: string | undefined): Entity {
  return { kind: 'version', id, count: 1, storageClass: undefined, size: undefined, tags: {} };
}

function isDeleteWithoutSize({ operation, size }: ReferenceEvent): boolean {
  return operation === 'DELETE' && size === undefined;
}
