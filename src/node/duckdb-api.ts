import { createRequire } from 'node:module';
import type * as api from '@duckdb/node-api';

/**
 * The bulk engine's package, loaded when it is first needed, and as the CommonJS it is: through `import` Node reads its
 * sixty files twice, for 50 ms.
 */
export function duckdbApi(): typeof api {
  return createRequire(import.meta.url)('@duckdb/node-api');
}
