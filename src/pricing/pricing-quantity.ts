/** From what was measured to what a price is quoted for, exactly. */
import type { Ratio } from '../model/money.ts';
import { DAY_SECONDS } from '../model/time.ts';
import {
  type ByteSeconds,
  type Bytes,
  byteSeconds,
  bytes,
  type ObjectSeconds,
  objectSeconds,
  type Requests,
  requests,
  type TagSeconds,
  tagSeconds,
} from '../model/units.ts';
import type { Component, UsageUnit } from '../model/usage-type.ts';

/** AWS's GB is 2^30 bytes: https://aws.amazon.com/s3/pricing/ */
const GB = 2n ** 30n;

/**
 * A quantity in its pricing unit. The denominator is how many of the physical unit make one pricing unit, whatever the
 * quantity.
 *
 * @param monthSeconds seconds of the whole calendar month the usage falls in
 */
export function pricingQuantity(unit: UsageUnit, quantity: bigint, monthSeconds: number): Ratio {
  switch (unit) {
    case 'byte-seconds':
      return gbMonths(byteSeconds(quantity), monthSeconds);
    case 'object-seconds':
      return objectMonths(objectSeconds(quantity), monthSeconds);
    case 'tag-seconds':
      return tagMonths(tagSeconds(quantity), monthSeconds);
    case 'requests':
      return counted(requests(quantity));
    case 'bytes':
      return gigabytes(bytes(quantity));
  }
}

/** Seconds of the month that a part of the bill is sold by: the calendar month's, unless an early delete is to have others. */
export function secondsSold(
  component: Component,
  monthSeconds: number,
  { earlyDeleteDays }: { readonly earlyDeleteDays?: number },
): number {
  return component === 'early delete' && earlyDeleteDays !== undefined ? earlyDeleteDays * DAY_SECONDS : monthSeconds;
}

/**
 * A GB-month is the GB-hours of a month over the hours of that calendar month, not over 730 or 720 hours: note 11 of
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
 */
function gbMonths(quantity: ByteSeconds, monthSeconds: number): Ratio {
  return { numerator: quantity, denominator: GB * BigInt(monthSeconds) };
}

/** Monitored objects are prorated by time, as in cost and usage reports. */
function objectMonths(quantity: ObjectSeconds, monthSeconds: number): Ratio {
  return { numerator: quantity, denominator: BigInt(monthSeconds) };
}

/** Reported as tag-hours (aws-usage-report-understand), sold by the tag-month: the hours of the calendar month, as for GB. */
function tagMonths(quantity: TagSeconds, monthSeconds: number): Ratio {
  return { numerator: quantity, denominator: BigInt(monthSeconds) };
}

function counted(quantity: Requests): Ratio {
  return { numerator: quantity, denominator: 1n };
}

function gigabytes(quantity: Bytes): Ratio {
  return { numerator: quantity, denominator: GB };
}
