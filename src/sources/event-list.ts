/** The SQL that turns rows of an input into the event columns as an ingested trace keeps them: nothing is lost that a later run may ask for. */
import { OWNER_PAYS } from '../model/charges.ts';
import { OPERATIONS } from '../model/operation.ts';
import { ORDER_STEP } from '../trace/trace.ts';
import type { ColumnNames, EventColumn } from './columns.ts';
import {
  bucketOf,
  bytesMoved,
  checkedOrder,
  literal,
  name,
  objectIds,
  type Projection,
  tagCount,
} from './projection.ts';
import type { Snapshots } from './snapshots.ts';
import { TRACE_TYPES } from './tiercast-trace.ts';

/** Columns that say when and what, which are packed in `w` until a trace is written. */
const PACKED: readonly EventColumn[] = ['timestamp', 'operation'];

/** Columns of numbers which a copy's two records may tell each other: NaN where there is none, until then. */
const PAIRED: readonly EventColumn[] = ['size', 'bytes'];

/** The columns that some inputs have, in the order of a trace's columns, without those that are packed in `w`. */
export function keptColumns(inputs: readonly ColumnNames[], snapshots?: Snapshots): EventColumn[] {
  const isNamed = (column: EventColumn): boolean => column === 'bucket' && snapshots?.bucket !== undefined;
  return (Object.keys(TRACE_TYPES) as EventColumn[]).filter(
    (column) =>
      !PACKED.includes(column) && (isNamed(column) || inputs.some((columns) => columns[column] !== undefined)),
  );
}

/** Columns of {@link eventList}. */
export function eventColumns(kept: readonly EventColumn[]): string[] {
  return ['id', 'id2', 'w', ...PAIRED, ...kept.filter((column) => !PAIRED.includes(column)).map(keptName)];
}

/** The select list of rows before they are in order: `id` and `id2` of the object, `w` (time and operation; NULL in a row that cannot be read), then the columns asked for, empty texts as NULL. */
export function eventList(
  { columns, snapshots, salt, ...timing }: Omit<Projection, 'marks' | 'charges'>,
  kept: readonly EventColumn[],
): string {
  return [
    objectIds({ columns, salt, snapshots }),
    `${checkedOrder({ columns, snapshots, ...timing, charges: OWNER_PAYS })} AS w`,
    `coalesce(${name(columns.size!)}, 'nan'::DOUBLE) AS size`,
    `${bytesMoved(columns, timing.isExact)} AS bytes`,
    ...kept
      .filter((column) => !PAIRED.includes(column))
      .map((column) => `${keptValue(column, columns, snapshots)} AS ${keptName(column)}`),
    ...(timing.lists ? [`${literal(timing.lists)} AS lists`] : []),
  ].join(',\n  ');
}

/** Rows that are not in order yet have columns of other meanings besides. */
function keptName(column: EventColumn): string {
  return `kept_${column}`;
}

/** What {@link eventList} selected, under its own names: `w`, then the columns asked for. */
export function keptList(kept: readonly EventColumn[]): string {
  const value = (column: EventColumn): string =>
    PAIRED.includes(column) ? `TRY_CAST(${column} AS ${TRACE_TYPES[column]})` : keptName(column);
  return ['w', ...kept.map((column) => `${value(column)} AS ${column}`)].join(', ');
}

function keptValue(column: EventColumn, columns: ColumnNames, snapshots: Snapshots | undefined): string {
  if (column === 'bucket') return `nullif(${bucketOf(columns, snapshots)}, '')`;
  const header = columns[column];
  if (header === undefined) return `NULL::${TRACE_TYPES[column]}`;
  const value = name(header);
  switch (column) {
    case 'key':
      return `coalesce(${value}, '')`;
    case 'tags':
      return `nullif(${value}, '')`;
    case 'version_id':
      return `nullif(nullif(trim(${value}), ''), '-')`;
    case 'storage_class':
      return `nullif(upper(trim(${value})), '')`;
    default:
      return TRACE_TYPES[column] === 'VARCHAR'
        ? `nullif(trim(${value}), '')`
        : `TRY_CAST(${value} AS ${TRACE_TYPES[column]})`;
  }
}

/** How many tags a row of kept columns has. */
export const TAG_COUNT: string = tagCount({ tags: 'tags' });

/** What {@link eventList} packed, as columns again. */
export const UNPACKED: readonly string[] = [
  `epoch_ms(w::BIGINT // ${ORDER_STEP})::TIMESTAMP_MS AS timestamp`,
  `[${OPERATIONS.map(literal).join(', ')}][(w::BIGINT % ${ORDER_STEP}) // 4 + 1] AS operation`,
];

/** Columns by which a record that is there twice is known, besides its object, time and operation. */
export const IDENTITY: readonly EventColumn[] = ['request_id', 'version_id', 'size', 'bytes'];

/**
 * The order of a trace's rows: by object, then as requests are taken. Rows of one instant are put in order by all that
 * they say, so that the same rows make the same trace in whatever order they come.
 * @param object SQL by which objects are ordered
 */
export function traceOrder(object: readonly string[], kept: readonly EventColumn[]): string {
  const rest: readonly EventColumn[] = ['count', 'storage_class', 'tags', 'status', 'error_code', 'requester'];
  const ties = [...IDENTITY, ...rest].filter((column) => kept.includes(column));
  return [...object, 'w', ...ties].map((column) => `${column} NULLS FIRST`).join(', ');
}
