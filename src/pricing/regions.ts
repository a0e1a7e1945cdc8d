/**
 * Places as AWS's price lists name them. Offers of recent years carry the region's code beside the name, older ones and
 * those of data transfer the name alone.
 *
 * Source of the names: https://docs.aws.amazon.com/general/latest/gr/rande.html; the prefixes are those of cost and
 * usage reports, left out where no report was seen.
 */
interface Place {
  readonly location: string;
  readonly prefix?: string;
}

const PLACES: Readonly<Record<string, Place>> = {
  'af-south-1': { location: 'Africa (Cape Town)', prefix: 'CPT-' },
  'ap-east-1': { location: 'Asia Pacific (Hong Kong)', prefix: 'APE1-' },
  'ap-east-2': { location: 'Asia Pacific (Taipei)' },
  'ap-northeast-1': { location: 'Asia Pacific (Tokyo)', prefix: 'APN1-' },
  'ap-northeast-2': { location: 'Asia Pacific (Seoul)', prefix: 'APN2-' },
  'ap-northeast-3': { location: 'Asia Pacific (Osaka)', prefix: 'APN3-' },
  'ap-south-1': { location: 'Asia Pacific (Mumbai)', prefix: 'APS3-' },
  'ap-south-2': { location: 'Asia Pacific (Hyderabad)' },
  'ap-southeast-1': { location: 'Asia Pacific (Singapore)', prefix: 'APS1-' },
  'ap-southeast-2': { location: 'Asia Pacific (Sydney)', prefix: 'APS2-' },
  'ap-southeast-3': { location: 'Asia Pacific (Jakarta)' },
  'ap-southeast-4': { location: 'Asia Pacific (Melbourne)' },
  'ap-southeast-5': { location: 'Asia Pacific (Malaysia)' },
  'ap-southeast-7': { location: 'Asia Pacific (Thailand)' },
  'ca-central-1': { location: 'Canada (Central)', prefix: 'CAN1-' },
  'ca-west-1': { location: 'Canada West (Calgary)' },
  'eu-central-1': { location: 'Europe (Frankfurt)', prefix: 'EUC1-' },
  'eu-central-2': { location: 'Europe (Zurich)', prefix: 'EUC2-' },
  'eu-north-1': { location: 'Europe (Stockholm)', prefix: 'EUN1-' },
  'eu-south-1': { location: 'Europe (Milan)', prefix: 'EUS1-' },
  'eu-south-2': { location: 'Europe (Spain)', prefix: 'EUS2-' },
  'eu-west-1': { location: 'Europe (Ireland)', prefix: 'EU-' },
  'eu-west-2': { location: 'Europe (London)', prefix: 'EUW2-' },
  'eu-west-3': { location: 'Europe (Paris)', prefix: 'EUW3-' },
  'il-central-1': { location: 'Israel (Tel Aviv)', prefix: 'ILC1-' },
  'me-central-1': { location: 'Middle East (UAE)', prefix: 'MEC1-' },
  'me-south-1': { location: 'Middle East (Bahrain)', prefix: 'MES1-' },
  'mx-central-1': { location: 'Mexico (Central)' },
  'sa-east-1': { location: 'South America (Sao Paulo)', prefix: 'SAE1-' },
  'us-east-1': { location: 'US East (N. Virginia)', prefix: '' },
  'us-east-2': { location: 'US East (Ohio)', prefix: 'USE2-' },
  'us-gov-east-1': { location: 'AWS GovCloud (US-East)' },
  'us-gov-west-1': { location: 'AWS GovCloud (US-West)', prefix: 'UGW1-' },
  'us-west-1': { location: 'US West (N. California)', prefix: 'USW1-' },
  'us-west-2': { location: 'US West (Oregon)', prefix: 'USW2-' },
};

const REGION_BY_LOCATION: ReadonlyMap<string, string> = new Map(
  Object.entries(PLACES).map(([region, { location }]) => [location, region]),
);

/** The region of a place's name; price lists say `EU (Ireland)` where other pages say `Europe (Ireland)`. */
export function regionAt(location: string): string | undefined {
  return REGION_BY_LOCATION.get(location.replace(/^EU \(/, 'Europe ('));
}

/** What stands before the usage types of a region, where a bill was seen. */
export function knownPrefix(region: string): string | undefined {
  return PLACES[region]?.prefix;
}
