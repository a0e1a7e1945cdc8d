/** The lists of an S3 Inventory: in CSV, without a header and with URL-encoded keys, and in Parquet. */
import { quoted } from '../model/diagnostic.ts';
import type { EventColumn } from './columns.ts';
import { CsvRows, isRagged, readCsvFiles } from './csv-files.ts';
import { cast, readParquet, textOf, timeType } from './parquet.ts';
import { columnType, instant, name } from './projection.ts';
import {
  INVENTORY_COLUMNS,
  type InventoryColumn,
  type InventoryColumns,
  objects,
  type Telling,
} from './s3-inventory-rows.ts';
import type { OpenedTable, OpenedText, RowReading } from './source.ts';
import { urlDecode, urlDecoded } from './url-decode.ts';

/** @param names the columns in their order */
export function csvList(names: readonly string[], columns: InventoryColumns, telling: Telling): OpenedText {
  const types = names.map((name, at): [string, string] => {
    const column = INVENTORY_COLUMNS.find((column) => columns[column] === name);
    return column === undefined
      ? [`ignored ${at}`, 'VARCHAR']
      : [column, column === 'size' ? columnType('size') : 'VARCHAR'];
  });
  const value = (column: InventoryColumn): string | undefined => {
    if (columns[column] === undefined) return undefined;
    if (column === 'key') return urlDecoded(column);
    return column === 'is_delete_marker' ? `lower(${column}) = 'true'` : column;
  };
  const modified = instant({ columns: { timestamp: 'last_modified_date' }, time: 'text' });
  return {
    columns: telling.columns(columns),
    likeness: JSON.stringify([names, telling.columns(columns), telling === objects]),
    relation: (paths, compression) => ({
      sql: `(${telling.sql(value, readCsvFiles(paths, compression, { delimiter: ',', hasHeader: false, types }), modified)})`,
      columns: telling.columns(columns),
      time: 'text',
    }),
    rows: () => new CsvRows(',', false, recordReader(names, columns, telling), faultReader(telling)),
  };
}

/** What is wrong with a record is said once, by those that read objects. */
function faultReader(telling: Telling): (fault: string) => readonly RowReading[] {
  return (fault) => (telling === objects ? [fault] : []);
}

/** Reads a record of a CSV list. */
function recordReader(
  names: readonly string[],
  columns: InventoryColumns,
  telling: Telling,
): (record: readonly string[]) => readonly RowReading[] {
  const problem = faultReader(telling);
  const positions = INVENTORY_COLUMNS.flatMap((column): [InventoryColumn, number][] => {
    const name = columns[column];
    return name === undefined ? [] : [[column, names.indexOf(name)]];
  });
  return (record) => {
    if (isRagged(record, names.length)) {
      return problem(`${record.length} fields where the manifest lists ${names.length}`);
    }
    const values = Object.fromEntries(positions.map(([column, at]) => [column, record[at]!]));
    const key = urlDecode(values.key!);
    if (key === undefined) {
      return problem(`the key ${quoted(values.key!)} is not UTF-8 once its URL encoding is undone`);
    }
    return fieldsOf(telling.row({ ...values, key }, columns.version_id !== undefined));
  };
}

/** The event column whose type a column of a Parquet list has. */
const TYPED_AS: Readonly<Record<Exclude<InventoryColumn, 'is_delete_marker'>, EventColumn>> = {
  bucket: 'bucket',
  key: 'key',
  version_id: 'version_id',
  size: 'size',
  last_modified_date: 'timestamp',
  storage_class: 'storage_class',
  intelligent_tiering_access_tier: 'storage_class',
};

/**
 * @param types SQL types of the columns
 * @throws InputError for a column whose type cannot be one
 */
export function parquetList(
  types: ReadonlyMap<string, string>,
  columns: InventoryColumns,
  telling: Telling,
  file: string,
): OpenedTable {
  const present = INVENTORY_COLUMNS.filter((column) => columns[column] !== undefined);
  const time = timeType(types.get(columns.last_modified_date!)!);
  const casts = present.map((column) => {
    const header = columns[column]!;
    if (column === 'is_delete_marker') return name(header);
    return cast(TYPED_AS[column], header, types.get(header)!, time, file);
  });
  const value = (column: InventoryColumn): string | undefined => {
    const header = columns[column];
    if (header === undefined) return undefined;
    return column === 'is_delete_marker' ? isTrue(header, types.get(header)!) : name(header);
  };
  const modified = instant({ columns: { timestamp: columns.last_modified_date! }, time });
  return {
    columns: telling.columns(columns),
    likeness: JSON.stringify([[...types], telling === objects]),
    from: (path) => readParquet([path]),
    relation: (paths) => ({
      sql: `(${telling.sql(value, `(SELECT ${casts.join(', ')} FROM ${readParquet(paths)})`, modified)})`,
      columns: telling.columns(columns),
      time: telling === objects ? time : 'text',
    }),
    select: present.map((column) => {
      const header = name(columns[column]!);
      return column === 'is_delete_marker' ? `CAST(${header} AS VARCHAR)` : textOf(TYPED_AS[column], header);
    }),
    read(values) {
      const row = Object.fromEntries(present.map((column, at) => [column, values[at] ?? '']));
      return fieldsOf(telling.row(row, columns.version_id !== undefined));
    },
  };
}

function isTrue(header: string, type: string): string {
  return type === 'BOOLEAN' ? name(header) : `lower(CAST(${name(header)} AS VARCHAR)) = 'true'`;
}

function fieldsOf(fields: ReturnType<Telling['row']>): readonly RowReading[] {
  return fields ? [{ fields }] : [];
}
