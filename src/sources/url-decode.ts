/**
 * A key as S3's logs and inventories write it, decoded once: `%XX` is a byte, `+` a blank, and a `%` that begins no byte
 * stays. Undefined when the bytes are no UTF-8 text, which the name of no object is.
 */
export function urlDecode(text: string): string | undefined {
  const blanks = text.replaceAll('+', ' ');
  if (!blanks.includes('%')) return blanks;
  try {
    return blanks.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The same in SQL: NULL where {@link urlDecode} is undefined. */
export function urlDecoded(text: string): string {
  return `TRY(url_decode(replace(${text}, '+', ' ')))`;
}
