/** What drives a terminal, breaks a line, or reorders and hides text: controls, formats, separators, unpaired surrogates. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Foreign text (a policy's name, a key, a file) as one harmless line: whatever {@link HARMFUL} finds as `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(HARMFUL, escaped);
}

/** The same for text of several lines: its line feeds stay. */
export function printableLines(text: string): string {
  return text.replace(HARMFUL, (found) => (found === '\n' ? found : escaped(found)));
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
