/**
 * An offer of AWS's Price List as its files have it, JSON and CSV alike:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-files.html
 */

/** The offers that hold prices of S3. */
export const OFFER_CODES = ['AmazonS3', 'AmazonS3GlacierDeepArchive', 'AWSDataTransfer'] as const;

export interface Offer {
  /** One of {@link OFFER_CODES}, if it is of use here. */
  readonly code: string;
  /** `20230123170643` */
  readonly version: string;
  /** `2023-01-23` */
  readonly publicationDate: string;
  /** As the user named it. */
  readonly file: string;
  readonly products: readonly OfferProduct[];
}

/** A product and its price, still in AWS's words. What an offer does not say is empty. */
export interface OfferProduct {
  readonly sku: string;
  /** Line of a CSV. */
  readonly line?: number;
  /** With the region's prefix. */
  readonly usageType: string;
  readonly operation: string;
  readonly volumeType: string;
  /** `us-east-1` */
  readonly regionCode: string;
  /** `US East (N. Virginia)` */
  readonly location: string;
  /** `AWS Region` */
  readonly locationType: string;
  /** `AWS Outbound`, of data transfer. */
  readonly transferType: string;
  /** `External`: the internet. */
  readonly toLocation: string;
  /** On-demand terms; one, unless AWS announces a change. */
  readonly terms: readonly OfferTerm[];
}

export interface OfferTerm {
  readonly effectiveDate: string;
  /** Volume tiers, in no order. */
  readonly dimensions: readonly OfferDimension[];
}

export interface OfferDimension {
  readonly description: string;
  readonly beginRange: string;
  /** `Inf`: without end. */
  readonly endRange: string;
  readonly unit: string;
  /** Decimal with ten digits after the point, per one unit. */
  readonly price: string;
  readonly currency: string;
}
