import { OPERATIONS } from '../model/operation.ts';
import { DAY_SECONDS, formatDate } from '../model/time.ts';
import type { WorkloadChunk } from './generate.ts';

const BUFFER_BYTES = 65_536;
/** A row without its key: time, operation, two numbers of at most 16 digits, punctuation. */
const ROW_BYTES = 80;
const encoder = new TextEncoder();

const WORKLOAD_COLUMNS = ['timestamp', 'operation', 'key', 'size', 'bytes'] as const;

/**
 * A workload as CSV text in UTF-8, in pieces of about 64 KB: a header, then one row per event, lines ended by `\n`.
 * Times are `2025-01-31T09:30:00Z`; what is not known is empty. The same workload gives the same bytes.
 */
export function* workloadCsv(chunks: Iterable<WorkloadChunk>): Generator<Uint8Array, void, undefined> {
  const text = new RowWriter();
  text.bytes(encoder.encode(`${WORKLOAD_COLUMNS.join(',')}\n`));
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.length; row++) {
      const key = text.encodedKey(chunk.keys[row]!);
      if (!text.fits(ROW_BYTES + key.length)) yield text.take();
      text.time(chunk.seconds[row]!);
      text.bytes(OPERATION_FIELDS[chunk.operations[row]!]!);
      text.bytes(key);
      text.number(chunk.sizes[row]!, COMMA);
      text.number(chunk.bytes[row]!, NEWLINE);
    }
  }
  yield text.take();
}

const [COMMA, NEWLINE, ZERO] = [0x2c, 0x0a, 0x30];
const OPERATION_FIELDS = OPERATIONS.map((operation) => encoder.encode(`${operation},`));
/** `00:00:` to `23:59:`. */
const MINUTES = Array.from({ length: 1440 }, (_, minute) =>
  encoder.encode(`${two(Math.floor(minute / 60))}:${two(minute % 60)}:`),
);

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Writes fields byte by byte: text of ten million rows made from strings takes several times as long. */
class RowWriter {
  private buffer = new Uint8Array(BUFFER_BYTES);
  private length = 0;
  private readonly dates = new Map<number, Uint8Array>();
  private key: string | undefined;
  private keyField: Uint8Array = new Uint8Array(0);

  fits(bytes: number): boolean {
    return this.length + bytes <= this.buffer.length;
  }

  /** What was written since the last time. A new buffer is begun, since the old one may still be on its way to a file. */
  take(): Uint8Array {
    const written = this.buffer.subarray(0, this.length);
    this.buffer = new Uint8Array(BUFFER_BYTES);
    this.length = 0;
    return written;
  }

  bytes(field: Uint8Array): void {
    for (let i = 0; i < field.length; i++) this.buffer[this.length++] = field[i]!;
  }

  /** A key as a field with its comma; rows of one object follow each other, so the last one is kept. */
  encodedKey(key: string): Uint8Array {
    if (key !== this.key) {
      this.key = key;
      this.keyField = encoder.encode(`${/[",\r\n]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key},`);
    }
    return this.keyField;
  }

  time(seconds: number): void {
    const day = Math.floor(seconds / DAY_SECONDS);
    const second = seconds - day * DAY_SECONDS;
    const minute = Math.floor(second / 60);
    this.bytes(this.date(day));
    this.bytes(MINUTES[minute]!);
    this.digits(second - minute * 60, 2);
    this.buffer[this.length++] = 0x5a;
    this.buffer[this.length++] = COMMA;
  }

  private date(day: number): Uint8Array {
    let date = this.dates.get(day);
    if (date === undefined) {
      date = encoder.encode(`${formatDate(day * DAY_SECONDS)}T`);
      this.dates.set(day, date);
    }
    return date;
  }

  /** A whole number, or nothing for NaN, and what ends the field. */
  number(value: number, end: number): void {
    if (!Number.isNaN(value)) {
      let digits = 1;
      for (let power = 10; power <= value; power *= 10) digits++;
      this.digits(value, digits);
    }
    this.buffer[this.length++] = end;
  }

  private digits(value: number, count: number): void {
    let rest = value;
    for (let i = this.length + count - 1; i >= this.length; i--) {
      const tens = Math.floor(rest / 10);
      this.buffer[i] = ZERO + rest - tens * 10;
      rest = tens;
    }
    this.length += count;
  }
}
