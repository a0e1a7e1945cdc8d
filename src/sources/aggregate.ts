import { InputError, quoted } from '../model/diagnostic.ts';
import { aggregateColumns, aggregateRelation, aggregateRows } from './aggregate-rows.ts';
import type { Renames } from './columns.ts';
import { csvHeaders, openCsv } from './csv.ts';
import { openParquet } from './parquet.ts';
import type { RowReading, TableSource, TextSource } from './source.ts';

const FORMAT = { name: 'aggregate', title: 'daily aggregate', onBadRow: 'fail' } as const;

/** What a day's requests add up to, by key and operation, as people have Athena make it: a CSV with a column `day`. */
export const aggregateCsv: TextSource = {
  ...FORMAT,
  holds: 'text',
  recognise: (start) => csvHeaders(start).some(isAggregate),
  open(start, { file, renames }) {
    const opened = openCsv(start, { file, renames: byDay(renames) }, requests);
    return {
      ...opened,
      columns: aggregateColumns(opened.columns),
      relation: (paths, compression) => aggregateRelation(opened.relation(paths, compression)),
    };
  },
};

/** The same as a table. */
export const aggregateParquet: TableSource = {
  ...FORMAT,
  holds: 'table',
  recognise: isAggregate,
  open(types, { file, renames }) {
    const opened = openParquet(types, { file, renames: byDay(renames) }, requests);
    if (opened.relation([]).time === 'epoch') {
      const message = `column ${quoted(byDay(renames).timestamp!)} is a number, not a date`;
      throw new InputError([{ severity: 'error', message, where: { file } }]);
    }
    return {
      ...opened,
      columns: aggregateColumns(opened.columns),
      relation: (paths) => aggregateRelation(opened.relation(paths)),
    };
  },
};

/** A header with a day and a count where events have a timestamp. */
function isAggregate(header: readonly string[]): boolean {
  const names = header.map((name) => name.trim().toLowerCase());
  return ['day', 'operation', 'key', 'count'].every((name) => names.includes(name)) && !names.includes('timestamp');
}

/** An event's timestamp is the day. */
function byDay(renames: Renames): Renames {
  return { timestamp: 'day', count: 'count', ...renames };
}

function requests(reading: RowReading): readonly RowReading[] {
  return typeof reading === 'string' ? [reading] : aggregateRows(reading.fields);
}
