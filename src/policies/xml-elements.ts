/**
 * The elements of a configuration in XML, and the fields of the same configuration in JSON.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
 */

/** What an element holds: text as it is, text without the space around it, or elements. */
export type Content = 'text' | 'number' | 'boolean' | 'date' | Elements;

export type Elements = ReadonlyMap<string, Known>;

interface Known {
  readonly content: Content;
  /** The list its repetitions make in JSON; absent where it stands once, under its own name. */
  readonly list?: string;
}

function elements(known: Readonly<Record<string, Content | Known>>): Elements {
  return new Map(
    Object.entries(known).map(([name, it]) => [
      name,
      typeof it === 'object' && 'content' in it ? it : { content: it satisfies Content },
    ]),
  );
}

const repeated = (list: string, content: Content): Known => ({ list, content });

const TAG = elements({ Key: 'text', Value: 'text' });
const SIZES = { ObjectSizeGreaterThan: 'number', ObjectSizeLessThan: 'number' } as const;
const NONCURRENT = { NoncurrentDays: 'number', NewerNoncurrentVersions: 'number' } as const;
const DUE = { Date: 'date', Days: 'number' } as const;

const RULE = elements({
  ID: 'text',
  Prefix: 'text',
  Filter: elements({
    Prefix: 'text',
    Tag: TAG,
    ...SIZES,
    And: elements({ Prefix: 'text', Tag: repeated('Tags', TAG), ...SIZES }),
  }),
  Status: 'text',
  Transition: repeated('Transitions', elements({ ...DUE, StorageClass: 'text' })),
  Expiration: elements({ ...DUE, ExpiredObjectDeleteMarker: 'boolean' }),
  NoncurrentVersionTransition: repeated(
    'NoncurrentVersionTransitions',
    elements({ ...NONCURRENT, StorageClass: 'text' }),
  ),
  NoncurrentVersionExpiration: elements(NONCURRENT),
  AbortIncompleteMultipartUpload: elements({ DaysAfterInitiation: 'number' }),
});

const INTELLIGENT_TIERING = elements({
  Id: 'text',
  Status: 'text',
  Filter: elements({ Prefix: 'text', Tag: TAG, And: elements({ Prefix: 'text', Tag: repeated('Tags', TAG) }) }),
  Tiering: repeated('Tierings', elements({ AccessTier: 'text', Days: 'number' })),
});

/** Configurations by the names of their root elements. */
export const ROOTS: ReadonlyMap<string, Elements> = new Map([
  ['LifecycleConfiguration', elements({ Rule: repeated('Rules', RULE) })],
  ['IntelligentTieringConfiguration', INTELLIGENT_TIERING],
]);
