/** What formats that are CSV have in common: the bulk engine's reading of their files, and the careful one. */
import { AfterBom, decodeUtf8 } from './bytes.ts';
import { type CsvRecord, CsvRecords, LONGEST_RECORD } from './csv-records.ts';
import { READ_AT_ONCE } from './lines.ts';
import { literal, pathLiteral } from './projection.ts';
import type { Compression, RowReader, RowReading, SourceRow } from './source.ts';

interface CsvFiles {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** Name and SQL type of every column. */
  readonly types: readonly (readonly [name: string, type: string])[];
}

/** The longest line DuckDB is asked to read, a little more than the longest record: rows are written again at more length. */
const MAX_LINE_BYTES = LONGEST_RECORD + 4096;

/** SQL that reads CSV files of the same columns. */
export function readCsvFiles(
  paths: readonly string[],
  compression: Compression,
  { delimiter, hasHeader, types }: CsvFiles,
): string {
  const files = paths.map(pathLiteral).join(', ');
  const columns = types.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_csv([${files}], auto_detect=false, header=${hasHeader}, delim=${literal(delimiter)}, quote='"', escape='"',
    nullstr='', strict_mode=true, null_padding=false, compression=${literal(compression)}, max_line_size=${MAX_LINE_BYTES},
    buffer_size=${READ_AT_ONCE},
    columns={${columns}})`;
}

/** The careful reader. A row that is not UTF-8 is a bad row: reading it anyway would merge different keys. */
export class CsvRows implements RowReader {
  private readonly records: CsvRecords;
  private readonly readRecord: (record: readonly string[]) => readonly RowReading[];
  private readonly readFault: (fault: string) => readonly RowReading[];
  private readonly start: AfterBom = new AfterBom();
  private isHeader: boolean;

  /**
   * @param readRecord one row of a record, none when it is passed over, or several
   * @param readFault the same of a record that cannot be told apart into fields
   */
  constructor(
    delimiter: string,
    hasHeader: boolean,
    readRecord: (record: readonly string[]) => readonly RowReading[],
    readFault: (fault: string) => readonly RowReading[] = (fault) => [fault],
  ) {
    this.readFault = readFault;
    this.records = new CsvRecords(delimiter);
    this.isHeader = hasHeader;
    this.readRecord = readRecord;
  }

  *read(piece: string, isLast = false): Generator<SourceRow> {
    for (const { fields, line, raw } of this.records.read(this.start.take(piece, isLast), isLast)) {
      const readings = this.isHeader ? [] : this.readings(fields, raw);
      for (const reading of readings) yield { line, raw, reading };
      this.isHeader = false;
    }
  }

  private readings(fields: CsvRecord['fields'], raw: string): readonly RowReading[] {
    if (decodeUtf8(raw) === undefined) return this.readFault('the text is not UTF-8');
    if (typeof fields === 'string') return this.readFault(fields);
    return this.readRecord(fields.map((field) => decodeUtf8(field)!));
  }
}

/** Whether a record has not as many fields as it should; empty ones may follow the last. */
export function isRagged(record: readonly string[], columns: number): boolean {
  return record.length < columns || record.slice(columns).some((field) => field !== '');
}
