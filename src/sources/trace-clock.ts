/** The clock of traces for research: their times count steps of some length from some beginning. */
import { formatDate } from '../model/time.ts';

/** What the user says of a trace's clock. */
export interface TraceClock {
  /** Milliseconds of a step of its times. */
  readonly stepMs?: number;
  /** UTC milliseconds of its time zero. */
  readonly startMs?: number;
}

/** A clock, all known: UTC milliseconds are `startMs + time × stepMs`. */
export interface ReadClock extends Required<TraceClock> {
  /** In words. */
  readonly remark: string;
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The beginning of a trace that has none of its own. */
const DEFAULT_START = Date.UTC(2025, 0, 1);

/** Steps since 1970 that reach this are taken for Unix time. */
const UNIX_FROM = Date.UTC(2000, 0, 1);

/**
 * The clock of a trace: as it was told, else of its format's steps, and from 1 January 2025 on, or since 1970 when its
 * first time, counted so, is after the year 2000.
 */
export function readClock({ stepMs: told, startMs }: TraceClock, formatStepMs: number, first: number): ReadClock {
  const stepMs = told ?? formatStepMs;
  if (startMs === undefined && first * stepMs >= UNIX_FROM) {
    return { stepMs, startMs: 0, remark: `steps of ${formatStep(stepMs)} since 1970` };
  }
  const start = startMs ?? DEFAULT_START;
  return { stepMs, startMs: start, remark: `steps of ${formatStep(stepMs)} from ${formatDate(start / 1000)}` };
}

/** Milliseconds of `1s`, `100ms`, `5m`, `1h`, `1d`; undefined for anything else. */
export function parseStep(text: string): number | undefined {
  const [, number, unit] = /^([1-9]\d{0,8})\s*(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  return unit === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

function formatStep(ms: number): string {
  const [unit, length] = Object.entries(UNITS).findLast(([, length]) => ms % length === 0)!;
  return `${ms / length} ${unit}`;
}
