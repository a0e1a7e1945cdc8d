import { InputError, quoted } from '../model/diagnostic.ts';
import type { EventColumn } from './columns.ts';
import { cast, columnsOf, parquet, readParquet } from './parquet.ts';
import type { OrderedTrace, TableSource } from './source.ts';
import { readTraceFacts, TRACE_KEY } from './trace-facts.ts';

/** What `tiercast ingest` writes: a table of the event columns whose rows are in the order of a trace. */
export const tiercastTrace: TableSource = {
  name: 'tiercast-trace',
  title: 'Tiercast trace',
  holds: 'table',
  onBadRow: 'fail',
  recognise: (columns, _name, metadata) =>
    metadata.has(TRACE_KEY) && ['object', 'run'].every((one) => columns.includes(one)),
  open(types, { file }, metadata) {
    const facts = readTraceFacts(metadata, file);
    const table = parquet.open(types, { file, renames: {} }, metadata);
    return { ...table, trace: { facts, run: runsOf(types, file) } };
  },
};

function runsOf(types: ReadonlyMap<string, string>, file: string): OrderedTrace['run'] {
  for (const [column, type] of Object.entries(NUMBER_TYPES)) {
    const found = types.get(column);
    if (found === type) continue;
    const message = `column ${quoted(column)} is ${found}, not ${type}; another program has changed the trace: ingest the logs again`;
    throw new InputError([{ severity: 'error', message, where: { file } }]);
  }
  const columns = columnsOf(types, {}, file);
  const casts = (Object.entries(columns) as [EventColumn, string][]).map(([column, header]) =>
    cast(column, header, types.get(header)!, 'timestamp', file),
  );
  return (path, run) => ({
    sql: `(SELECT object, run, ${casts.join(', ')} FROM ${readParquet([path])}${run === undefined ? '' : ` WHERE run = ${run}`})`,
    columns,
    time: 'timestamp',
  });
}

/** The columns that tell objects and runs by numbers, and their SQL types. */
const NUMBER_TYPES = { object: 'UINTEGER', run: 'UTINYINT' };

/** The event columns of an ingested trace and their SQL types; it has those of them that its inputs had. */
export const TRACE_TYPES: Readonly<Record<EventColumn, string>> = {
  timestamp: 'TIMESTAMP_MS',
  operation: 'VARCHAR',
  bucket: 'VARCHAR',
  key: 'VARCHAR',
  size: 'BIGINT',
  bytes: 'BIGINT',
  version_id: 'VARCHAR',
  storage_class: 'VARCHAR',
  status: 'USMALLINT',
  error_code: 'VARCHAR',
  tags: 'VARCHAR',
  requester: 'VARCHAR',
  request_id: 'VARCHAR',
  count: 'UINTEGER',
};
