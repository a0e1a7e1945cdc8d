/** What is easily forgotten, and what is easily mistaken. */
import { quoted } from '../model/diagnostic.ts';
import { DEEP_ARCHIVE, GLACIER, SMALL_OBJECT_BYTES, STANDARD } from '../model/storage-class.ts';
import { DAY_SECONDS, formatDate, midnightBefore } from '../model/time.ts';
import { actionInWords } from './actions.ts';
import { FOREVER_DAYS } from './costs.ts';
import type { Check } from './finding.ts';
import { formatBytes, perMillion } from './words.ts';

/** Parts of uploads that nobody completed are billed until they are aborted, and no listing of objects shows them. */
export const noAbort: Check = {
  name: 'no-abort',
  check({ rules, complete }) {
    const prefixes = rules.flatMap(({ abortIncompleteUploadDays: days, filter }) =>
      days === undefined ? [] : [filter.prefix ?? ''],
    );
    if (!complete || prefixes.includes('')) return [];
    const where = prefixes.length === 0 ? '' : ` outside ${prefixes.map((prefix) => quoted(prefix)).join(', ')}`;
    return [
      {
        severity: 'warning',
        what: `no rule aborts incomplete multipart uploads${where}`,
        why: 'their parts are billed until somebody does, and no listing of objects shows them',
        advice: 'add AbortIncompleteMultipartUpload with DaysAfterInitiation 7 to a rule of the whole bucket',
      },
    ];
  },
};

export const disabled: Check = {
  name: 'disabled',
  check: ({ configuration }) =>
    configuration.rules
      .filter((rule) => !rule.enabled)
      .map((rule) => ({ severity: 'note', of: rule, what: 'this rule is Disabled and does nothing' })),
};

/** Keys begin with a slash only where a program put one there by mistake. */
export const leadingSlash: Check = {
  name: 'leading-slash',
  check: ({ rules }) =>
    rules
      .filter(({ filter }) => filter.prefix?.startsWith('/'))
      .map((rule) => ({
        severity: 'warning',
        of: rule,
        what: `the prefix ${quoted(rule.filter.prefix!)} begins with a slash`,
        why: 'a prefix is compared with the key as it is, and keys seldom begin with a slash',
        advice: `${quoted(rule.filter.prefix!.replace(/^\/+/, ''))} is probably meant`,
      })),
};

/** A date that has come acts at once, and ever after. */
export const pastDate: Check = {
  name: 'past-date',
  check: ({ actions, today }) =>
    today === undefined
      ? []
      : actions
          .filter(({ by, at }) => by === 'date' && at * DAY_SECONDS < midnightBefore(today))
          .map((action) => ({
            severity: 'warning',
            of: action.rule,
            what: `${actionInWords(action)} is past`,
            why: `it acts at once on all objects since before ${formatDate(action.at * DAY_SECONDS)}, and on every later one the midnight after its upload`,
            advice: 'use Days if objects are to age first',
          })),
};

/** As all buckets did before September 2024: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
export const smallObjectsMove: Check = {
  name: 'small-objects-move',
  check: ({ actions, configuration, costs }) =>
    configuration.smallObjects === 'all_storage_classes_128K'
      ? []
      : actions
          .filter(({ target, smallest }) => (target === GLACIER || target === DEEP_ARCHIVE) && smallest === 0)
          .filter(({ rule: { filter } }) => filter.sizeLessThan === undefined && filter.sizeGreaterThan === undefined)
          .map((action) => {
            const move = { from: STANDARD, afterDays: action.at, to: action.target!, days: FOREVER_DAYS };
            const least = formatBytes(costs.breakEven(move));
            return {
              severity: 'warning',
              of: action.rule,
              what: `${actionInWords(action)} moves objects under ${formatBytes(SMALL_OBJECT_BYTES)} too, as before September 2024`,
              why: `TransitionDefaultMinimumObjectSize is varies_by_storage_class; a million of them cost ${perMillion(costs.moving(move.to))} to move, and under ${least} they cost more than in S3 Standard`,
              advice: 'set it to all_storage_classes_128K, or ObjectSizeGreaterThan in the filter',
            };
          }),
};
