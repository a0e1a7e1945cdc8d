/** Cuts rows in order into objects. */
import { isAct, operationOf } from '../model/operation.ts';
import type { BatchBuilder, RowColumns } from '../trace/batch-builder.ts';
import { orderOperation } from '../trace/trace.ts';
import { rowColumns, words } from './chunks.ts';
import type { Rows } from './row-partitions.ts';

/** An object of a trace table: the decimal digits of its `id` and `id2`. */
export type ObjectId = readonly [id: string, id2: string];

/** The ids of the objects of a batch, and of those that follow. */
export class ObjectIds {
  private readonly words: number[] = [];

  add(low: number, high: number, low2: number, high2: number): void {
    this.words.push(low, high, low2, high2);
  }

  of(object: number): ObjectId {
    const [low, high, low2, high2] = this.words.slice(4 * object, 4 * object + 4).map(BigInt) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    return [`${(high << 32n) + low}`, `${(high2 << 32n) + low2}`];
  }

  /** Forgets the first of them: those of a batch that is done with. */
  drop(objects: number): void {
    this.words.splice(0, 4 * objects);
  }
}

/** An object whose first 64 bits of id are those of another, row by row. */
interface Stray {
  readonly low2: number;
  readonly high2: number;
  readonly rows: RowColumns[];
}

/**
 * Cuts rows ordered by the first half of the object id into objects. Where two objects share that half, the rows of the
 * second wait until the first is through: different keys are never merged.
 */
export class ObjectSplitter {
  /** Rows that say again what the row before them said. */
  duplicates = 0;
  private readonly builder: BatchBuilder;
  private readonly optional: readonly string[];
  private readonly markWords: number;
  private readonly ids: ObjectIds | undefined;
  private readonly strays = new Map<string, Stray>();
  /** Number of the present object; 0 before the first. */
  private object = 0;
  /** Numbers of the objects of a chunk's rows. */
  private objects = new Uint32Array(0);
  private idLow = 0;
  private idHigh = 0;
  private id2Low = 0;
  private id2High = 0;
  private previousOrder = -1;
  /** Of the object's rows of the same time and operation. */
  private readonly requests = new RequestIds();

  /** @param ids gets the id of each object as it begins */
  constructor(builder: BatchBuilder, optional: readonly string[], markWords: number, ids?: ObjectIds) {
    this.builder = builder;
    this.optional = optional;
    this.markWords = markWords;
    this.ids = ids;
  }

  /** @param rows whose columns are `id`, `id2`, `w`, `size`, those that not every trace has, and words of marks */
  add({ columns: found, rows, following }: Rows): void {
    if (this.objects.length < rows) this.objects = new Uint32Array(rows);
    const { objects } = this;
    const id = words(found[0]!);
    const id2 = words(found[1]!);
    const columns = { object: objects, ...rowColumns(found, 2, this.optional, this.markWords) };
    const { order } = columns;
    const requestColumn = this.optional.indexOf('request');
    const request = requestColumn < 0 ? undefined : words(found[4 + requestColumn]!);
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const low = id[row * 2]!;
      const high = id[row * 2 + 1]!;
      const low2 = id2[row * 2]!;
      const high2 = id2[row * 2 + 1]!;
      if (low !== this.idLow || high !== this.idHigh || this.object === 0) {
        if (this.strays.size > 0) {
          this.builder.addRows(columns, from, row);
          from = row;
          this.addStrays();
        }
        this.idLow = low;
        this.idHigh = high;
        this.id2Low = low2;
        this.id2High = high2;
        this.previousOrder = -1;
        this.object++;
        this.ids?.add(low, high, low2, high2);
      } else if (low2 !== this.id2Low || high2 !== this.id2High) {
        this.stash(columns, row, low2, high2);
        this.builder.addRows(columns, from, row);
        from = row + 1;
        continue;
      }
      if (request && this.isDuplicate(order[row]!, request[row * 2]!, request[row * 2 + 1]!)) {
        this.duplicates++;
        this.builder.addRows(columns, from, row);
        from = row + 1;
        continue;
      }
      objects[row] = this.object;
    }
    this.builder.addRows(columns, from, rows, following);
  }

  end(): void {
    this.addStrays();
    this.builder.flush();
  }

  /** Whether a row has the request id of one before it, of the same time and operation, and is no act of S3's own. */
  private isDuplicate(order: number, low: number, high: number): boolean {
    if (order !== this.previousOrder) this.requests.clear();
    this.previousOrder = order;
    return (low !== 0 || high !== 0) && !isAct(operationOf(orderOperation(order))) && !this.requests.add(low, high);
  }

  private stash(columns: RowColumns, row: number, low2: number, high2: number): void {
    const name = `${high2} ${low2}`;
    const stray = this.strays.get(name) ?? { low2, high2, rows: [] };
    this.strays.set(name, stray);
    stray.rows.push(rowOf(columns, row));
  }

  private addStrays(): void {
    for (const { low2, high2, rows } of this.strays.values()) {
      this.object++;
      this.ids?.add(this.idLow, this.idHigh, low2, high2);
      for (const row of rows) {
        row.object[0] = this.object;
        this.builder.addRows(row, 0, 1);
      }
    }
    this.strays.clear();
  }
}

/** A row by itself: the memory of a chunk is not ours to keep. */
function rowOf({ marks, ...columns }: RowColumns, row: number): RowColumns {
  const alone = Object.entries(columns).map(([name, column]) => [name, column?.slice(row, row + 1)]);
  return { ...Object.fromEntries(alone), marks: marks.map((word) => word.slice(row, row + 1)) };
}

/** Ids looked through one by one; a set takes the others. */
const FEW = 8;

/** Numbers of 64 bits, hardly ever more than one. */
class RequestIds {
  private readonly words = new Uint32Array(2 * FEW);
  private length = 0;
  private readonly many = new Set<bigint>();

  /** @returns whether it was not among them */
  add(low: number, high: number): boolean {
    const { words, many } = this;
    for (let i = 0; i < this.length; i += 2) if (words[i] === low && words[i + 1] === high) return false;
    if (this.length < words.length) {
      words[this.length++] = low;
      words[this.length++] = high;
      return true;
    }
    const before = many.size;
    return many.add((BigInt(high) << 32n) | BigInt(low)).size > before;
  }

  clear(): void {
    this.length = 0;
    if (this.many.size > 0) this.many.clear();
  }
}
