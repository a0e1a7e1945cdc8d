import { csvList, parquetList } from './s3-inventory-lists.ts';
import { parseManifest, refusal } from './s3-inventory-manifest.ts';
import { type InventoryColumns, inventoryColumns, objects, reads, type Telling } from './s3-inventory-rows.ts';
import type { Listing, ManifestSource } from './source.ts';

/**
 * What a bucket held at an instant, as S3 itself lists it: a `manifest.json` that names lists in CSV or Parquet.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
 */
export const s3Inventory: ManifestSource = {
  name: 's3-inventory',
  title: 'S3 Inventory',
  holds: 'manifest',
  onBadRow: 'fail',
  recognise: (start) => /^\ufeff?\s*\{/.test(start) && /"(fileSchema|MD5checksum)"\s*:/.test(start),
  open(text, { file }) {
    const { bucket, takenAt, fileFormat, columns: names, files } = parseManifest(text, file);
    const snapshot = { bucket, takenAt, hasClasses: names.some((name) => /^storage_?class$/i.test(name)) };
    if (fileFormat === 'CSV') {
      const columns = found(names, file);
      const listings = tellings(columns, takenAt).map(([of, telling]) => ({
        of,
        opened: csvList(names, columns, telling),
      }));
      return { files, snapshot, contents: { holds: 'text', listings } };
    }
    return {
      files,
      snapshot,
      contents: {
        holds: 'table',
        open(types, { file }) {
          const columns = found([...types.keys()], file);
          return tellings(columns, takenAt).map(([of, telling]) => ({
            of,
            opened: parquetList(types, columns, telling, file),
          }));
        },
      },
    };
  },
};

/** What a list of these columns tells of. */
function tellings(columns: InventoryColumns, takenAt: number): [Listing['of'], Telling][] {
  const ofReads: [Listing['of'], Telling] = ['reads', reads(takenAt)];
  return [['objects', objects], ...(columns.intelligent_tiering_access_tier === undefined ? [] : [ofReads])];
}

function found(names: readonly string[], file: string): InventoryColumns {
  const columns = inventoryColumns(names);
  if (typeof columns === 'string') throw refusal(file, [columns]);
  return columns;
}
