/** The careful reader's look at what the bulk engine left to it. */
import { BOM_BYTES } from '../sources/bytes.ts';
import type { RowSettings } from '../sources/row.ts';
import type { OpenedText } from '../sources/source.ts';
import { type CarefulRow, carefulRow, carefulTextRows } from './careful-rows.ts';
import type { Input } from './open-inputs.ts';
import type { Leftover, Staging } from './staging.ts';

/** Texts of rows of one input that are kept in mind; beyond, all its rows are looked at. */
const KEPT_TEXTS = 100_000;

/**
 * Rows of the staged inputs that the engine did not understand, or did not give. Most are understood by their text
 * alone; only for the line of one that cannot be read is its file read again, up to `isEnough`.
 */
export async function* secondLook(
  staging: Staging,
  leftovers: ReadonlyMap<Input, Leftover>,
  settings: RowSettings,
): AsyncGenerator<CarefulRow> {
  const wanted = new Map<Input, Set<string>>();
  for await (const { input, raw } of staging.left()) {
    const { file, opened } = input as TextInput;
    const row = carefulRow(file, 0, Buffer.from(raw), opened.readRaw!(raw), settings);
    if (typeof row.row !== 'string') yield row;
    else keep(wanted, input, raw);
  }
  for (const [input, { lost }] of leftovers) {
    const texts = wanted.get(input);
    if (texts || lost !== 0) yield* lookAgain(input as TextInput, texts ?? new Set(), lost, settings);
  }
}

export type TextInput = Input & { readonly opened: OpenedText };

/** A row's bytes as its text, one character per byte. */
export function binary(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1');
}

function keep(wanted: Map<Input, Set<string>>, input: Input, raw: string): void {
  const texts = wanted.get(input) ?? new Set();
  wanted.set(input, texts);
  if (texts.size < KEPT_TEXTS) texts.add(Buffer.from(raw).toString('latin1'));
}

/** The rows of a text that cannot be read, and those that were lost, with their lines. */
async function* lookAgain(
  { file, source, opened }: TextInput,
  texts: ReadonlySet<string>,
  lost: number,
  settings: RowSettings,
): AsyncGenerator<CarefulRow> {
  const isLost = (raw: string): boolean => opened.isLost?.(raw) ?? false;
  // Texts come from the engine without the byte order mark they may begin with.
  const isKept = (raw: string): boolean =>
    texts.has(raw) || (raw.startsWith(BOM_BYTES) && texts.has(raw.slice(BOM_BYTES.length)));
  const isWanted = (raw: string): boolean => texts.size >= KEPT_TEXTS || isKept(raw) || isLost(raw);
  let found = 0;
  // A text that the engine wrote anew tells no row of the file.
  for await (const row of carefulTextRows(file, source.title, opened, settings, opened.nameOf ? undefined : isWanted)) {
    const wasLost = lost !== 0 && isLost(binary(row.raw));
    if (wasLost) found++;
    if (wasLost || typeof row.row === 'string') yield row;
  }
  if (found !== lost && !Number.isNaN(lost))
    throw new Error(`${file.name}: ${lost} rows were lost, ${found} were found`);
}
