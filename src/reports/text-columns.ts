/**
 * Rows of cells as lines of equal columns, with a rule under the first. Columns not in `left` are set flush right.
 */
export function textColumns(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, width(row[column]!)), 0));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - width(cell));
        return left.includes(column) ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, one) => sum + one + 2, -2));
  return [lines[0]!, rule, ...lines.slice(1)];
}

/** Columns a text takes in a terminal: East Asian wide characters and emoji take two. */
function width(text: string): number {
  let cells = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    cells +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return cells;
}
