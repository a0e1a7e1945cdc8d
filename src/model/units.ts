/**
 * Numbers that carry their unit: whole quantities that the compiler keeps apart, so that byte-seconds are never added
 * to requests. At run time each is a plain `bigint`.
 */
declare const unit: unique symbol;

type Quantity<Unit extends string> = bigint & { readonly [unit]: Unit };

export type Bytes = Quantity<'bytes'>;
/** One byte stored for one second. */
export type ByteSeconds = Quantity<'byte-seconds'>;
/** One object watched for one second. */
export type ObjectSeconds = Quantity<'object-seconds'>;
/** One tag of one object kept for one second. */
export type TagSeconds = Quantity<'tag-seconds'>;
export type Requests = Quantity<'requests'>;
/** Money: a thousand-millionth of a US dollar. */
export type NanoUSD = Quantity<'nano-USD'>;

export const bytes = (count: bigint): Bytes => count as Bytes;
export const byteSeconds = (count: bigint): ByteSeconds => count as ByteSeconds;
export const objectSeconds = (count: bigint): ObjectSeconds => count as ObjectSeconds;
export const tagSeconds = (count: bigint): TagSeconds => count as TagSeconds;
export const requests = (count: bigint): Requests => count as Requests;
export const nanoUSD = (count: bigint): NanoUSD => count as NanoUSD;

/** The sum of two quantities of one unit; unlike units do not compile. */
export function plus<Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q {
  return (a + b) as Q;
}
