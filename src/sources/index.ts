/** The formats events come in. One line each; the first that recognises an input reads it. */
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { csv } from './csv.ts';
import { parquet } from './parquet.ts';
import { s3AccessLog } from './s3-access-log.ts';
import { s3Inventory } from './s3-inventory.ts';
import type { ManifestSource, Source, TableSource, TextSource } from './source.ts';

const sources: readonly Source[] = [parquet, s3Inventory, s3AccessLog, csv];

/** Names a user can give to `--format`. */
export const formatNames: readonly string[] = sources.map(({ name }) => name);

/** What takes a text that nothing recognises, and says what is missing. */
export const fallback: TextSource = csv;

/** The format of a text, by its beginning. */
export function recogniseText(start: string, name: string): TextSource | ManifestSource | undefined {
  for (const source of sources) if (source.holds !== 'table' && source.recognise(start, name)) return source;
  return undefined;
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
