/** What becomes of versions and delete markers. */
import { actsOnVersions, type LifecycleRule } from '../policies/lifecycle-configuration.ts';
import type { Check, Remark, Subject } from './finding.ts';
import { includes } from './scope.ts';

/** In a versioned bucket an expired object stays as a noncurrent version, at the same price. */
export const noncurrentKept: Check = {
  name: 'noncurrent-kept',
  check(subject) {
    const expiring = subject.rules.filter(({ expiration }) => expiration !== undefined);
    if (!subject.complete || expiring.length === 0) return [];
    if (subject.versioned === undefined) return [askForVersioning];
    if (!subject.versioned) return [];
    return expiring
      .filter((rule) => !subject.rules.some((other) => other.noncurrentExpiration && covers(other, rule)))
      .map(keptRemark);
  },
};

const askForVersioning: Remark = {
  severity: 'note',
  what: 'if this bucket is versioned, objects that expire stay as noncurrent versions and are billed on',
  advice: 'say --versioning enabled or --versioning unversioned',
};

function keptRemark(rule: LifecycleRule): Remark {
  return {
    severity: 'warning',
    of: rule,
    what: 'noncurrent versions are kept for ever',
    why: 'in a versioned bucket Expiration only puts a delete marker on top; the version under it is billed on',
    advice: 'add NoncurrentVersionExpiration',
  };
}

/** A delete marker whose versions are all gone is removed by an Expiration, or where ExpiredObjectDeleteMarker asks for it. */
export const markersKept: Check = {
  name: 'markers-kept',
  check: ({ rules, versioned, complete }) =>
    versioned === true && complete
      ? rules
          .filter((rule) => rule.noncurrentExpiration !== undefined)
          .filter((rule) => !rules.some((other) => removesMarkers(other) && covers(other, rule)))
          .map(markersRemark)
      : [],
};

/** Markers have neither tags nor a size. */
function removesMarkers({ expiration, expiredObjectDeleteMarker, filter }: LifecycleRule): boolean {
  const sized = filter.sizeGreaterThan !== undefined || filter.sizeLessThan !== undefined;
  return (expiration !== undefined || expiredObjectDeleteMarker) && filter.tags.length === 0 && !sized;
}

/** Whether a rule is about all keys of another. */
function covers({ filter }: LifecycleRule, other: LifecycleRule): boolean {
  return includes(filter, other.filter);
}

function markersRemark(rule: LifecycleRule): Remark {
  return {
    severity: 'warning',
    of: rule,
    what: 'delete markers stay when the versions behind them are gone',
    why: 'each is billed for its key, and listing a bucket full of them is slow',
    advice: 'add Expiration with ExpiredObjectDeleteMarker, in a rule without tags and sizes',
  };
}

/** Actions on versions in a bucket that has none. */
export const noVersions: Check = {
  name: 'no-versions',
  check: ({ rules, versioned }: Subject) =>
    versioned === false ? rules.filter(actsOnVersions).map(noVersionsRemark) : [],
};

function noVersionsRemark(rule: LifecycleRule): Remark {
  return {
    severity: 'warning',
    of: rule,
    what: 'actions on noncurrent versions and delete markers do nothing in an unversioned bucket',
    advice: 'remove them, or enable versioning',
  };
}

/** The documentation allows 1 to 100; S3 was seen to take 500. */
export const manyNewerVersions: Check = {
  name: 'newer-versions',
  check: ({ rules }) =>
    rules
      .filter((rule) =>
        [...rule.noncurrentTransitions, ...(rule.noncurrentExpiration ? [rule.noncurrentExpiration] : [])].some(
          ({ newerNoncurrentVersions: newer = 0 }) => newer > MOST_DOCUMENTED,
        ),
      )
      .map((rule) => ({
        severity: 'warning',
        of: rule,
        what: `NewerNoncurrentVersions is over ${MOST_DOCUMENTED}`,
        why: `AWS documents 1 to ${MOST_DOCUMENTED}; S3 has taken more, but does not say that it will`,
        advice: `keep to ${MOST_DOCUMENTED}`,
      })),
};

const MOST_DOCUMENTED = 100;
