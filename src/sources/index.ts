/** The formats events come in. One line each; the first that recognises an input reads it. */
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { csv } from './csv.ts';
import { parquet } from './parquet.ts';
import type { Source, TableSource, TextSource } from './source.ts';

/** CSV stands last: it takes what nothing else recognises, and says what is missing. */
const sources: readonly Source[] = [parquet, csv];

/** Names a user can give to `--format`. */
export const formatNames: readonly string[] = sources.map(({ name }) => name);

/** The format of a text, by its beginning. */
export function recogniseText(start: string, name: string): TextSource {
  return sources.find((source) => source.holds === 'text' && source.recognise(start, name)) as TextSource;
}

/** The format of a table, by its columns. */
export function recogniseTable(columns: readonly string[], name: string): TableSource {
  return sources.find((source) => source.holds === 'table' && source.recognise(columns, name)) as TableSource;
}

/**
 * The format of a name.
 * @throws UsageError naming the nearest
 */
export function namedSource(name: string): Source {
  const found = sources.find((source) => source.name === name.toLowerCase());
  if (found) return found;
  const near = nearest(name, formatNames);
  throw new UsageError(
    `no format ${quoted(name)}; ${near ? `did you mean '${near}'?` : `there is ${formatNames.join(', ')}`}`,
  );
}
