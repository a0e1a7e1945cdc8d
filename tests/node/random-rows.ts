/** Random rows for tests that compare one way of reading with another. */
import fc from 'fast-check';
import { OPERATION_SPELLINGS } from '../../src/model/operation.ts';
import { STORAGE_CLASSES } from '../../src/model/storage-class.ts';

export const BEGIN: number = Date.UTC(2025, 0, 1);

const instant = fc.integer({ min: 0, max: 40 * 86_400 }).map((seconds) => BEGIN + seconds * 1000);
const time = fc
  .tuple(instant, fc.constantFrom('Z', 'ms', 's', '+02:00', '-0530', '.25Z', ' ', 'fraction'))
  .map(([ms, form]) => {
    const iso = new Date(ms).toISOString().slice(0, 19);
    if (form === 'ms') return String(ms);
    if (form === 's') return String(ms / 1000);
    if (form === 'fraction') return `${ms / 1000}.5`;
    return form === ' ' ? iso.replace('T', ' ') : `${iso}${form}`;
  });
const spelling = fc
  .constantFrom(
    ...(['PUT', 'GET', 'GET', 'HEAD', 'DELETE', 'COPY', 'LIST', 'RESTORE', 'PUT_TAGGING', 'SELECT'] as const),
  )
  .chain((operation) => fc.constantFrom(...OPERATION_SPELLINGS[operation]))
  .chain((text) => fc.constantFrom(text, text.toLowerCase()));
const act = fc
  .constantFrom(
    'TRANSITION_STANDARD_IA' as const,
    'TRANSITION_GLACIER' as const,
    'EXPIRE' as const,
    'CREATE_DELETE_MARKER' as const,
  )
  .chain((operation) => fc.constantFrom(...OPERATION_SPELLINGS[operation]));
const key = fc.constantFrom('a', 'b', "logs/o'neill", 'logs/o"q"', 'x, y', 'line\nbreak', '🪣/ä', ' padded ');
/** A row of a CSV in whatever spelling can be read. */
export const row = fc.record({
  timestamp: time,
  operation: spelling,
  key,
  size: fc.constantFrom('0', '1', '999', '131072', '1e6', '5368709120', ' 7 '),
  bytes: fc.constantFrom('', '', '10', '1000.0'),
  storage_class: fc.constantFrom('', '', ...STORAGE_CLASSES.slice(0, 7), 'glacier_ir'),
  status: fc.constantFrom('', '200', '206', '304', '403', '404', '503'),
  error_code: fc.constantFrom('', '-', 'NoSuchKey', 'AccessDenied', 'NoSuchUpload', ' SlowDown'),
  requester: fc.constantFrom(
    '',
    '-',
    'Anonymous',
    'arn:aws:iam::111122223333:user/a',
    'arn:aws:iam::999900001111:root',
  ),
  version_id: fc.constantFrom('', '', 'v1', 'v2', ' v3 ', 'null', '-'),
  tags: fc.constantFrom('', 'team%20a=x%3Dy', 'team a=x=y&b=c', 'other=1'),
  count: fc.constantFrom('', '1', '3'),
});

/** Up to so many rows, a request at least, some of what S3's own lifecycle did. */
export function rows(most: number): fc.Arbitrary<Row[]> {
  const recorded = fc.tuple(row, act).map(([one, operation]) => ({ ...one, operation }));
  const any = fc.oneof({ weight: 4, arbitrary: row }, { weight: 1, arbitrary: recorded });
  return fc.tuple(fc.array(any, { maxLength: most - 1 }), row).map(([others, request]) => [...others, request]);
}

type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

/** Rows under the header of their names. */
export function csv(rows: readonly Record<string, string>[]): string {
  const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const names = Object.keys(rows[0]!);
  return `${[names, ...rows.map((one) => names.map((name) => quoted(one[name]!)))].map((line) => line.join(',')).join('\n')}\n`;
}
