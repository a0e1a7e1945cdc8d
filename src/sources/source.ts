/** What a format of input is to the rest of the program: how it is recognised, and its two readings, the bulk engine's and the careful one. */
import type { Horizon } from '../model/time.ts';
import type { ColumnNames, Renames } from './columns.ts';
import type { TimeType } from './projection.ts';
import type { RowFields } from './row.ts';
import type { TraceClock } from './trace-clock.ts';
import type { TraceFacts } from './trace-facts.ts';

/** How a text is packed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** A part of the input as the bulk engine reads it: files of one likeness. */
export interface Relation {
  /** SQL that can stand after FROM, with the event columns under the names of {@link columns}. */
  readonly sql: string;
  readonly columns: ColumnNames;
  readonly time: TimeType;
  /**
   * The engine reads only what holds no surprise. `sql` has columns besides: `kind` of a row that is no request (see
   * {@link RowReading}), `raw`, the row's own text (NULL: a row that is lost), which the careful reader reads where
   * `timestamp` is NULL, and `file`, the index of its file; where copies have two records, `copy_id`, the request id of a row
   * that may be one of them.
   */
  readonly leavesRest?: true;
  /** See Projection. */
  readonly isExact?: true;
}

/**
 * What the careful reader makes of a row: a request's fields, for `readRow` to read on; with a `kind`, something that
 * is not a request of a user, which is counted by that kind and not replayed; or, a string, why it cannot be read, with
 * the offending text.
 */
export type RowReading = { readonly fields: RowFields; readonly kind?: string } | string;

/** A row of a text, and what it is. */
export interface SourceRow {
  /** Line the row begins on; the first of the file is 1. */
  readonly line: number;
  /** The row's own text, one character per byte, without the end of its line. */
  readonly raw: string;
  readonly reading: RowReading;
}

/** The careful reader at work on one file: slower than the bulk engine by far, but it has a line and a reason for everything. */
export interface RowReader {
  /**
   * The rows that end in the text so far; with `isLast`, all that are left.
   * @param piece the next of the text, one character per byte
   * @throws RangeError when the text as a whole cannot be of this format, or a row does not end
   */
  read(piece: string, isLast?: boolean): Iterable<SourceRow>;
}

export interface SourceSettings {
  /** What is known of the clock of a trace with times of its own. */
  readonly clock?: TraceClock;
  /** Name for messages. */
  readonly file: string;
  /** Other names of columns. */
  readonly renames: Renames;
}

interface Opened {
  readonly columns: ColumnNames;
  /** Files whose likeness is the same are read together: the relation of one is the relation of all. */
  readonly likeness: string;
  /** What else is to be said of how it is read, in a few words. */
  readonly remark?: string;
}

/** A text whose beginning was read. */
export interface OpenedText extends Opened {
  /** @param largest bytes of the largest of the texts, where that is known */
  relation(paths: readonly string[], compression: Compression, largest?: number): Relation;
  /** Bytes of a text that the bulk engine may be given; a larger one is read carefully. */
  readonly mostBytes?: number;
  /**
   * A careful reader that stands at the beginning of the text.
   * @param isWanted whether to give a row, by its own text; it may give others besides
   */
  rows(isWanted?: (raw: string) => boolean): RowReader;
  /** The careful reading of a row by itself, as a relation that leaves rows gives it. */
  readRaw?(raw: string): RowReading;
  /** The bucket of one of its rows, where its beginning shows one. */
  readonly someBucket?: string;
  /** A copy has two records, under one request id, each of which may leave out what the other tells. */
  readonly hasCopiesInPairs?: true;
  /** Only uploads tell a size: an object that is only read is as large as its largest read. */
  readonly hasSizesOfReadsOnly?: true;
  /** Where the bulk engine writes a row's text anew: what tells the row by either text; undefined where nothing does. */
  nameOf?(raw: string): string | undefined;
  /** Whether the bulk engine cannot give a row, by its own text, one character per byte. */
  isLost?(raw: string): boolean;
}

/** A table whose columns are known. */
export interface OpenedTable extends Opened {
  /** SQL that can stand after FROM, of all columns of the table. */
  from(path: string): string;
  relation(paths: readonly string[]): Relation;
  /** SQL of what the careful reader wants of each row, as text. */
  readonly select: readonly string[];
  /** Reads the values of {@link select}: as one row, as none when it is passed over, or as several. */
  read(values: readonly string[]): readonly RowReading[];
  /** When its rows are in the order of a trace. */
  readonly trace?: OrderedTrace;
}

/** A table whose rows are in runs, each in order of object, time and operation. */
export interface OrderedTrace {
  readonly facts: TraceFacts;
  /**
   * A run's rows in their order, with a column `object` besides the event columns: equal numbers are rows of one object.
   * Without a run, the rows of all.
   */
  run(path: string, run?: number): Relation;
}

interface Format {
  /** As `--format` takes it and the JSON has it: `csv`, `s3-access-log`. */
  readonly name: string;
  /** As a person says it. */
  readonly title: string;
  /** Requests as AWS records them: two such formats say the same of the same requests. */
  readonly isLog?: true;
  /** What a row that cannot be read does, unless told otherwise. */
  readonly onBadRow: 'fail' | 'skip';
}

/** A format that is text, perhaps compressed. */
export interface TextSource extends Format {
  readonly holds: 'text';
  /**
   * Whether a text is of this format, by its content; its name may settle what the content leaves open.
   * @param start the beginning of the text, 64 KB if there is as much
   */
  recognise(start: string, name: string): boolean;
  /**
   * @param start the beginning of the text, 1 MB if there is as much
   * @throws InputError when a text of this format cannot begin so
   */
  open(start: string, settings: SourceSettings): OpenedText;
}

/** Texts a table carries besides its rows, by key. */
export type TableMetadata = ReadonlyMap<string, string>;

/** A format of tables with named and typed columns: Parquet. */
export interface TableSource extends Format {
  readonly holds: 'table';
  /** @param metadata what the table says of itself, by key */
  recognise(columns: readonly string[], name: string, metadata: TableMetadata): boolean;
  /**
   * @param types SQL types by column
   * @throws InputError for columns that are missing, or of a type that cannot be one
   */
  open(types: ReadonlyMap<string, string>, settings: SourceSettings, metadata: TableMetadata): OpenedTable;
}

/** One of the files a manifest names. */
export interface ManifestFile {
  /** Its key in the bucket it was written to; people keep files under the end of it, if at all. */
  readonly key: string;
  /** Bytes it has. */
  readonly bytes?: number;
  /** MD5 of its bytes, in lower-case hexadecimal. */
  readonly md5?: string;
}

/** A bucket as it was at an instant: what the rows of an inventory tell. */
export interface Snapshot {
  readonly bucket: string;
  /** UTC milliseconds. */
  readonly takenAt: number;
  /** Whether it says which class each object is in. */
  readonly hasClasses: boolean;
}

/** A manifest that was read: the files it names, and how they are. */
interface OpenedManifest {
  readonly files: readonly ManifestFile[];
  readonly snapshot: Snapshot;
  readonly contents:
    | { readonly holds: 'text'; readonly listings: readonly Listing<OpenedText>[] }
    | {
        readonly holds: 'table';
        open(types: ReadonlyMap<string, string>, settings: SourceSettings): readonly Listing<OpenedTable>[];
      };
}

/** Something that the files of a manifest list: the objects of a bucket, or reads of them before the list was made. */
export interface Listing<Opened = OpenedText | OpenedTable> {
  readonly of: 'objects' | 'reads';
  readonly opened: Opened;
}

/** A text that names the files with the rows, and says what is in them. */
export interface ManifestSource extends Format {
  readonly holds: 'manifest';
  /** @param start the beginning of the text, 64 KB if there is as much */
  recognise(start: string, name: string): boolean;
  /**
   * @param text all of it
   * @throws InputError when it is no manifest, or one of files that cannot be read
   */
  open(text: string, settings: SourceSettings): OpenedManifest;
}

/** A text that stands for requests it does not hold one by one. */
export interface SummarySource extends Format {
  readonly holds: 'summary';
  /** @param start the beginning of the text, 64 KB if there is as much */
  recognise(start: string, name: string): boolean;
  /**
   * @param text all of it
   * @returns the requests as a CSV of event columns, and the days they are about
   * @throws InputError naming the line of what is wrong
   */
  open(text: string, settings: SourceSettings): Promise<{ readonly csv: string; readonly horizon: Horizon }>;
}

/** A field of a record. */
export interface RecordField {
  readonly name: string;
  readonly type: 'UINTEGER' | 'UBIGINT';
  /** Where it begins, in words of 32 bits. */
  readonly word: number;
}

/** Records whose fields are known: they become a table, which {@link from} and {@link relation} are told by its name. */
export interface OpenedRecords extends OpenedTable {
  readonly fields: readonly RecordField[];
}

/** A format of binary records of one length, perhaps compressed. */
export interface RecordSource extends Format {
  readonly holds: 'records';
  /** A multiple of 4. */
  readonly recordBytes: number;
  /** @param start the beginning of the file, 64 KB if there is as much */
  recognise(start: Uint8Array, name: string): boolean;
  /**
   * @param start the beginning of the file, 64 KB if there is as much
   * @throws InputError when a file of this format cannot begin so
   */
  open(start: Uint8Array, settings: SourceSettings): OpenedRecords;
}

export type Source = RecordSource | TextSource | TableSource | ManifestSource | SummarySource;
