import { DAY_SECONDS } from '../model/time.ts';

/** Ends of spans of time in days; 30 and 90 are where lifecycle rules and classes draw their lines. */
const ENDS: readonly number[] = [1, 7, 30, 60, 90, 180, 365];

/** Names of spans of time, ages and gaps among them. */
export const TIME_SPANS: readonly string[] = [
  'under 1 day',
  '1 to 7 days',
  '7 to 30 days',
  '30 to 60 days',
  '60 to 90 days',
  '90 to 180 days',
  '180 to 365 days',
  '1 year and more',
];

/** Index into {@link TIME_SPANS} of a number of seconds. */
export function timeSpan(seconds: number): number {
  const days = seconds / DAY_SECONDS;
  let at = 0;
  while (at < ENDS.length && days >= ENDS[at]!) at++;
  return at;
}
