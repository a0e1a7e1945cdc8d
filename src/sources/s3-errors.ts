import { UNBILLED_ERRORS } from '../model/charges.ts';

/** Statuses of errors that are billed, other than 400: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES: Readonly<Record<number, readonly string[]>> = {
  304: ['NotModified'],
  403: ['AccessDenied', 'AllAccessDisabled', 'InvalidObjectState', 'CrossLocationLoggingProhibited'],
  404: [
    'NoSuchBucket',
    'NoSuchBucketPolicy',
    'NoSuchCORSConfiguration',
    'NoSuchKey',
    'NoSuchLifecycleConfiguration',
    'NoSuchTagSet',
    'NoSuchVersion',
    'ReplicationConfigurationNotFoundError',
    'ServerSideEncryptionConfigurationNotFoundError',
  ],
  409: ['BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'ConditionalRequestConflict', 'RestoreAlreadyInProgress'],
  412: ['PreconditionFailed'],
  500: ['InternalError'],
  501: ['NotImplemented'],
  503: ['ServiceUnavailable', 'SlowDown', 'Busy'],
};

const STATUS_OF: ReadonlyMap<string, number> = new Map(
  [...Object.entries(UNBILLED_ERRORS), ...Object.entries(STATUSES)].flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)] as const),
  ),
);

/** Every error code whose HTTP status is not 400. */
export const ERROR_STATUSES: readonly (readonly [code: string, status: number])[] = [...STATUS_OF].filter(
  ([, status]) => status !== 400,
);

/** The HTTP status of an S3 error code, where a record gives the code alone. */
export function statusOfError(code: string): number {
  return STATUS_OF.get(code) ?? 400;
}
