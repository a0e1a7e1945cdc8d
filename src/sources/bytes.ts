/** Texts with one character per byte: what is not UTF-8 in one row then spoils no other. */

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte order mark, byte by byte. */
export const BOM_BYTES = '\u00ef\u00bb\u00bf';

/** The text of UTF-8 bytes; undefined when they are none. */
export function decodeUtf8(binary: string): string | undefined {
  if (!/[\u0080-\u00ff]/.test(binary)) return binary;
  try {
    return UTF8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** Bytes as a text of one character each. */
export function binaryText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

/** Arguments a function takes without fail. */
const PIECE = 8192;
