import fc from 'fast-check';

export const DAY = 86_400;
export const KB = 1_024;
export const GB = 2 ** 30;

/** 2023-12-01: a leap day and the ends of a year are near. */
export const EPOCH_DAY: number = Date.UTC(2023, 11, 1) / 1000 / DAY;

export function withoutUndefined<T extends object>(value: { [Name in keyof T]: T[Name] | undefined } | object): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** Mostly nothing: once in `n + 1` times. */
export function seldom<T>(n: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: n, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
