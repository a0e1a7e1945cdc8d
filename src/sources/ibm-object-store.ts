import { isTime, isWhole, WHOLE, wordTrace } from './word-trace.ts';

/**
 * IBM Cloud Object Storage's traces: times in milliseconds, the size of the object where it is known, and the first and the
 * last byte of what was read of it. Source: http://iotta.snia.org/traces/key-value/36305
 */
export const ibmObjectStore = wordTrace({
  name: 'ibm-object-store',
  title: 'IBM object store trace',
  line: 'time operation id [size [first-byte last-byte]]',
  stepMs: 1,
  isLine: ([time, operation, id]) => isTime(time) && /^REST\.[A-Z]+\./.test(operation ?? '') && id !== undefined,
  fields([, operation, key, size = '', first, last]) {
    const isRange = isWhole(first) && isWhole(last) && Number(last) >= Number(first);
    if (key === undefined || (size !== '' && !isWhole(size)) || (first !== undefined && !isRange)) return undefined;
    const bytes = isRange ? String(Number(last) - Number(first) + 1) : '';
    return { operation: operation!, key, size, bytes };
  },
  sql: {
    operation: 'words[2]',
    key: 'words[3]',
    size: 'TRY_CAST(words[4] AS DOUBLE)',
    bytes: 'TRY_CAST(words[6] AS DOUBLE) - TRY_CAST(words[5] AS DOUBLE) + 1',
  },
  isLineSql: `len(words) >= 3 AND (len(words) = 3 OR regexp_full_match(words[4], '${WHOLE}'))
    AND (len(words) < 5 OR coalesce(regexp_full_match(words[5], '${WHOLE}') AND regexp_full_match(words[6], '${WHOLE}')
      AND TRY_CAST(words[6] AS DOUBLE) >= TRY_CAST(words[5] AS DOUBLE), false))`,
});
