/** The rule that each usage type is billed by, in a sentence, and the AWS page that states it. */

export interface UsageTypeRule {
  readonly text: string;
  readonly page: string;
}

const GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/';
const PRICING = 'https://aws.amazon.com/s3/pricing/';

/** The first that fits a usage type, without the region's prefix, counts. */
const RULES: readonly (readonly [usageTypes: RegExp, text: string, page: string])[] = [
  [
    /^TimedStorage-.*-SmObjects$/,
    'An object below 128 KB is billed as 128 KB in this class: this is what is missing to them, over time.',
    `${GUIDE}storage-class-intro.html`,
  ],
  [
    /^TimedStorage-(Glacier|GDA-)Staging$/,
    'Parts of unfinished uploads to this class are stored at S3 Standard rates.',
    `${GUIDE}mpuoverview.html`,
  ],
  [
    /^TimedStorage-G(lacier|DA-)ByteHrs$/,
    'Archived bytes over time, and 32 KB of index with each object.',
    `${GUIDE}lifecycle-transition-general-considerations.html`,
  ],
  [
    /^TimedStorage-INT-D?AA-ByteHrs$/,
    'Bytes in this tier of Intelligent-Tiering over time, and 32 KB of index with each object.',
    `${GUIDE}intelligent-tiering-overview.html`,
  ],
  [
    /^TimedStorage-INT-/,
    'Bytes in this tier of Intelligent-Tiering over time.',
    `${GUIDE}intelligent-tiering-overview.html`,
  ],
  [
    /^TimedStorage-ByteHrs$/,
    'Bytes in S3 Standard over time: objects, restored copies and the 8 KB that archived objects leave there, together.',
    `${GUIDE}aws-usage-report-understand.html`,
  ],
  [
    /^TimedStorage-/,
    'Bytes over time: GB-hours over the hours of the calendar month.',
    `${GUIDE}aws-usage-report-understand.html`,
  ],
  [
    /^Monitoring-/,
    'Objects of 128 KB and more in Intelligent-Tiering, for the time they are there.',
    `${GUIDE}intelligent-tiering-overview.html`,
  ],
  [
    /^TagStorage-/,
    'Tags of objects over time: tag-hours over the hours of the calendar month.',
    `${GUIDE}aws-usage-report-understand.html`,
  ],
  [
    /^EarlyDelete-/,
    'What leaves the class before its minimum storage duration is billed for the rest of it, at the storage rate.',
    `${GUIDE}storage-class-intro.html`,
  ],
  [
    /^Requests-Tier4$/,
    'A lifecycle transition is a request for each object, at the price of the class it goes to.',
    `${GUIDE}lifecycle-transition-general-considerations.html`,
  ],
  [
    /^Requests-Tier3$/,
    'A lifecycle transition into an archive is a request for each object; so is a standard restore out of Flexible Retrieval.',
    `${GUIDE}lifecycle-transition-general-considerations.html`,
  ],
  [
    /^(Requests-(GDA-)?Tier[356]|(Standard|Bulk|Expedited)-Retrieval-Bytes)$/,
    'A restore is a request and the bytes that are restored, at the price of its speed.',
    `${GUIDE}restoring-objects-retrieval-options.html`,
  ],
  [/-XZ(-|$)/, 'Express One Zone is charged for requests and for all bytes that are written and read.', PRICING],
  [
    /^Retrieval-/,
    'Reading out of this class is charged by the byte, besides the request.',
    `${GUIDE}storage-class-intro.html`,
  ],
  [
    /^Requests-/,
    'Requests by class and kind; LIST and what concerns tags and buckets are those of S3 Standard, errors are charged but for those AWS lists.',
    `${GUIDE}aws-usage-report-understand.html`,
  ],
  [
    /^DataTransfer-Out-Bytes$/,
    'Bytes sent to the internet, after 100 GB a month that are free over all services and regions.',
    PRICING,
  ],
];

/** @param usageType without the region's prefix */
export function usageTypeRule(usageType: string): UsageTypeRule {
  const [, text, page] = RULES.find(([usageTypes]) => usageTypes.test(usageType)) ?? [undefined, '', PRICING];
  return { text, page };
}
