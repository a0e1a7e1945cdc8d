import { type Charges, OWNER_PAYS } from '../src/model/charges.ts';
import { readCsv } from '../src/sources/read-trace.ts';
import type { MemoryTrace } from '../src/trace/memory-trace.ts';

const OPTIONAL = [
  'size',
  'bytes',
  'count',
  'storage_class',
  'status',
  'tags',
  'version_id',
  'error_code',
  'requester',
] as const;

/** A CSV of events from lines such as `2025-03-01T09:00 PUT photos/cat.jpg size=131072 count=2`; empty lines are skipped. */
function eventsCsv(lines: readonly string[]): string {
  const rows = lines.flatMap((line) => {
    const [time, operation, key, ...fields] = line.trim().split(/\s+/);
    if (!time) return [];
    const given = new Map(fields.map((field) => splitAt(field, field.indexOf('='))));
    const unknown = [...given.keys()].find((name) => !(OPTIONAL as readonly string[]).includes(name));
    if (unknown !== undefined) throw new Error(`no column ${unknown}`);
    return [[time, operation, key, ...OPTIONAL.map((name) => given.get(name) ?? '')].join(',')];
  });
  return [['timestamp', 'operation', 'key', ...OPTIONAL].join(','), ...rows, ''].join('\n');
}

/** The trace of {@link eventsCsv}. */
export function trace(...lines: readonly string[]): MemoryTrace {
  return chargedTrace(OWNER_PAYS, ...lines);
}

/** The same, where it matters who is charged. */
export function chargedTrace(charges: Charges, ...lines: readonly string[]): MemoryTrace {
  return readCsv(eventsCsv(lines.flatMap((line) => line.split('\n'))), { charges });
}

/** UTC seconds of a date or an ISO time without zone. */
export function instant(text: string): number {
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`) / 1000;
}

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}
