/**
 * Operations as S3 server access logs name them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
import {
  ACT_NAMES,
  isAct,
  OPERATION_SPELLINGS,
  OPERATIONS,
  type Operation,
  operationCode,
} from '../model/operation.ts';

/** Operations by their names in logs: REST.GET.OBJECT is GET. */
export const LOG_NAMES: ReadonlyMap<string, string> = new Map([
  ...(Object.keys(OPERATION_SPELLINGS) as Operation[]).flatMap((operation) =>
    OPERATION_SPELLINGS[operation].filter((name) => name.includes('.')).map((name) => [name, operation] as const),
  ),
  ['REST.POST.OBJECT_RESTORE', 'RESTORE'],
  ['REST.POST.SELECT', 'SELECT'],
  ['REST.POST.OBJECT_SELECT', 'SELECT'],
  ['SOAP.PutObjectInline', 'PUT'],
  ['SOAP.GetObjectExtended', 'GET'],
]);

/** Whether a record tells what S3's own lifecycle did. One that names no key says of no object what. */
export function isActName(name: string): boolean {
  return ACT_NAMES.includes(name);
}

/**
 * Names of what is neither billed nor changes an object by itself, as a regular expression: what else S3 does, deletions of configurations, and DeleteObjects, whose keys have BATCH.DELETE.OBJECT records each.
 */
export const KIND_NAMES: string = String.raw`S3(\.[A-Z_]+)+|REST\.DELETE\.[A-Z_]+|REST\.POST\.MULTI_OBJECT_DELETE`;

/**
 * Names of requests of configurations, ACLs and the like, which are many and to which AWS adds: those charged as a GET
 * is, and those charged as a PUT is.
 */
export const READ_NAMES: string = String.raw`(REST|WEBSITE)\.(GET|HEAD|OPTIONS)\.[A-Z_]+|WEBSITE\.[A-Z]+`;
export const WRITE_NAMES: string = String.raw`(REST|WEBSITE)\.(PUT|POST|COPY)\.[A-Z_]+`;

const [IS_KIND, IS_READ, IS_WRITE] = [KIND_NAMES, READ_NAMES, WRITE_NAMES].map(
  (names) => new RegExp(`^(?:${names})$`),
) as [RegExp, RegExp, RegExp];

interface LoggedOperation {
  readonly operation?: string;
  readonly kind?: string;
}

/** What the name of a record says: an operation, or (a kind) something that is counted and not replayed; undefined: nothing known. */
export function loggedOperation(name: string): LoggedOperation | undefined {
  const operation = LOG_NAMES.get(name);
  if (operation !== undefined) return { operation };
  if (name.startsWith('SOAP.')) return soapOperation(name);
  if (IS_KIND.test(name)) return { kind: name };
  if (IS_READ.test(name)) return { operation: 'OTHER_READ' };
  return IS_WRITE.test(name) ? { operation: 'OTHER_WRITE' } : undefined;
}

/** SOAP's names are those of the API. */
function soapOperation(name: string): LoggedOperation | undefined {
  const operation = apiName(name.slice('SOAP.'.length));
  if (operation !== undefined) return { operation };
  if (/^SOAP\.Delete/.test(name)) return { kind: name };
  if (/^SOAP\.(Get|List)/.test(name)) return { operation: 'OTHER_READ' };
  return /^SOAP\.(Put|Set|Create|Copy)/.test(name) ? { operation: 'OTHER_WRITE' } : undefined;
}

function apiName(name: string): string | undefined {
  const code = operationCode(name);
  return code === undefined || isAct(code) ? undefined : OPERATIONS[code];
}

/** Names of records whose key is URL-encoded once, as a regular expression; all others' are encoded twice. */
export const ENCODED_ONCE = String.raw`BATCH\.DELETE\.OBJECT|S3\..*`;

const IS_ENCODED_ONCE = new RegExp(`^(?:${ENCODED_ONCE})$`);

export function isKeyEncodedOnce(name: string): boolean {
  return IS_ENCODED_ONCE.test(name);
}

/** Operations whose object size is that of an object, or of a part. */
export const SIZED: readonly string[] = [
  'GET',
  'HEAD',
  'SELECT',
  'PUT',
  'POST',
  'COPY',
  'COPY_SOURCE',
  'UPLOAD_PART',
  'COMPLETE_MULTIPART',
  'RESTORE',
  'DELETE',
];

/** The read of a copied part: its size may be the object's or the part's. */
export const PART_READ = 'REST.COPY.PART_GET';

/** Operations of a copy's two records, one of a part perhaps. */
export const OF_COPIES: readonly string[] = ['COPY', 'COPY_SOURCE', 'UPLOAD_PART'];

/** A part that is no copy. */
export const PLAIN_PART = 'REST.PUT.PART';

/** Whether the size in a record is not that of an object or of a part. */
export function hasNoSize(operation: string | undefined, name: string): boolean {
  return (operation !== undefined && !SIZED.includes(operation)) || name === PART_READ;
}

/** Operations whose bytes sent are bytes of an object; `-` is none. */
export const READS: readonly string[] = ['GET', 'SELECT'];
