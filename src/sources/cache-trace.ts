import { isTime, isWhole, WHOLE, wordTrace } from './word-trace.ts';

/**
 * What simulators of caches read: a line `time id size` for each read, as AdaptSize and webcachesim have it; further words
 * are passed over. Source: https://github.com/dasebe/webcachesim
 */
export const cacheTrace = wordTrace({
  name: 'cache-trace',
  title: 'cache trace',
  line: 'time id size',
  stepMs: 1000,
  isLine: ([time, id, size]) => isTime(time) && isWhole(id) && isWhole(size),
  fields: ([, key, size]) => (isWhole(size) ? { operation: 'GET', key: key!, size: size!, bytes: size! } : undefined),
  sql: {
    operation: `'GET'`,
    key: 'words[2]',
    size: 'TRY_CAST(words[3] AS DOUBLE)',
    bytes: 'TRY_CAST(words[3] AS DOUBLE)',
  },
  isLineSql: `regexp_full_match(words[3], '${WHOLE}')`,
});
