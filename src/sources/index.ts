/** The formats events come in. One line each; the first that recognises an input reads it. */
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { aggregateCsv, aggregateParquet } from './aggregate.ts';
import { cacheTrace } from './cache-trace.ts';
import { cloudTrail } from './cloudtrail.ts';
import { csv } from './csv.ts';
import { ibmObjectStore } from './ibm-object-store.ts';
import { oracleGeneral } from './oracle-general.ts';
import { parquet } from './parquet.ts';
import { s3AccessLog } from './s3-access-log.ts';
import { s3Inventory } from './s3-inventory.ts';
import type { RecordSource, Source, TableMetadata, TableSource, TextSource } from './source.ts';
import { tiercastTrace } from './tiercast-trace.ts';
import { totals } from './totals.ts';

const sources: readonly Source[] = [
  tiercastTrace,
  aggregateParquet,
  parquet,
  oracleGeneral,
  s3Inventory,
  totals,
  s3AccessLog,
  cloudTrail,
  ibmObjectStore,
  cacheTrace,
  aggregateCsv,
  csv,
];

/** Names a user can give to `--format`. */
export const formatNames: readonly string[] = [...new Set(sources.map(({ name }) => name))];

/** Names of formats that record requests as AWS does. */
export const logNames: readonly string[] = sources.filter(({ isLog }) => isLog).map(({ name }) => name);

/** What takes a text that nothing recognises, and says what is missing. */
export const fallback: TextSource = csv;

/** A format whose files are text. */
export type TextualSource = Exclude<Source, RecordSource | TableSource>;

/** The format of a text, by its beginning. */
export function recogniseText(start: string, name: string): TextualSource | undefined {
  for (const source of sources) if (isTextual(source) && source.recognise(start, name)) return source;
  return undefined;
}

export function isTextual(source: Source): source is TextualSource {
  return source.holds !== 'table' && source.holds !== 'records';
}

/** The format of binary records, by the beginning of their file; undefined when they are of none. */
export function recogniseRecords(start: Uint8Array, name: string): RecordSource | undefined {
  return sources.find((source): source is RecordSource => source.holds === 'records' && source.recognise(start, name));
}

/** The format of a table, by its columns and what it says of itself. */
export function recogniseTable(columns: readonly string[], name: string, metadata: TableMetadata): TableSource {
  return sources.find((source) => source.holds === 'table' && source.recognise(columns, name, metadata)) as TableSource;
}

/**
 * The formats of a name: of texts, of tables, or of both.
 * @throws UsageError naming the nearest
 */
export function namedSources(name: string): readonly Source[] {
  const found = sources.filter((source) => source.name === name.toLowerCase());
  if (found.length > 0) return found;
  const near = nearest(name, formatNames);
  throw new UsageError(
    `no format ${quoted(name)}; ${near ? `did you mean '${near}'?` : `there is ${formatNames.join(', ')}`}`,
  );
}
