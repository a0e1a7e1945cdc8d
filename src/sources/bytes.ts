/** Texts with one character per byte: what is not UTF-8 in one row then spoils no other. */

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte order mark, byte by byte. */
export const BOM_BYTES = '\u00ef\u00bb\u00bf';

/** Takes away the byte order mark that a text may begin with, in whatever pieces it arrives. */
export class AfterBom {
  /** The beginning, as long as it may be that of a mark. */
  private start: string | undefined = '';

  /** @param isLast whether no more of the text comes */
  take(piece: string, isLast: boolean): string {
    if (this.start === undefined) return piece;
    const text = this.start + piece;
    const isOpen = !isLast && text.length < BOM_BYTES.length && BOM_BYTES.startsWith(text);
    this.start = isOpen ? text : undefined;
    if (isOpen) return '';
    return text.startsWith(BOM_BYTES) ? text.slice(BOM_BYTES.length) : text;
  }
}

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
