/** Records of CloudTrail, as AWS writes them and as it should not. */
import fc from 'fast-check';

export type Json = Record<string, unknown>;

/** A GetObject of 1000 bytes, as far as nothing else is said; `undefined` leaves a field out. */
export function record(changed: Json = {}): Json {
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      principalId: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/myUserName',
      accountId: '111122223333',
    },
    eventTime: '2025-01-01T00:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'us-east-1',
    requestParameters: { bucketName: 'amzn-s3-demo-bucket', Host: 'amzn-s3-demo-bucket.s3.amazonaws.com', key: 'a' },
    responseElements: null,
    additionalEventData: { SignatureVersion: 'SigV4', bytesTransferredIn: 0, bytesTransferredOut: 1000 },
    requestID: '47B8E8D397DCE7A6',
    eventID: 'cdc4b7ed-e171-4cef-975a-ad829d4123e8',
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: false,
    eventCategory: 'Data',
    ...changed,
  };
}

const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  5,
  1.5,
  true,
  [],
  {},
  'x',
  '-',
  { a: 1 },
  'ä\u0000"\\',
  '1e3',
);
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const of = (...values: readonly unknown[]): fc.Arbitrary<unknown> => mostly(fc.constantFrom(...values));

/** Records whose fields are mostly as they should be. */
export const records: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .record({
        eventTime: mostly(
          fc.oneof(
            {
              weight: 8,
              arbitrary: fc
                .integer({ min: 0, max: 40 * 86_400 })
                .map((s) => new Date(Date.UTC(2025, 0, 1) + s * 1000).toISOString().replace('.000', '')),
            },
            fc.constantFrom(
              '2025-02-30T00:00:00Z',
              '2025-01-01T00:00:00.5Z',
              '2025-01-01 00:00:00Z',
              '2025-01-01T00:00:00+02:00',
              '2300-01-01T00:00:00Z',
              '2025/01/01T00:00:00Z',
            ),
          ),
        ),
        eventSource: of(
          's3.amazonaws.com',
          's3.amazonaws.com',
          's3.amazonaws.com',
          's3express.amazonaws.com',
          'dynamodb.amazonaws.com',
          's3-outposts.amazonaws.com',
        ),
        eventName: of(
          'GetObject',
          'PutObject',
          'PutObject',
          'HeadObject',
          'ListObjects',
          'DeleteObject',
          'CopyObject',
          'UploadPart',
          'UploadPartCopy',
          'CreateMultipartUpload',
          'CompleteMultipartUpload',
          'DeleteObjects',
          'CreateSession',
          'GetBucketVersioning',
          'PutBucketAcl',
          'DeleteBucketCors',
          'HeadBucket',
          'GetObjectTagging',
          'RenameObject',
          'BrewCoffee',
          'GET',
          'getObject',
          'REST.GET.OBJECT',
          'ListBuckets',
          'RestoreObject',
          '__proto__',
        ),
        eventID: of('e1', 'e2', 'e3', undefined),
        errorCode: of(
          undefined,
          undefined,
          undefined,
          'AccessDenied',
          'NoSuchKey',
          'SlowDown',
          'InvalidArgument',
          'Client.NoSuchKey',
          'Server.InternalError',
          'SomethingElse',
          'KMS.NotFoundException',
        ),
        managementEvent: of(
          ...[false, false, false, false, false, true, true, undefined, undefined, 'false', 'true'],
          ...[{ toString: 1 }, [], 0],
        ),
        eventCategory: of('Data', 'Data', 'Management', undefined, 'Insight'),
        userIdentity: of(
          { arn: 'arn:aws:iam::1:user/a', accountId: '1' },
          { type: 'AWSAccount', accountId: 'anonymous' },
          { arn: 5 },
          { arn: '' },
          undefined,
          undefined,
          { toString: 1 },
        ),
        requestParameters: mostly(
          fc.record({
            bucketName: of('b', 'c', 'arn:aws:s3:us-west-2:1:accesspoint/ap', ''),
            key: of('a', 'b', 'ä/b c+%20', '🪣', '', undefined),
            'x-amz-storage-class': of(undefined, undefined, 'STANDARD_IA', 'GLACIER_IR', 'OUTPOSTS'),
            versionId: of(undefined, undefined, 'v1', 'null'),
          }),
        ),
        responseElements: of(null, null, { 'x-amz-version-id': 'v2' }, { 'x-amz-version-id': '' }),
        additionalEventData: mostly(
          fc.record({
            bytesTransferredIn: of(0, 0, 100, 131072.0, '100', 1e7, 5e9, 6e13),
            bytesTransferredOut: of(0, 1000, 5000.0, '5000', -1),
          }),
        ),
        resources: of(
          undefined,
          undefined,
          [{ type: 'AWS::S3::Object' }, { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::b' }],
          [null, 5, { type: 'AWS::S3::Bucket', ARN: {} }],
          { toString: 1 },
        ),
      })
      .map((changed) => record(changed)),
  },
  odd,
);

/** What a file of records may look like. */
export function documentOf(some: readonly unknown[], layout: number): string {
  // One after another, only objects are values to the engine.
  const isOne = (text: string | undefined): boolean =>
    text !== undefined && (![2, 5].includes(layout) || text.startsWith('{'));
  const texts = some.map((one) => JSON.stringify(one, undefined, layout === 1 ? 2 : 0)).filter(isOne);
  switch (layout) {
    case 0:
      return `{"Records":[${texts.join(',')}]}`;
    case 1:
      return `{\n  "Records": [\n${texts.join(',\n')}\n  ]\n}\n`;
    case 2:
      return `${texts.join('\n')}\n`;
    case 3:
      return `[${texts.join(', ')}]`;
    case 4:
      return texts.map((text) => `{"Records":[${text}]}\n`).join('');
    default:
      return `\ufeff{"Records":[${texts.slice(1).join(',')}],"x":[{"y":"]}"}]} ${texts[0] ?? ''}`;
  }
}
