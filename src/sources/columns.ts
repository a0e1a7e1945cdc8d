import { type Diagnostic, nearest, quoted } from '../model/diagnostic.ts';

/** The columns of an event, of which the first four are needed. */
export const EVENT_COLUMNS = [
  'timestamp',
  'operation',
  'key',
  'size',
  'bytes',
  'bucket',
  'version_id',
  'storage_class',
  'status',
  'error_code',
  'tags',
  'requester',
  'request_id',
  'count',
] as const;

export type EventColumn = (typeof EVENT_COLUMNS)[number];

const NEEDED: readonly EventColumn[] = ['timestamp', 'operation', 'key', 'size'];

/** Names that other programs give these columns: offered as a `--map`, never taken silently. */
const COMMON_NAMES: Readonly<Partial<Record<EventColumn, readonly string[]>>> = {
  timestamp: ['time', 'ts', 'date', 'datetime', 'eventtime', 'event_time', 'requestdatetime'],
  operation: ['op', 'method', 'action', 'eventname', 'event_name', 'verb', 'request'],
  key: ['path', 'object', 'object_key', 'objectkey', 'id', 'object_id', 'name', 'file', 'url'],
  size: ['object_size', 'objectsize', 'length', 'content_length', 'bytes_total', 'filesize'],
};

/** The name of each event column in an input, as its header spells it. */
export type ColumnNames = Readonly<Partial<Record<EventColumn, string>>>;

/** Other names of columns, by event column: what `--map timestamp=ts` says. */
export type Renames = Readonly<Partial<Record<EventColumn, string>>>;

/**
 * Finds the event columns in a header, without regard to case.
 * @returns the names found, and a diagnostic for every column that is missing, unknown to `--map` or there twice
 */
export function findColumns(
  header: readonly string[],
  renames: Renames,
  file: string,
): { columns: ColumnNames; diagnostics: Diagnostic[] } {
  const columns: Partial<Record<EventColumn, string>> = {};
  const problems: string[] = [];
  const isTwice = new Set<EventColumn>();
  for (const column of EVENT_COLUMNS) {
    const wanted = (renames[column] ?? column).toLowerCase();
    const found = header.filter((name) => name.trim().toLowerCase() === wanted);
    if (found.length > 1) {
      problems.push(`column ${quoted(found[0]!)} is there ${found.length} times`);
      isTwice.add(column);
    } else if (found.length === 1) columns[column] = found[0]!;
    else if (renames[column]) problems.push(`there is no column ${quoted(renames[column])} (--map ${column}=…)`);
  }
  for (const name of new Set(Object.values(columns))) {
    const takenFor = EVENT_COLUMNS.filter((column) => columns[column] === name);
    if (takenFor.length > 1)
      problems.push(`column ${quoted(name)} cannot be ${takenFor.join(' and ')} at once (--map)`);
  }
  const missing = NEEDED.filter((column) => columns[column] === undefined && !renames[column] && !isTwice.has(column));
  if (missing.length > 0) problems.push(missingColumns(missing, header, Object.values(columns)));
  return {
    columns,
    diagnostics: problems.map((message) => ({ severity: 'error', message, where: { file, line: 1 } })),
  };
}

function missingColumns(missing: readonly EventColumn[], header: readonly string[], taken: readonly string[]): string {
  const free = header.filter((name) => !taken.includes(name));
  const guesses = missing.flatMap((column) => {
    const guess =
      free.find((name) => COMMON_NAMES[column]?.includes(name.trim().toLowerCase())) ?? nearest(column, free);
    return guess ? [`${column}=${guess.trim()}`] : [];
  });
  const which = missing.length === 1 ? `column '${missing[0]}'` : `columns ${missing.map((c) => `'${c}'`).join(', ')}`;
  const hint = guesses.length > 0 ? `; perhaps --map ${quoted(guesses.join(','))}` : '; --map NAME=COLUMN renames';
  const found = header
    .slice(0, 30)
    .map((name) => quoted(name))
    .join(', ');
  return `no ${which}; the header has ${found}${header.length > 30 ? ', …' : ''}${hint}`;
}

/**
 * Reads `timestamp=ts,key=path`.
 * @throws Error naming the part that is not NAME=COLUMN or names no event column
 */
export function parseRenames(text: string): Renames {
  const renames: Partial<Record<EventColumn, string>> = {};
  for (const part of text.split(',')) {
    const [name = '', column] = splitOnce(part, '=');
    const wanted = name.trim().toLowerCase();
    if (!column?.trim()) throw new Error(`${quoted(part)} is not NAME=COLUMN`);
    if (!(EVENT_COLUMNS as readonly string[]).includes(wanted)) {
      const near = nearest(wanted, EVENT_COLUMNS) ?? (wanted === 'time' ? 'timestamp' : undefined);
      throw new Error(`${quoted(name)} is not a column of an event${near ? `; did you mean '${near}'?` : ''}`);
    }
    renames[wanted as EventColumn] = column.trim();
  }
  return renames;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
