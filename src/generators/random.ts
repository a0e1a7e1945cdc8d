/**
 * Seeded randomness. Integers come from exact 32-bit arithmetic and are the same everywhere. What goes through a
 * logarithm or a cosine may differ in its last bit between JavaScript engines; it ends as a whole number of seconds or
 * bytes, where that hardly ever shows.
 */

/** What a sub-stream is for, so that no two uses of one number share their randomness. */
export const OBJECT_STREAM = 1;
export const GROUP_STREAM = 2;

/**
 * The generator sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, a period of at least 2^32, far more than
 * one object draws. Made once and reseeded for every object: nothing is allocated per object.
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;

  /** Begins the sub-stream `(seed, salt, stream, index)`. It depends on nothing that was drawn before. */
  reseed(seed: number, salt: number, stream: number, index: number): this {
    this.a = mix(seed | 0) ^ salt;
    this.b = mix(Math.floor(seed / 2 ** 32) ^ Math.imul(stream, 0x9e3779b1));
    this.c = mix(index ^ 0x5bf03635);
    this.counter = 1;
    for (let round = 0; round < 15; round++) this.integer();
    return this;
  }

  /** A whole number from 0 up to 2^32 (exclusive). */
  integer(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Between 0 and 1, neither of them. */
  uniform(): number {
    return (this.integer() + 0.5) / 2 ** 32;
  }

  /** A whole number from 0 up to `limit` (exclusive). */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /** Normal with mean 0 and standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** FNV-1a of a text: what makes presets differ under one seed. */
export function salt(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** MurmurHash3's finalizer: neighbouring numbers become unrelated ones. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
