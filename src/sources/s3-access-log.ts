/**
 * S3 server access logs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 *
 * A record is a line of fields between spaces. Request-URI, referrer and user agent stand in quotes, or are a bare `-`,
 * and hold whatever the client sent, quotes included; nothing else is ever quoted. So a record is anchored on the eight
 * fields before the request-URI, on the first status with its error code and numbers after it (a request-URI holds two
 * spaces, too few to look like them), and on what follows the last quote of all. Old records end with the version id,
 * new ones have more fields than are named here, since AWS appends them.
 */
import { quoted } from '../model/diagnostic.ts';
import { isLost } from './line-relation.ts';
import { LineRows } from './lines.ts';
import type { RowFields } from './row.ts';
import { accessLogRelation, LOG_COLUMNS } from './s3-access-log-sql.ts';
import { hasNoSize, isActName, isKeyEncodedOnce, loggedOperation, READS } from './s3-operations.ts';
import type { OpenedText, RowReading, TextSource } from './source.ts';
import { urlDecode } from './url-decode.ts';

export const s3AccessLog: TextSource = {
  name: 's3-access-log',
  title: 'S3 server access log',
  holds: 'text',
  onBadRow: 'skip',
  isLog: true,
  recognise: (start) => firstLines(start).some((line) => RECORD.test(line)),
  open: (start) => ({
    ...someBucket(start),
    columns: LOG_COLUMNS,
    likeness: '',
    relation: accessLogRelation,
    rows: (isWanted) => new LineRows(readAccessLogLine, isWanted),
    readRaw: readAccessLogLine,
    isLost,
    hasCopiesInPairs: true,
  }),
};

function someBucket(start: string): Pick<OpenedText, 'someBucket'> {
  for (const line of firstLines(start)) {
    const head = HEAD.exec(line);
    if (head) return { someBucket: head[1]! };
  }
  return {};
}

function firstLines(start: string): string[] {
  return start.split(/[\r\n]+/, RECOGNISED_BY);
}

/** Lines one of which must be a record. */
const RECOGNISED_BY = 100;

/** Owner, bucket, time, IP, requester, request id and operation. */
const RECORD =
  /^ *[^ ]+ +[^ ]+ +\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] +[^ ]+ +[^ ]+ +[^ ]+ +(REST|SOAP|WEBSITE|BATCH|S3)\./;

/** Bucket owner, bucket, time, remote IP, requester, request id, operation, key. */
const HEAD = /^ *[^ ]+ +([^ ]+) +\[([^\]]*)\] +[^ ]+ +([^ ]+) +([^ ]+) +([^ ]+) +([^ ]+) +(?=["-])/;

/** Status, error code, bytes sent, object size, total time, turn-around time; then the referrer. */
const NUMBERS = String.raw`(\d{3}|-) ([^ "]+) (\d+|-) (\d+|-) [^ "]+ [^ "]+ (?=["-])`;
const AFTER_QUOTE = new RegExp(`" ${NUMBERS}`, 'g');
const AFTER_DASH = new RegExp(`- ${NUMBERS}`, 'y');

/** Reads a record. */
export function readAccessLogLine(line: string): RowReading {
  const head = HEAD.exec(line);
  if (!head) return `this is no record of an S3 server access log: ${quoted(line)}`;
  const [start, bucket, time, requester, requestId, name, key] = head as unknown as Tuple<7>;
  const numbers = numbersFrom(line, start.length);
  if (!numbers) return `there is no status with its sizes after the request: ${quoted(line.slice(start.length))}`;
  const rest = line.slice(numbers.index + numbers[0].length);
  const version = versionIn(rest);
  if (version === undefined) return `the record ends too early: ${quoted(rest)}`;
  const timestamp = isoTime(time);
  if (timestamp === undefined) return `time ${quoted(time)} is not one such as 06/Feb/2019:00:00:38 +0000`;
  const logged = loggedOperation(name);
  if (!logged) return `operation ${quoted(name)} is unknown`;
  const decoded = decodedKey(key, name);
  if (decoded === undefined) return `the key ${quoted(key)} is no UTF-8 text when it is decoded`;
  const [, status, errorCode, sent, size] = numbers as unknown as Tuple<5>;
  const { operation, kind } = isActName(name) && decoded === '' ? { kind: name } : logged;
  const fields: RowFields = {
    timestamp,
    operation: operation ?? name,
    key: decoded,
    size: hasNoSize(operation, name) ? '' : given(size),
    bytes: operation && READS.includes(operation) ? (sent === '-' ? '0' : sent) : '',
    bucket: given(bucket),
    version_id: given(version),
    status: given(status),
    error_code: given(errorCode),
    requester,
    request_id: given(requestId),
  };
  return kind === undefined ? { fields } : { fields, kind };
}

type Tuple<N extends number, T extends readonly string[] = []> = T['length'] extends N ? T : Tuple<N, [...T, string]>;

/** The numbers after a request-URI that begins at `at`, which is a bare `-` or ends in a quote. */
function numbersFrom(line: string, at: number): RegExpExecArray | null {
  const pattern = line[at] === '"' ? AFTER_QUOTE : AFTER_DASH;
  pattern.lastIndex = line[at] === '"' ? at + 1 : at;
  return pattern.exec(line);
}

/** The version id in what follows the numbers: referrer, user agent, version id and more. */
function versionIn(rest: string): string | undefined {
  const end = rest.lastIndexOf('"') + 1;
  const userText = rest.slice(0, end);
  const isWhole = /^(".*"|-) ".*"$/s.test(userText);
  const bare = isWhole ? ' ' : /^".*"$/s.test(userText) ? ' - ' : end === 0 ? '- - ' : undefined;
  if (bare === undefined || !rest.startsWith(bare, end)) return undefined;
  const [version = '', ...more] = rest.slice(end + bare.length).split(' ', 2);
  const isCut = more.length === 0 && version !== '-' && version.length < VERSION_CHARACTERS;
  return version === '' || isCut ? undefined : version;
}

/** Ids S3 makes have as many; one that ends its line with fewer was cut off. */
const VERSION_CHARACTERS = 32;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function isoTime(time: string): string | undefined {
  const parts = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/.exec(time);
  if (!parts) return undefined;
  const [, day, month, year, clock, zone] = parts as unknown as Tuple<6>;
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  if (number === 0) return undefined;
  return `${year}-${String(number).padStart(2, '0')}-${day}T${clock}${zone === '+0000' ? 'Z' : zone}`;
}

function decodedKey(key: string, operation: string): string | undefined {
  if (key === '-') return '';
  const once = urlDecode(key);
  return once === undefined || isKeyEncodedOnce(operation) ? once : urlDecode(once);
}

function given(text: string): string {
  return text === '-' ? '' : text;
}
