import { type CsvError, type InfoRecord, parse } from 'csv-parse/browser/esm/sync';
import { InputError } from '../model/diagnostic.ts';
import type { Offer, OfferDimension, OfferProduct } from './offer.ts';
import { notAnOffer } from './offer-json.ts';

/**
 * Reads an offer file in CSV, `…/AmazonS3/current/eu-west-1/index.csv`: five lines about the file, a header, and a row for
 * each volume tier of each product.
 * @throws InputError naming the file, and the line of a row that cannot be read, when it is no offer
 */
export function parseOfferCsv(text: string, file: string): Offer {
  const records = recordsOf(text, file);
  const start = records.findIndex(({ record }) => plain(record[0]) === 'sku');
  if (start < 0) throw notAnOffer(file, "there is no header that begins with 'SKU'");
  const header = records[start]!.record.map(plain);
  const facts = new Map(records.slice(0, start).map(({ record: [name, value = ''] }) => [plain(name), value]));
  const rows = records.slice(start + 1).map((row) => rowOf(row, header, file));
  const absent = NEEDED.filter((column) => !header.includes(column));
  if (absent.length > 0) throw notAnOffer(file, `the header has no column ${absent.join(', ')}`);
  return {
    code: facts.get('offercode') ?? rows[0]?.of('servicecode') ?? '',
    version: facts.get('version') ?? '',
    publicationDate: (facts.get('publicationdate') ?? '').slice(0, 10),
    file,
    products: productsOf(rows),
  };
}

const NEEDED = ['usagetype', 'startingrange', 'endingrange', 'unit', 'priceperunit', 'currency'];

interface Record {
  readonly record: readonly string[];
  readonly info: InfoRecord;
}

function recordsOf(text: string, file: string): readonly Record[] {
  const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
  try {
    return parse(text, options) as unknown as readonly Record[];
  } catch (error) {
    const { message, lines } = error as CsvError;
    if (typeof lines !== 'number') throw error;
    throw new InputError([{ severity: 'error', message, where: { file, line: lines } }]);
  }
}

/** Names of columns have been written with and without spaces, capitals and lower case. */
function plain(name: string | undefined): string {
  return (name ?? '').replaceAll(' ', '').toLowerCase();
}

interface Row {
  readonly line: number;
  /** The first of some columns that says something; empty when none does. */
  of(...columns: readonly string[]): string;
}

function rowOf({ record, info }: Record, header: readonly string[], file: string): Row {
  if (record.length !== header.length) {
    const message = `${record.length} fields where the header has ${header.length}`;
    throw new InputError([{ severity: 'error', message, where: { file, line: info.lines } }]);
  }
  const of = (...columns: readonly string[]): string =>
    columns.map((column) => record[header.indexOf(column)] ?? '').find((value) => value !== '') ?? '';
  return { line: info.lines, of };
}

/** Rows of one product stand anywhere; a term is told by its code and its date. */
function productsOf(rows: readonly Row[]): OfferProduct[] {
  const bySku = grouped(rows, (row) => row.of('sku'));
  return [...bySku].map(([sku, all]) => {
    const first = all[0]!;
    const onDemand = all.filter((row) => ['', 'OnDemand'].includes(row.of('termtype')));
    const terms = grouped(onDemand, (row) => `${row.of('offertermcode')} ${row.of('effectivedate')}`);
    return {
      sku,
      line: first.line,
      usageType: first.of('usagetype'),
      operation: first.of('operation'),
      volumeType: first.of('volumetype'),
      regionCode: first.of('regioncode', 'fromregioncode'),
      location: first.of('location', 'fromlocation'),
      locationType: first.of('locationtype', 'fromlocationtype'),
      transferType: first.of('transfertype'),
      toLocation: first.of('tolocation'),
      terms: [...terms.values()].map((tiers) => ({
        effectiveDate: tiers[0]!.of('effectivedate'),
        dimensions: tiers.map(dimensionOf),
      })),
    };
  });
}

function grouped(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group) group.push(row);
    else groups.set(nameOf(row), [row]);
  }
  return groups;
}

function dimensionOf(row: Row): OfferDimension {
  return {
    description: row.of('pricedescription'),
    beginRange: row.of('startingrange'),
    endRange: row.of('endingrange'),
    unit: row.of('unit'),
    price: row.of('priceperunit'),
    currency: row.of('currency'),
  };
}
