const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

/** Sizes of objects, by the first byte that is too much for each: 128 KB is where several classes' minimum lies. */
const ENDS: readonly number[] = [1, KB, 16 * KB, 128 * KB, MB, 16 * MB, 128 * MB, GB, 16 * GB];

/** Names of sizes. */
export const SIZE_CLASSES: readonly string[] = [
  'empty',
  'under 1 KiB',
  '1 to 16 KiB',
  '16 to 128 KiB',
  '128 KiB to 1 MiB',
  '1 to 16 MiB',
  '16 to 128 MiB',
  '128 MiB to 1 GiB',
  '1 to 16 GiB',
  '16 GiB and more',
];

/** Index into {@link SIZE_CLASSES}. */
export function sizeClass(bytes: number): number {
  let at = 0;
  while (at < ENDS.length && bytes >= ENDS[at]!) at++;
  return at;
}

/** How many of {@link SIZE_CLASSES} lie below 128 KB: STANDARD_IA, ONEZONE_IA and GLACIER_IR bill no less, INTELLIGENT_TIERING watches no less. */
export const SMALL_SIZE_CLASSES = 4;
