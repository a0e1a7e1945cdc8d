/** Lines of S3 server access logs, as AWS writes them and as it should not. */
import fc from 'fast-check';
import { tampered as tamperedText } from '../fuzz.ts';

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

/** The fields of a record, in their order in the line. */
export interface LogFields {
  readonly owner: string;
  readonly bucket: string;
  readonly time: string;
  readonly ip: string;
  readonly requester: string;
  readonly requestId: string;
  readonly operation: string;
  readonly key: string;
  readonly uri: string;
  readonly status: string;
  readonly error: string;
  readonly sent: string;
  readonly size: string;
  readonly total: string;
  readonly turnAround: string;
  readonly referrer: string;
  readonly agent: string;
  readonly version: string;
  readonly more: string;
}

const GET: LogFields = {
  owner: OWNER,
  bucket: 'amzn-s3-demo-bucket',
  time: '[06/Feb/2019:00:00:38 +0000]',
  ip: '192.0.2.3',
  requester: 'arn:aws:iam::123456789012:user/alice',
  requestId: '3E57427F3EXAMPLE',
  operation: 'REST.GET.OBJECT',
  key: 'photos/a.jpg',
  uri: '"GET /photos/a.jpg HTTP/1.1"',
  status: '200',
  error: '-',
  sent: '1000',
  size: '1000',
  total: '7',
  turnAround: '5',
  referrer: '"-"',
  agent: '"S3Console/0.4"',
  version: '-',
  more: ' s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket.s3.us-west-1.amazonaws.com TLSv1.2 - -',
};

/** A GET of 1000 bytes, as far as nothing else is said. */
export function logLine(changed: Partial<LogFields> = {}): string {
  const { more, ...fields } = { ...GET, ...changed };
  return Object.values(fields).join(' ') + more;
}

const VERSION = 'MwI7yXtui4mtwTeuZxHoT4qHap44j3T2';

const operation = fc.constantFrom(
  'REST.GET.OBJECT',
  'REST.GET.OBJECT',
  'REST.HEAD.OBJECT',
  'REST.PUT.OBJECT',
  'REST.POST.OBJECT',
  'REST.COPY.OBJECT',
  'REST.COPY.OBJECT_GET',
  'REST.COPY.PART',
  'REST.COPY.PART_GET',
  'REST.PUT.PART',
  'REST.POST.UPLOADS',
  'REST.POST.UPLOAD',
  'REST.DELETE.UPLOAD',
  'REST.DELETE.OBJECT',
  'REST.DELETE.LIFECYCLE',
  'REST.DELETE.OBJECT_TAGGING',
  'REST.PUT.OBJECT_TAGGING',
  'REST.GET.OBJECT_TAGGING',
  'REST.POST.MULTI_OBJECT_DELETE',
  'BATCH.DELETE.OBJECT',
  'REST.GET.BUCKET',
  'REST.GET.BUCKETVERSIONS',
  'REST.GET.UPLOADS',
  'REST.HEAD.BUCKET',
  'REST.GET.ACL',
  'REST.PUT.ACL',
  'REST.GET.LIFECYCLE',
  'REST.PUT.LIFECYCLE',
  'REST.OPTIONS.PREFLIGHT',
  'REST.POST.RESTORE',
  'REST.POST.SELECT',
  'WEBSITE.GET.OBJECT',
  'WEBSITE.HEAD.OBJECT',
  'WEBSITE.INVALIDOPERATION',
  'SOAP.PutObject',
  'SOAP.ListAllMyBuckets',
  'SOAP.DeleteObject',
  'S3.EXPIRE.OBJECT',
  'S3.CREATE.DELETEMARKER',
  'S3.TRANSITION_SIA.OBJECT',
  'S3.TRANSITION_ZIA.OBJECT',
  'S3.TRANSITION_INT.OBJECT',
  'S3.TRANSITION_GIR.OBJECT',
  'S3.TRANSITION_GDA.OBJECT',
  'S3.TRANSITION.OBJECT',
  'S3.DELETE.UPLOAD',
  'S3.COMPUTE.OBJECT.CHECKSUM',
  'REST.BREW.COFFEE',
  'rest.get.object',
);

const key = fc.constantFrom(
  'a',
  'photos/a.jpg',
  '-',
  'a%2520b',
  'a%2Bb',
  'a+b',
  'foo-%2525Y',
  '%25C3%25A4',
  '%C3%A4',
  '%FF',
  '%25FF',
  '%2500',
  '100%',
  '%zz',
  '%e4%B8%ad',
  'a"b',
  '../../etc/passwd',
  '%3Cscript%3E',
  'ä',
  'x'.repeat(1024),
);

const quote = (text: string): string => `"${text}"`;
const uri = fc.oneof(
  fc.constantFrom(
    '"GET /photos/a.jpg HTTP/1.1"',
    '"GET /photos/a.jpg HTTP/1.1"',
    '-',
    '"-"',
    '"PUT /a?partNumber=1&uploadId=x HTTP/1.1"',
    '"GET /a?x="y"&z=1 HTTP/1.1"',
    '"GET /a?filename="b.nwb" HTTP/1.1"',
    '"GET /a" HTTP/1.1"',
    '"GET /a" 200 - 1 2 3 4 " HTTP/1.1"',
    '"GET /a b c HTTP/1.1"',
    '"GET /ä HTTP/1.1"',
    '" 200 - 1 2 3 4 "',
    '"',
    '""',
  ),
  fc.string({ maxLength: 12 }).map(quote),
);
const userText = fc.oneof(
  fc.constantFrom(
    '"-"',
    '"-"',
    '-',
    '"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"',
    '""Mozilla/5.0 (Windows NT 10.0)"',
    '"Mozilla/5.0""',
    '"https://example.com/?q="x""',
    '"aws-cli/1.16 "Python"/2.7"',
    '"a" "b"',
    '" "',
    '"" 200 - 1 2 3 4 "-" "x"',
    '"ÿ"',
    '""',
  ),
  fc.string({ maxLength: 12 }).map(quote),
);
const amount = fc.constantFrom(
  '-',
  '0',
  '1',
  '1000',
  '5368709120',
  '54975581388801',
  '007',
  '1e3',
  '1_0',
  '+5',
  '-1',
  '1.5',
  '',
  'nan',
  '9'.repeat(30),
);
const usualAmount = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('-', '0', '1000', '131072') }, amount);

/** Records whose fields are mostly as they should be. A part that is no copy has no copy's request id. */
export const logFields: fc.Arbitrary<LogFields> = fc
  .record({
    owner: fc.constantFrom(OWNER, OWNER, '-'),
    bucket: fc.constantFrom('b', 'b', 'logs.example.com', '-'),
    time: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 * 86_400 }).map((seconds) => logTime(seconds)) },
      fc.constantFrom(
        '[31/Feb/2025:00:00:00 +0000]',
        '[6/Feb/2025:00:00:00 +0000]',
        '[06/feb/2025:00:00:00 +0000]',
        '[06/Feb/2025:00:00:60 +0000]',
        '[06/Feb/2025:24:00:00 +0000]',
        '[06/Feb/2025:10:00:00 +0200]',
        '[06/Feb/1969:10:00:00 +0000]',
        '[06/Feb/2200:10:00:00 +0000]',
        '[06/Feb/2025:1:00:000 +0000]',
        '[06/02/2025:10:00:00 +0000]',
        '[06/Feb/20250:10:00:0 +0000]',
        '-',
      ),
    ),
    ip: fc.constantFrom('192.0.2.3', '-', '2001:db8::1'),
    requester: fc.constantFrom('-', OWNER, 'arn:aws:sts::123456789012:assumed-role/r/s', 'AmazonS3'),
    requestId: fc.constantFrom('3E57427F3EXAMPLE', '5PCGX9WKFQMJH6FB', 'J42N2W7ET0EC03CV', '-'),
    operation,
    key,
    uri,
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('200', '206', '204', '304', '404', '403', '503', '-') },
      fc.constantFrom('2', '20', '2000', '2e2', '099', '600', '+20', ''),
    ),
    error: fc.constantFrom('-', '-', '-', 'NoSuchKey', 'AccessDenied', ''),
    sent: usualAmount,
    size: usualAmount,
    total: fc.constantFrom('7', '7', '-', ''),
    turnAround: fc.constantFrom('5', '-', ''),
    referrer: userText,
    agent: userText,
    version: fc.constantFrom('-', '-', VERSION, 'null', 'short', ''),
    more: fc.constantFrom(GET.more, GET.more, '', ' ', `${GET.more} us-east-1 new-field`, ' x'),
  })
  .map((fields) =>
    fields.operation === 'REST.PUT.PART' ? { ...fields, requestId: `PART${fields.requestId}` } : fields,
  );

/** Some text spliced into a line, or a piece cut out of it. */
export const tampered = (line: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  tamperedText(line, ['"', ' ', '-', '  ', '[', ']', 'x', '" "', '\u0001', '\u0002', '\0', '\u2028', '%']);

/** `[06/Feb/2025:00:00:38 +0000]`, some seconds after the beginning of 2025. */
export function logTime(seconds: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(
    new Date(Date.UTC(2025, 0, 1) + seconds * 1000).toUTCString(),
  )!;
  return `[${day}/${month}/${year}:${clock} +0000]`;
}
