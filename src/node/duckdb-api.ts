/** The bulk engine's package, loaded as the CommonJS it is: through `import` Node reads its sixty files twice, for 50 ms. */
import { createRequire } from 'node:module';
import type * as api from '@duckdb/node-api';

export const duckdb: typeof api = createRequire(import.meta.url)('@duckdb/node-api');
