/** Below this a whole number in a double is exact; a sum that is rounded to it may have been larger. */
const EXACT = 2 ** 53;

/**
 * Exact sums in cells: doubles that are carried into bigints before they would lose a digit. Adding costs about as much
 * as adding plain floats.
 */
export class ExactSums {
  private readonly low: Float64Array;
  private readonly carried = new Map<number, bigint>();

  constructor(cells: number) {
    this.low = new Float64Array(cells);
  }

  /** @param value whole, of at most 2^53 either way */
  add(cell: number, value: number): void {
    const sum = this.low[cell]! + value;
    if (sum < EXACT && sum > -EXACT) {
      this.low[cell] = sum;
    } else {
      this.carry(cell, BigInt(this.low[cell]!));
      this.low[cell] = value;
    }
  }

  /** Adds a product of whole numbers, each of at most 2^53, which may itself be larger. */
  addProduct(cell: number, a: number, b: number): void {
    const product = a * b;
    if (product < EXACT) this.add(cell, product);
    else this.carry(cell, BigInt(a) * BigInt(b));
  }

  addBig(cell: number, value: bigint): void {
    if (value >= -BigInt(EXACT) && value <= BigInt(EXACT)) this.add(cell, Number(value));
    else this.carry(cell, value);
  }

  /** Adds the sums of another, cell by cell. It may have come from another thread: only its data is looked at. */
  addAll({ low, carried }: ExactSums): void {
    this.addLow(low);
    for (const [cell, value] of carried) this.carry(cell, value);
  }

  /** Whether anything was added to cells from `first` up to `end`. */
  anyIn(first: number, end: number): boolean {
    for (let cell = first; cell < end; cell++) if (this.low[cell] !== 0 || this.carried.has(cell)) return true;
    return false;
  }

  value(cell: number): bigint {
    return BigInt(this.low[cell]!) + (this.carried.get(cell) ?? 0n);
  }

  /** By itself: V8 leaves the compiled loop when what follows it was never reached, and begins anew at every call. */
  private addLow(low: Float64Array): void {
    for (let cell = 0; cell < low.length; cell++) if (low[cell] !== 0) this.add(cell, low[cell]!);
  }

  private carry(cell: number, value: bigint): void {
    this.carried.set(cell, (this.carried.get(cell) ?? 0n) + value);
  }
}
