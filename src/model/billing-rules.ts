/** Every rule of billing that is implemented: what it says, the AWS page it comes from, and the test that holds it. */
export interface BillingRule {
  readonly text: string;
  /** The AWS page. */
  readonly page: string;
  /** A test file, and the name of the test in it. */
  readonly test: readonly [file: string, name: string];
}

const GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const USAGE = `${GUIDE}/aws-usage-report-understand.html`;
const CLASSES = `${GUIDE}/storage-class-intro.html`;
const RULES = `${GUIDE}/intro-lifecycle-rules.html`;
const MOVES = `${GUIDE}/lifecycle-transition-general-considerations.html`;
const RECORDS = `${GUIDE}/lifecycle-and-other-bucket-config.html`;
const CONFLICTS = `${GUIDE}/lifecycle-conflicts.html`;
const TIERS = `${GUIDE}/intelligent-tiering-overview.html`;
const ACCESS = `${GUIDE}/intelligent-tiering-managing.html`;
const RESTORING = `${GUIDE}/restoring-objects.html`;
const VERSIONS = `${GUIDE}/versioning-workflows.html`;
const PRICES = 'https://aws.amazon.com/s3/pricing/';

const BILL = 'tests/pricing/bill.test.ts';
const FREE = 'tests/pricing/free-tier.test.ts';
const EVENTS = 'tests/golden/from-events.test.ts';
const VERSIONING = 'tests/versioning.test.ts';
const LIFECYCLE = 'tests/policies/lifecycle.test.ts';
const TIERING = 'tests/trace/access-tiers.test.ts';
const OWN = 'tests/node/own-lifecycle.test.ts';
const SIMULATE = 'tests/simulate.test.ts';

function rule(text: string, page: string, file: string, name: string): BillingRule {
  return { text, page, test: [file, name] };
}

export const BILLING_RULES: readonly BillingRule[] = [
  rule(
    'A GB-month is 2^30 bytes for all the seconds of the calendar month.',
    USAGE,
    BILL,
    'divides by the seconds of the calendar month',
  ),
  rule(
    'Volume tiers of STANDARD and of Frequent Access fill with the month’s sum of the usage type, restored copies and the 8 KB of archived objects among it.',
    PRICES,
    BILL,
    'fills a volume tier with all operations of the usage type, each with a share of its own',
  ),
  rule(
    'Data transfer out is free for 100 GB a month; tiers of 10 TB, 40 TB and 100 TB come after them.',
    PRICES,
    FREE,
    'of %d GB falls into tiers of %j',
  ),
  rule(
    'The free tier of older accounts, each month 5 GB-Mo, 2,000 PUT and 20,000 GET of S3 Standard, comes before the volume tiers.',
    'https://aws.amazon.com/free/',
    FREE,
    'comes before the volume tiers, which begin after it',
  ),
  rule(
    'STANDARD_IA, ONEZONE_IA and GLACIER_IR bill 128 KB at the least: the filler is a usage type of its own.',
    'https://aws.amazon.com/s3/faqs/',
    EVENTS,
    'G29-faq-onezone-small',
  ),
  rule(
    'GLACIER and DEEP_ARCHIVE add 32 KB at their own rate and 8 KB at Standard’s to each object.',
    CLASSES,
    EVENTS,
    'G24-small-objects-deep-archive',
  ),
  rule(
    'An object removed or moved before its class’s 30, 90 or 180 days pays the rest, in the month it goes.',
    CLASSES,
    EVENTS,
    'charges two months for a gigabyte deleted after one',
  ),
  rule(
    'A lifecycle transition out of a class pays the rest of its minimum too.',
    MOVES,
    EVENTS,
    'charges what is left of 30 days when a rule moves objects out of Standard-IA',
  ),
  rule(
    'Requests are charged in the object’s class; writes in the class they go to; LIST and tagging as Standard’s; DELETE is free.',
    USAGE,
    'tests/properties/kernel.test.ts',
    'every line item and notice is the reference model’s',
  ),
  rule(
    'Errors 5xx, and the 3xx and 4xx on AWS’s list, are not billed; AccessDenied is not to callers outside the account.',
    `${GUIDE}/ErrorCodeBilling.html`,
    VERSIONING,
    'errors AWS does not bill are free, others are not',
  ),
  rule(
    'Where the requester pays, requests and transfer of other accounts are theirs, storage is the owner’s.',
    `${GUIDE}/RequesterPaysBuckets.html`,
    VERSIONING,
    'what other accounts pay themselves is not on the owner’s bill',
  ),
  rule(
    'A copy is charged at its destination’s class, and its source’s retrieval.',
    `${GUIDE}/copy-object.html`,
    VERSIONING,
    'a copy reads its source, whose request may be free',
  ),
  rule(
    'Tags cost by the tag and month.',
    PRICES,
    VERSIONING,
    'tags are stored by the tag and month until they are taken off',
  ),
  rule(
    'A rule is due at the midnight UTC after creation and its days; billing flips then, whenever S3 acts.',
    RULES,
    EVENTS,
    'bills the new class from the midnight at which the rule is satisfied, with one request',
  ),
  rule(
    'What S3’s own lifecycle is recorded to have done counts under as-is from the midnight UTC before the record; a move into INTELLIGENT_TIERING from the record’s own time.',
    RECORDS,
    OWN,
    'is taken over by Intelligent-Tiering when it is recorded, by any other class at the midnight before',
  ),
  rule(
    'A rule with a date acts on that day, and on everything that comes later.',
    RULES,
    LIFECYCLE,
    'on a date, or at the midnight after its creation when that date has passed',
  ),
  rule(
    'Rules that begin later act on what is there by then, at once.',
    RULES,
    VERSIONING,
    'move at once what was there, and by age what comes after',
  ),
  rule(
    'Expiration comes before transition on one day.',
    CONFLICTS,
    LIFECYCLE,
    'expiration over transition on the same day',
  ),
  rule(
    'Of transitions on one day the coldest is made; INTELLIGENT_TIERING above all but the archives.',
    CONFLICTS,
    LIFECYCLE,
    'the coldest of those on one day, INTELLIGENT_TIERING above all but the archives',
  ),
  rule(
    'Objects only move down the waterfall of classes.',
    MOVES,
    LIFECYCLE,
    'drops what is not allowed at its midnight for good',
  ),
  rule(
    'Objects under 128 KB do not move, unless a size filter or varies_by_storage_class says so.',
    MOVES,
    LIFECYCLE,
    'do not move by default; one of exactly 131072 bytes does',
  ),
  rule(
    'Size bounds are exclusive.',
    `${GUIDE}/intro-lifecycle-filters.html`,
    LIFECYCLE,
    'take sizes exclusively: of 500 to 64000, neither end',
  ),
  rule(
    'Tags count as they are at the midnight a rule is due.',
    `${GUIDE}/intro-lifecycle-filters.html`,
    LIFECYCLE,
    'count as they are when the rule is due',
  ),
  rule(
    'Intelligent-Tiering moves what is not read for 30 and 90 days, and back when it is read.',
    TIERS,
    TIERING,
    'moves an object that is not read after 30 and 90 days',
  ),
  rule(
    'HEAD, LIST and tagging are no access; SelectObjectContent restarts the archive tiers’ clocks only.',
    ACCESS,
    TIERING,
    'lets SELECT restart the clocks of the archive tiers only',
  ),
  rule('Its objects under 128 KB are not monitored.', TIERS, TIERING, 'keeps objects under 128 KB in Frequent Access'),
  rule('Its monitoring is prorated by time.', PRICES, BILL, 'prorates monitoring by time'),
  rule(
    'Out of its archive tiers an object has to be restored, and is in Frequent Access then.',
    ACCESS,
    TIERING,
    'restores out of Archive Access in 5 hours, keeps it there meanwhile, and makes later reads wait',
  ),
  rule(
    'A read of an archived object needs a restore: request and bytes at its speed, and a copy in Standard.',
    RESTORING,
    SIMULATE,
    'in an archive wait for a restore, once for the copy’s life',
  ),
  rule(
    'A restored copy expires at the midnight after its days are over.',
    RESTORING,
    EVENTS,
    'completed on 2012-10-15 at 10:30 for 3 days is kept until 2012-10-19',
  ),
  rule(
    'Parts of a multipart upload cost storage until it is completed or aborted, at staging rates in the archives.',
    `${GUIDE}/mpuoverview.html`,
    VERSIONING,
    'multipart uploads nobody completed, and what their parts hold',
  ),
  rule(
    'Every version is billed in full; one that is overwritten pays no early delete until it is removed.',
    VERSIONS,
    VERSIONING,
    'an overwritten version goes on costing, and pays no early delete',
  ),
  rule(
    'A delete marker is billed for the bytes of its key, in Standard.',
    `${GUIDE}/DeleteMarker.html`,
    VERSIONING,
    'a delete makes a marker of the bytes of its key; removing the version by its id is what frees it',
  ),
  rule(
    'Expiration in a versioned bucket adds a delete marker, and the version goes on costing.',
    RULES,
    VERSIONING,
    'a hundred objects expired after seven days are two hundred entries',
  ),
  rule(
    'Noncurrent days count from the successor’s creation.',
    RULES,
    VERSIONING,
    'photo.gif: deleted at 11:30 on the 2nd, gone at midnight of the 8th',
  ),
  rule(
    'With NewerNoncurrentVersions a version goes only once it has so many newer ones as well.',
    RULES,
    VERSIONING,
    'a version goes only once it has so many newer ones as well',
  ),
  rule(
    'A delete marker with nothing behind it is removed by ExpiredObjectDeleteMarker, or by days at its age.',
    RULES,
    VERSIONING,
    'a marker with nothing behind it goes: by ExpiredObjectDeleteMarker at once, by days at its age',
  ),
  rule(
    'While versioning is suspended, uploads and deletes replace the null version.',
    `${GUIDE}/AddingObjectstoVersionSuspendedBuckets.html`,
    VERSIONING,
    'a suspended bucket overwrites its null version and keeps those with ids',
  ),
];
