import { InputError } from '../model/diagnostic.ts';
import type { RecordSource } from './source.ts';
import { readClock } from './trace-clock.ts';

/**
 * libCacheSim's traces: packed little-endian records of `uint32 time, uint64 object, uint32 size, int64 next access`, each a
 * read; the last field is for oracles. Source: https://github.com/1a1a11a/libCacheSim (oracleGeneral.h)
 */
export const oracleGeneral: RecordSource = {
  name: 'oracle-general',
  title: 'oracleGeneral trace',
  holds: 'records',
  onBadRow: 'fail',
  recordBytes: 24,
  recognise: (start) => implausible(start) === undefined,
  open(start, { file, clock: told = {} }) {
    const problem = implausible(start);
    if (problem !== undefined) {
      const message = `this is no oracleGeneral trace: ${problem}`;
      throw new InputError([{ severity: 'error', message, where: { file } }]);
    }
    const { stepMs, startMs, remark } = readClock(told, 1000, viewOf(start).getUint32(0, true));
    const time = `time::DOUBLE * ${stepMs} + ${startMs}`;
    return {
      columns: COLUMNS,
      fields: [
        { name: 'time', type: 'UINTEGER', word: 0 },
        { name: 'object', type: 'UBIGINT', word: 1 },
        { name: 'size', type: 'UINTEGER', word: 3 },
      ],
      likeness: JSON.stringify([stepMs, startMs]),
      remark,
      relation: ([table]) => ({
        sql: `(SELECT ${time} AS timestamp, 'GET' AS operation, object::VARCHAR AS key, size::DOUBLE AS size,
          size::DOUBLE AS bytes FROM ${table})`,
        columns: COLUMNS,
        time: 'epoch',
      }),
      from: (table) => table,
      select: [`(${time})::BIGINT::VARCHAR`, 'object::VARCHAR', 'size::VARCHAR'],
      read: ([timestamp = '', key = '', size = '']) => [
        { fields: { timestamp, operation: 'GET', key, size, bytes: size } },
      ],
    };
  },
};

const COLUMNS = { timestamp: 'timestamp', operation: 'operation', key: 'key', size: 'size', bytes: 'bytes' };

/** Records a trace is recognised by. */
const LOOKED_AT = 1000;

/** What a trace of some billion records cannot have, of the first of them; undefined when there is nothing. */
function implausible(start: Uint8Array): string | undefined {
  const view = viewOf(start);
  const records = Math.min(Math.floor(start.length / 24), LOOKED_AT);
  if (records === 0) return 'there is no whole record of 24 bytes';
  let previous = 0;
  for (let record = 0; record < records; record++) {
    const time = view.getUint32(record * 24, true);
    if (time < previous) return `time goes back in record ${record + 1}`;
    previous = time;
    const next = view.getBigInt64(record * 24 + 16, true);
    const isLater = next === -1n || next === LAST || (next > record && next < MOST_RECORDS);
    if (!isLater) return `the next access of record ${record + 1} is ${next}`;
  }
  return undefined;
}

/** What stands for no next access, besides -1. */
const LAST = 2n ** 63n - 1n;
const MOST_RECORDS = 2n ** 40n;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
