import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import { OPERATIONS, operationOf } from '../model/operation.ts';
import { RowTally } from '../model/row-tally.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import type { EventColumn } from '../sources/columns.ts';
import type { RowFields } from '../sources/row.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { orderMilliseconds, orderOperation } from '../trace/trace.ts';
import { type CarefulRow, isRequest } from './careful-rows.ts';

/** The columns {@link writeClean} writes. */
export const CLEAN_HEADER: readonly EventColumn[] = [
  'timestamp',
  'operation',
  'key',
  'size',
  'bytes',
  'bucket',
  'storage_class',
  'status',
  'error_code',
  'requester',
  'tags',
  'version_id',
  'request_id',
  'count',
];

/** Rows whose faults a run lists; the others it counts. */
const LISTED_ROWS = 10;

/** The rows a run leaves out: counted by reason, the first of them listed, all of them appended to a file as they are. */
export class Rejects {
  /** Rows left out. */
  count = 0;
  /** The same by reason, and rows that are no requests. */
  readonly tally: RowTally = new RowTally();
  /** The first of them. */
  readonly listed: Diagnostic[] = [];
  private readonly file: ReturnType<typeof createWriteStream> | undefined;

  /** @param path file to append to; without one, rows are only counted and listed */
  constructor(path?: string) {
    this.file = path === undefined ? undefined : createWriteStream(path, { flags: 'a' });
    this.file?.on('error', () => {});
  }

  /** Whether as many are listed as will be. */
  get isListFull(): boolean {
    return this.listed.length >= LISTED_ROWS;
  }

  /** Leaves out a row, writing `# file:line: reason` and then the row. */
  async add(row: CarefulRow, reason: string): Promise<void> {
    this.count++;
    const diagnostic = rowDiagnostic(row, reason);
    this.tally.reject(diagnostic, row.raw.length);
    if (!this.isListFull) this.listed.push(diagnostic);
    if (!this.file) return;
    this.file.write(`# ${formatDiagnostic(diagnostic).replaceAll('\n', '\\n')}\n`);
    this.file.write(row.raw);
    if (!this.file.write('\n') && !this.file.errored) await drained(this.file);
  }

  /** Waits until everything is written. Rejects with the file system's error when it is not. */
  async close(): Promise<void> {
    if (!this.file) return;
    this.file.end();
    await finished(this.file);
  }
}

async function drained(file: ReturnType<typeof createWriteStream>): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  await Promise.race([once(file, 'drain', { signal }), once(file, 'close', { signal })]);
  controller.abort();
}

function rowDiagnostic({ file, line }: CarefulRow, message: string): Diagnostic {
  return { severity: 'error', message, where: { file, line } };
}

/**
 * Writes the rows that can be read to one CSV the bulk engine reads without fail, and hands the others to `rejects`.
 * @param isEnough asked after each bad row: whether to stop reading
 */
export async function writeClean(
  rows: AsyncIterable<CarefulRow>,
  path: string,
  rejects: Rejects,
  isEnough: () => boolean,
): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    let text = `${CLEAN_HEADER.join(',')}\n`;
    for await (const record of rows) {
      if (isRequest(record.row)) {
        text += cleanLine(record.row, record.fields!);
      } else if (typeof record.row === 'string') {
        await rejects.add(record, record.row);
        if (isEnough()) break;
      } else rejects.tally.other(record.row.kind);
      if (text.length > 65_536) {
        yield text;
        text = '';
      }
    }
    yield text;
  }
  await pipeline(lines, createWriteStream(path));
}

function cleanLine(row: EventRow, fields: RowFields): string {
  const code = orderOperation(row.order);
  const values: readonly string[] = [
    new Date(orderMilliseconds(row.order)).toISOString(),
    OPERATIONS[operationOf(code)]!,
    quotedField(row.key),
    number(row.size),
    number(row.bytes),
    quotedField(row.bucket),
    STORAGE_CLASSES[row.storageClass] ?? '',
    statusOf(fields.status),
    quotedField(fields.error_code ?? ''),
    quotedField(fields.requester ?? ''),
    quotedField(row.tags),
    quotedField(row.versionId),
    quotedField(row.requestId),
    String(row.count),
  ];
  return `${values.join(',')}\n`;
}

/** A status that was read, in plain digits. */
function statusOf(text = ''): string {
  return text.trim() === '' ? '' : String(Number(text.trim().replaceAll('_', '').replace(/^\+/, '')));
}

function number(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

function quotedField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
