/** Records as AWS documents them, as they are in the wild, and as nobody should write them. */
import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../src/model/operation.ts';
import { readAccessLogLine, s3AccessLog } from '../../src/sources/s3-access-log.ts';
import { loggedOperation } from '../../src/sources/s3-operations.ts';
import { type LogFields, logLine } from './access-log-lines.ts';

function fields(changed: Partial<LogFields>): Record<string, string | undefined> {
  const reading = readAccessLogLine(logLine(changed));
  if (typeof reading === 'string') throw new Error(reading);
  return { ...reading.fields };
}

describe('a record', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html, its last example.
  const documented =
    '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be DOC-EXAMPLE-BUCKET1 [06/Feb/2019:00:01:57 +0000] 192.0.2.3 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be DD6CC733AEXAMPLE REST.PUT.OBJECT s3-dg.pdf "PUT /DOC-EXAMPLE-BUCKET1/s3-dg.pdf HTTP/1.1" 200 - - 4406583 41754 28 "-" "S3Console/0.4" - 10S62Zv81kBW7BB6SX4XJ48o6kpcl6LPwEoizZQQxJd5qDSCTLX0TgS37kYUBKQW3+bPdrg1234= SigV4 ECDHE-RSA-AES128-SHA AuthHeader DOC-EXAMPLE-BUCKET1.s3.us-west-1.amazonaws.com TLSV1.2 - Yes';

  test('of the documentation', () => {
    expect(readAccessLogLine(documented)).toEqual({
      fields: {
        timestamp: '2019-02-06T00:01:57Z',
        operation: 'PUT',
        key: 's3-dg.pdf',
        size: '4406583',
        bytes: '',
        bucket: 'DOC-EXAMPLE-BUCKET1',
        version_id: '',
        status: '200',
        error_code: '',
        requester: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be',
        request_id: 'DD6CC733AEXAMPLE',
      },
    });
  });

  test('of any age: fields were appended over the years, and will be', () => {
    const [upToVersion] = documented.split(' 10S62Zv8');
    for (const line of [upToVersion!, `${documented} us-west-1`, `${documented} us-west-1 some more`]) {
      expect(readAccessLogLine(line)).toEqual(readAccessLogLine(documented));
    }
  });

  test.each<[string, Partial<LogFields>]>([
    ['a request-URI', { uri: '"GET /a?filename="b.nwb"&x=1 HTTP/1.1"' }],
    ['a user agent', { agent: '""Mozilla/5.0 (Windows NT 10.0; Win64; x64)"' }],
    ['a user agent, at its end', { agent: '"Mozilla/5.0""' }],
    ['a referrer', { referrer: '"http://example.com/recorder.php?id=452""' }],
    ['all of them', { uri: '"GET /?a="x";$b=" HTTP/1.1"', referrer: '"?a="x";$b""', agent: '"a "b" c"' }],
    ['numbers in a user agent', { agent: '"x" 404 NoSuchKey 1 2 3 4 "y"' }],
  ])('with quotes in %s', (_, changed) => {
    expect(fields(changed)).toEqual(fields({}));
  });

  test.each<[string, Partial<LogFields>]>([
    ['all three', { uri: '-', referrer: '-', agent: '-' }],
    ['the referrer', { referrer: '-' }],
    ['the user agent', { agent: '-' }],
  ])('that leaves out %s', (_, changed) => {
    expect(fields({ ...changed, version: 'x'.repeat(32) })).toEqual(fields({ version: 'x'.repeat(32) }));
  });

  test.each<[string, Partial<LogFields>, string]>([
    ['no status', { status: '20x' }, 'there is no status with its sizes after the request: \'"GET'],
    ['a size in words', { size: 'big' }, 'there is no status with its sizes'],
    ['a month that is none', { time: '[06/Fex/2019:00:00:38 +0000]' }, "time '06/Fex/2019:00:00:38 +0000' is not one"],
    ['an operation nobody knows', { operation: 'REST.BREW.COFFEE' }, "operation 'REST.BREW.COFFEE' is unknown"],
    ['a key of other bytes', { key: 'a%25FF' }, "the key 'a%25FF' is no UTF-8 text when it is decoded"],
    ['a time without brackets', { time: '06/Feb/2019:00:00:38' }, 'this is no record of an S3 server access log'],
    ['a user agent that is cut', { agent: '"Mozilla', version: '', more: '' }, 'the record ends too early'],
    ['a version id that is cut', { version: 'MwI7yXtu', more: '' }, 'the record ends too early'],
  ])('with %s cannot be read', (_, changed, message) => {
    expect(readAccessLogLine(logLine(changed))).toContain(message);
  });

  test.each([
    ['a%2Fb', 'a/b'],
    ['foo-%2525Y', 'foo-%Y'],
    ['a%2Bb', 'a b'],
    ['a%252Bb', 'a+b'],
    ['%25C3%25A4', 'ä'],
    ['100%', '100%'],
    ['-', ''],
  ])('key %s is %s', (key, expected) => {
    expect(fields({ key, operation: 'REST.GET.ACL' }).key).toBe(expected);
  });
});

describe('operations', () => {
  test.each([
    ['GET', 'REST.GET.OBJECT WEBSITE.GET.OBJECT SOAP.GetObject SOAP.GetObjectExtended'],
    ['HEAD', 'REST.HEAD.OBJECT WEBSITE.HEAD.OBJECT'],
    ['PUT', 'REST.PUT.OBJECT SOAP.PutObject SOAP.PutObjectInline'],
    ['POST', 'REST.POST.OBJECT'],
    ['COPY', 'REST.COPY.OBJECT SOAP.CopyObject'],
    ['COPY_SOURCE', 'REST.COPY.OBJECT_GET REST.COPY.PART_GET'],
    ['DELETE', 'REST.DELETE.OBJECT BATCH.DELETE.OBJECT SOAP.DeleteObject'],
    ['LIST', 'REST.GET.BUCKET REST.GET.BUCKETVERSIONS SOAP.ListBucket'],
    ['CREATE_MULTIPART', 'REST.POST.UPLOADS'],
    ['UPLOAD_PART', 'REST.PUT.PART REST.COPY.PART'],
    ['COMPLETE_MULTIPART', 'REST.POST.UPLOAD'],
    ['ABORT_MULTIPART', 'REST.DELETE.UPLOAD'],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
    ['TRANSITION_STANDARD_IA', 'S3.TRANSITION_SIA.OBJECT'],
    ['TRANSITION_ONEZONE_IA', 'S3.TRANSITION_ZIA.OBJECT'],
    ['TRANSITION_INTELLIGENT_TIERING', 'S3.TRANSITION_INT.OBJECT'],
    ['TRANSITION_GLACIER_IR', 'S3.TRANSITION_GIR.OBJECT'],
    ['TRANSITION_GLACIER', 'S3.TRANSITION.OBJECT'],
    ['TRANSITION_DEEP_ARCHIVE', 'S3.TRANSITION_GDA.OBJECT'],
    ['EXPIRE', 'S3.EXPIRE.OBJECT'],
    ['CREATE_DELETE_MARKER', 'S3.CREATE.DELETEMARKER'],
    ['DELETE_UPLOAD', 'S3.DELETE.UPLOAD'],
    ['RESTORE', 'REST.POST.RESTORE'],
    ['SELECT', 'REST.POST.SELECT'],
    ['GET_TAGGING', 'REST.GET.OBJECT_TAGGING'],
    ['PUT_TAGGING', 'REST.PUT.OBJECT_TAGGING'],
    ['DELETE_TAGGING', 'REST.DELETE.OBJECT_TAGGING'],
    [
      'OTHER_READ',
      'REST.GET.ACL REST.GET.LIFECYCLE REST.GET.LOCATION REST.GET.VERSIONING REST.GET.LOGGING_STATUS REST.GET.OBJECT_ATTRIBUTES REST.HEAD.BUCKET REST.OPTIONS.PREFLIGHT WEBSITE.INVALIDOPERATION SOAP.ListAllMyBuckets',
    ],
    [
      'OTHER_WRITE',
      'REST.PUT.ACL REST.PUT.LIFECYCLE REST.PUT.BUCKETPOLICY REST.POST.BUCKET REST.GET.UPLOADS REST.GET.UPLOAD SOAP.CreateBucket',
    ],
  ])('%s', (operation, names) => {
    expect(OPERATIONS).toContain(operation);
    for (const name of names.split(' ')) expect([name, loggedOperation(name)]).toEqual([name, { operation }]);
  });

  test.each('S3.COMPUTE.OBJECT.CHECKSUM REST.DELETE.LIFECYCLE REST.POST.MULTI_OBJECT_DELETE'.split(' '))(
    '%s is no request that is replayed',
    (name) => {
      expect(loggedOperation(name)).toEqual({ kind: name });
    },
  );

  test.each(['REST.BREW.COFFEE', 'rest.get.object', 'GET', '-', 'S3.', 'SOAP.Frobnicate'])('%s is none', (name) => {
    expect(loggedOperation(name)).toBeUndefined();
  });
});

test('a log is recognised by a record, wherever it begins', () => {
  expect(s3AccessLog.recognise(`${logLine()}\n`, 'x')).toBe(true);
  expect(s3AccessLog.recognise(`of a cut line\nnonsense\n${logLine({ operation: 'S3.EXPIRE.OBJECT' })}`, 'x')).toBe(
    true,
  );
  expect(s3AccessLog.recognise('timestamp,operation,key,size\n2025-01-01,GET,a,1\n', 'x.log')).toBe(false);
});
