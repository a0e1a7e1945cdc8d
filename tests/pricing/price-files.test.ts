import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../../src/model/money.ts';
import { USAGE_KINDS } from '../../src/model/usage-type.ts';
import { type PriceList, parsePriceList, priceOf } from '../../src/pricing/price-list.ts';

const FOLDER = new URL('../../pricing/', import.meta.url);
const files = readdirSync(FOLDER);

const read = (file: string): PriceList => parsePriceList(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')), file);

const usd = (list: PriceList, usageType: string, operation = 'GetObject') =>
  priceOf(list, usageType, operation)?.tiers.map((tier) => formatDecimal(tier.usd));

/** The regions whose transfer to the internet has been read. */
const EGRESS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'eu-central-1',
  'eu-west-1',
  'us-east-1',
  'us-west-2',
];

describe('pricing/', () => {
  it('has the 32 regions, one file each', () => {
    expect(files).toHaveLength(32);
    expect(new Set(files.map((file) => read(file).prefix)).size).toBe(32);
  });

  it.each(files)('%s prices all that AWS sells there, and nothing that was not read', (file) => {
    const list = read(file);
    expect(file).toBe(`${list.region}.json`);
    const unpriced = new Set(
      USAGE_KINDS.filter(({ usageType, operation }) => !priceOf(list, usageType, operation)).map(
        (kind) => kind.usageType,
      ),
    );
    const express = ['Requests-XZ-Tier1', 'Requests-XZ-Tier2', 'Retrieval-XZ', 'TimedStorage-XZ-ByteHrs', 'Upload-XZ'];
    const expected = [
      ...(list.region === 'us-east-1' ? [] : express),
      ...(EGRESS.includes(list.region) ? [] : ['DataTransfer-Out-Bytes']),
    ];
    expect([...unpriced].sort()).toEqual(expected.sort());
  });

  it.each(files)('%s charges early deletes and fillers at the storage rate of the class', (file) => {
    const list = read(file);
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html: "a pro-rated charge for the remainder"
    for (const infix of ['SIA', 'ZIA', 'GIR']) {
      const rate = usd(list, `TimedStorage-${infix}-ByteHrs`);
      expect(usd(list, `TimedStorage-${infix}-SmObjects`)).toEqual(rate);
      expect(usd(list, `EarlyDelete-${infix}`)).toEqual(rate);
      expect(usd(list, `EarlyDelete-${infix}-SmObjects`)).toEqual(rate);
    }
    expect(usd(list, 'EarlyDelete-ByteHrs')).toEqual(usd(list, 'TimedStorage-GlacierByteHrs'));
    expect(usd(list, 'EarlyDelete-GDA')).toEqual(usd(list, 'TimedStorage-GDA-ByteHrs'));
  });

  it.each(files)('%s sells bigger volumes no dearer and archives cheaper', (file) => {
    const list = read(file);
    for (const usageType of ['TimedStorage-ByteHrs', 'TimedStorage-INT-FA-ByteHrs']) {
      const rates = usd(list, usageType)!.map(Number);
      expect(rates).toEqual([...rates].sort((a, b) => b - a));
      expect(rates).toHaveLength(3);
    }
    const infixes = ['', 'SIA-', 'GIR-', 'GDA-'];
    const firstRates = infixes.map((infix) => Number(usd(list, `TimedStorage-${infix}ByteHrs`)![0]));
    expect(firstRates).toEqual([...firstRates].sort((a, b) => b - a));
  });
});

// Read off https://aws.amazon.com/s3/pricing/, per 1,000 requests or per GB there, per one here.
it.each([
  ['us-east-1', 'TimedStorage-ByteHrs', 'StandardStorage', ['0.023', '0.022', '0.021']],
  ['ap-northeast-1', 'TimedStorage-ByteHrs', 'GlacierS3ObjectOverhead', ['0.025', '0.024', '0.023']],
  ['eu-central-1', 'Requests-Tier1', 'ListBucket', ['0.0000054']],
  ['ap-northeast-2', 'Requests-Tier2', 'HeadObject', ['0.00000035']],
  ['us-east-1', 'Requests-Tier3', 'RestoreObject', ['0.00005']],
  ['us-east-1', 'Requests-Tier3', 'S3-GlacierTransition', ['0.00003']],
  ['us-east-1', 'Requests-Tier3', 'S3-GDATransition', ['0.00005']],
  ['us-east-1', 'Requests-Tier4', 'S3-GIRTransition', ['0.00002']],
  ['us-east-1', 'Requests-Tier5', 'RestoreObject', ['0']],
  ['us-east-1', 'Requests-Tier6', 'RestoreObject', ['0.01']],
  ['ap-northeast-1', 'Requests-GDA-Tier3', 'DeepArchiveRestoreObject', ['0.0001142']],
  ['us-east-1', 'Requests-GDA-Tier1', 'CompleteMultipartUpload', ['0.00005']],
  ['us-east-1', 'Requests-GDA-Tier1', 'CreateMultipartUpload', ['0.000005']],
  ['us-east-1', 'Requests-GDA-Tier1', 'UploadPart', ['0.000005']],
  ['us-east-1', 'TimedStorage-GDA-Staging', 'DeepArchiveStagingStorage', ['0.023', '0.022', '0.021']],
  ['ap-southeast-1', 'Standard-Retrieval-Bytes', 'RestoreObject', ['0.012']],
  ['ap-southeast-1', 'Standard-Retrieval-Bytes', 'DeepArchiveRestoreObject', ['0.024']],
  ['us-east-1', 'Bulk-Retrieval-Bytes', 'RestoreObject', ['0']],
  ['us-east-1', 'Monitoring-Automation-INT', 'IntelligentTieringStorage', ['0.0000025']],
  ['eu-west-1', 'TagStorage-TagHrs', '', ['0.00000065']],
  ['us-east-1', 'Requests-Tier2', 'OtherGet', ['0.0000004']],
  ['us-east-1', 'Requests-Tier1', 'OtherPut', ['0.000005']],
  ['us-east-1', 'Upload-XZ', 'PutObject', ['0.0032']],
  ['ap-northeast-2', 'DataTransfer-Out-Bytes', 'GetObject', ['0', '0.126', '0.122', '0.117', '0.108']],
])('%s charges for %s %s what its price page says', (region, usageType, operation, expected) => {
  expect(usd(read(`${region}.json`), usageType, operation)).toEqual(expected);
});
