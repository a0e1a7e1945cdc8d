/** The bulk engine's reading of texts whose rows are lines. */
import { decodeUtf8 } from './bytes.ts';
import { LONGEST_LINE, READ_AT_ONCE } from './lines.ts';
import { literal, pathLiteral } from './projection.ts';
import type { Compression } from './source.ts';

/**
 * The longest line the engine is asked for, in bytes, its end included. It drops longer ones, as it does those that are
 * not UTF-8, and counts both in its table `reject_errors`.
 */
const MAX_LINE_BYTES = LONGEST_LINE - 4096;

/** What the engine takes for the end of a column: nothing but a line that holds it has a second one. */
export const DELIMITER = '\u0001';

/** What the engine takes for NULL: no field is an end of a line, so that only a column that is not there is NULL. */
export const NO_FIELD = '\n';

/**
 * SQL of the lines of some texts: `raw` (NULL: the engine does not give the whole line) and `file`, the index of the
 * text among all. Empty lines are none.
 */
export function linesOf(paths: readonly string[], compression: Compression): string {
  const files = paths.map(pathLiteral).join(', ');
  return `(SELECT CASE WHEN rest IS NULL THEN line END AS raw, file_index::UINTEGER AS file
    FROM read_csv([${files}], auto_detect=false, header=false, delim=${literal(DELIMITER)}, quote='', escape='',
      new_line='\\n', strict_mode=false, null_padding=true, nullstr=${literal(NO_FIELD)}, ignore_errors=true,
      store_rejects=true, compression=${literal(compression)}, max_line_size=${MAX_LINE_BYTES}, buffer_size=${READ_AT_ONCE},
      columns={'line': 'VARCHAR', 'rest': 'VARCHAR'}))`;
}

/** Whether the engine does not give a line (one character per byte) whole: then the careful reader has to look for it. */
export function isLost(raw: string): boolean {
  return raw.length >= MAX_LINE_BYTES || raw.includes(DELIMITER) || decodeUtf8(raw) === undefined;
}
