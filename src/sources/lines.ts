import { AfterBom, decodeUtf8 } from './bytes.ts';
import type { RowReader, RowReading, SourceRow } from './source.ts';

/** Bytes of the longest line that is read; S3 takes headers of some kilobytes. */
export const LONGEST_LINE: number = 2 ** 20;

/** Bytes of a text that the bulk engine reads at once: more than its longest line, and little enough to take the same memory again. */
export const READ_AT_ONCE: number = 2 ** 23;

/** Bytes in which a line must end; what has none is no text. */
const NO_LINE = 64 * 2 ** 20;

/** The careful reader of a text whose rows are its lines. Lines end in LF, CRLF or CR; empty lines are no rows. */
export class LineRows implements RowReader {
  private readonly readLine: (line: string, isUtf8: boolean) => RowReading;
  private readonly isWanted: (raw: string) => boolean;
  /** Pieces without an end of a line, or with one that the next piece may add to. */
  private pending: string[] = [];
  private pendingLength = 0;
  private line = 1;
  private readonly start: AfterBom = new AfterBom();

  /**
   * @param readLine is given a line that is not UTF-8 with one character per byte
   * @param isWanted whether to read a line, one character per byte
   */
  constructor(
    readLine: (line: string, isUtf8: boolean) => RowReading,
    isWanted: (raw: string) => boolean = () => true,
  ) {
    this.readLine = readLine;
    this.isWanted = isWanted;
  }

  *read(piece: string, isLast = false): Generator<SourceRow> {
    const next = this.start.take(piece, isLast);
    this.pending.push(next);
    this.pendingLength += next.length;
    if (this.pendingLength > NO_LINE) throw new RangeError(`line ${this.line} does not end`);
    if (!isLast && !/[\r\n]/.test(next) && !this.pending.at(-2)?.endsWith('\r')) return;
    const text = this.pending.join('');
    let at = 0;
    let feed = text.indexOf('\n');
    let carriage = text.indexOf('\r');
    while (at < text.length) {
      if (feed >= 0 && feed < at) feed = text.indexOf('\n', at);
      if (carriage >= 0 && carriage < at) carriage = text.indexOf('\r', at);
      const isReturn = carriage >= 0 && (feed < 0 || carriage < feed);
      const end = isReturn ? carriage : feed < 0 ? text.length : feed;
      if (!isLast && (end === text.length || (isReturn && end + 1 === text.length))) break;
      const raw = text.slice(at, end);
      if (raw !== '' && this.isWanted(raw)) yield { line: this.line, raw, reading: this.reading(raw) };
      at = isReturn && feed === end + 1 ? end + 2 : end + 1;
      this.line++;
    }
    this.pending = [text.slice(at)];
    this.pendingLength = Math.max(text.length - at, 0);
  }

  private reading(raw: string): RowReading {
    if (raw.length > LONGEST_LINE) return `the line is longer than ${LONGEST_LINE / 2 ** 20} MB`;
    const text = decodeUtf8(raw);
    return this.readLine(text ?? raw, text !== undefined);
  }
}
