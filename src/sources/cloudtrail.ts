import { readCloudTrailRecord } from './cloudtrail-record.ts';
import { cloudTrailRelation, RECORD_COLUMNS } from './cloudtrail-sql.ts';
import { JsonRows } from './json-rows.ts';
import type { TextSource } from './source.ts';

/** Data events of S3 and S3 Express in CloudTrail's records, as CloudTrail delivers them or one to a line. */
export const cloudTrail: TextSource = {
  name: 'cloudtrail',
  title: 'CloudTrail',
  holds: 'text',
  onBadRow: 'skip',
  isLog: true,
  recognise: (start) =>
    /^\ufeff?\s*[{[]/.test(start) && (/^\ufeff?\s*\{\s*"Records"\s*:\s*\[/.test(start) || RECORD.test(start)),
  open: (start) => ({
    columns: RECORD_COLUMNS,
    likeness: String(isLineByLine(start)),
    relation: (paths, compression, largest) =>
      cloudTrailRelation(paths, compression, isLineByLine(start) ? undefined : largest),
    mostBytes: isLineByLine(start) ? Number.POSITIVE_INFINITY : LARGEST_DOCUMENT,
    rows: (isWanted) => new JsonRows(readCloudTrailRecord, isWanted),
    readRaw: readCloudTrailRecord,
    nameOf: (raw) => EVENT_ID.exec(raw)?.[1],
    hasSizesOfReadsOnly: true,
  }),
};

/** What every record has. */
const RECORD = /"eventSource"\s*:\s*"[^"]*\.amazonaws\.com"/;

const EVENT_ID = /"eventID"\s*:\s*"([0-9A-Za-z-]+)"/;

/** The bulk engine holds a document whole, several times over. */
const LARGEST_DOCUMENT = 100 * 2 ** 20;

/** Whether each line is a value of its own. */
function isLineByLine(start: string): boolean {
  const end = start.indexOf('\n');
  if (end < 0) return false;
  try {
    return typeof JSON.parse(start.slice(0, end).replace('\ufeff', '')) === 'object';
  } catch {
    return false;
  }
}
