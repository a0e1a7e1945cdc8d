/**
 * Which requests the bucket's owner is charged for.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html and, where the requester pays,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
 */
import { FAILED, UNCHARGED } from './operation.ts';

/** What a run knows of the bucket's owner. */
export interface Charges {
  /** The owner's account: its 12 digits, or the canonical user id that logs give. */
  readonly account?: string;
  /** Requests of other accounts are paid by them. */
  readonly requesterPays: boolean;
}

export const OWNER_PAYS: Charges = { requesterPays: false };

/** Error codes AWS does not bill, by HTTP status. */
export const UNBILLED_ERRORS: Readonly<Record<number, readonly string[]>> = {
  301: ['PermanentRedirect', 'PermanentRedirectControlError'],
  307: ['TemporaryRedirect'],
  400: [
    'AuthorizationHeaderMalformed',
    'AuthorizationQueryParametersError',
    'ConnectionClosedByRequester',
    'DeviceNotActiveError',
    'EndpointNotFound',
    'ExpiredToken',
    'IllegalLocationConstraintException',
    'IncorrectEndpoint',
    'InvalidArgument',
    'InvalidBucketOwnerAWSAccountID',
    'InvalidDigest',
    'InvalidEncryptionAlgorithmError',
    'InvalidHostHeader',
    'InvalidHttpMethod',
    'InvalidRequest',
    'InvalidSessionException',
    'InvalidSignature',
    'InvalidSOAPRequest',
    'InvalidStorageClass',
    'InvalidTag',
    'InvalidToken',
    'InvalidURI',
    'KeyTooLongError',
    'KMS.DisabledException',
    'KMS.InvalidKeyUsageException',
    'KMS.KMSInvalidStateException',
    'KMS.NotFoundException',
    'LambdaInvalidResponse',
    'LambdaInvocationFailed',
    'MalformedACLError',
    'MalformedPOSTRequest',
    'MalformedXML',
    'MaxPostPreDataLengthExceededError',
    'MetadataTooLarge',
    'MissingAttachment',
    'MissingRequestBodyError',
    'MissingSecurityHeader',
    'NoLoggingStatusForKey',
    'NotDeviceOwnerError',
    'RequestHeaderSectionTooLarge',
    'ResponseInterrupted',
    'TokenCodeInvalidError',
    'UnexpectedContent',
    'UnsupportedArgument',
    'UnsupportedSignature',
    'UserKeyMustBeSpecified',
    'ValidationError',
  ],
  403: [
    'AccountProblem',
    'InvalidAccessKeyId',
    'InvalidPayer',
    'InvalidSecurity',
    'LambdaPermissionError',
    'MissingAuthenticationToken',
    'NotSignedUp',
    'RequestTimeTooSkewed',
    'SignatureDoesNotMatch',
    'UnauthorizedAccessError',
    'UnexpectedIPError',
  ],
  404: [
    'LambdaNotFound',
    'NoSuchAsyncRequest',
    'NoSuchObjectLockConfiguration',
    'NoSuchUpload',
    'NoSuchWebsiteConfiguration',
    'NoTransformationDefined',
    'ObjectLockConfigurationNotFoundError',
  ],
  405: ['MethodNotAllowed'],
  409: ['BucketAlreadyExists', 'InvalidBucketState', 'OperationAborted'],
  411: ['MissingContentLength'],
  412: ['RequestIsNotMultiPartContent'],
  416: ['InvalidRange'],
};

/** Statuses that are never billed, whatever the code: 5xx, and the redirects, whose only codes are unbilled. */
export const UNBILLED_STATUSES: readonly number[] = [301, 307];

/** The error that is billed only to those within the owner's account. */
export const ACCESS_DENIED = 'AccessDenied';

/** Requesters a log names that have no account. */
export const ANONYMOUS: readonly string[] = ['-', 'anonymous'];

/**
 * What is added to an operation's code.
 * @param status HTTP status; NaN where the row gives none: the request was successful
 * @param errorCode S3's error code, or empty
 * @param requester canonical user id or ARN, `-` for nobody, or empty
 */
export function chargeFlags(status: number, errorCode: string, requester: string, charges: Charges): number {
  if (status >= 500 || UNBILLED_STATUSES.includes(status)) return FAILED | UNCHARGED;
  if (status >= 300 && status !== 304) {
    const free = UNBILLED_ERRORS[status]?.includes(errorCode) ?? false;
    const denied = errorCode === ACCESS_DENIED && isOutsider(requester, charges);
    return free || denied ? FAILED | UNCHARGED : FAILED;
  }
  const paidByRequester = charges.requesterPays && !isAnonymous(requester) && isOutsider(requester, charges);
  return paidByRequester ? UNCHARGED : 0;
}

/** Outside the owner's account for all that is known: nobody, or somebody of another account where the owner's is given. */
function isOutsider(requester: string, { account }: Charges): boolean {
  if (isAnonymous(requester)) return true;
  return requester !== '' && account !== undefined && !isOf(requester, account);
}

function isAnonymous(requester: string): boolean {
  return ANONYMOUS.includes(requester.toLowerCase());
}

function isOf(requester: string, account: string): boolean {
  return requester === account || requester.includes(`::${account}:`);
}
