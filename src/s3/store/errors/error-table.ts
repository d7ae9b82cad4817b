/** The meaning of a store's error or a failed connection, by the name of the error or the code of the connection. */
export interface StoreErrorRow {
  readonly names: readonly string[];
  /** Whether the same request may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What happened, as a sentence without a full stop. */
  readonly message: string;
  /** What to do; `{action}` stands for the IAM action of the request. */
  readonly hint?: string;
}

/** The allow-list: any other error is reported by the status of the response only. */
export const STORE_ERRORS: readonly StoreErrorRow[] = [
  {
    names: ['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'MethodNotAllowed'],
    retryable: false,
    message: 'Access was denied',
    hint: 'Allow {action} in the IAM policy and in the bucket policy',
  },
  {
    names: ['NoSuchBucket'],
    retryable: false,
    message: 'The bucket does not exist',
    hint: 'Check its name, the account and the endpoint',
  },
  { names: ['NoSuchKey', 'NotFound', 'NoSuchVersion'], retryable: false, message: 'There is no such object' },
  { names: ['NoSuchUpload'], retryable: false, message: 'The upload no longer exists' },
  {
    names: ['SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequests', 'RequestLimitExceeded'],
    retryable: true,
    message: 'The store asks to slow down, even after retries',
    hint: 'Try again later, or with a lower `concurrency`',
  },
  {
    names: ['InternalError', 'ServiceUnavailable', 'InternalServerError', 'BadGateway', 'GatewayTimeout'],
    retryable: true,
    message: 'The store failed, even after retries',
    hint: 'Try again later',
  },
  {
    names: ['RequestTimeout', 'TimeoutError', 'RequestTimeoutException', 'ETIMEDOUT', 'StalledError'],
    retryable: true,
    message: 'The connection stalled or was too slow, even after retries',
    hint: 'Check the network, or use a lower `concurrency`',
  },
  {
    names: ['BadDigest', 'InvalidDigest', 'IncompleteBody', 'XAmzContentSHA256Mismatch'],
    retryable: true,
    message: 'The bytes that arrived are not those that were sent, even after retries',
    hint: 'Look for a proxy between this machine and the store',
  },
  {
    names: ['PreconditionFailed'],
    retryable: false,
    message: 'The object is not in the state that the request is for',
  },
  {
    names: ['ConditionalRequestConflict', 'OperationAborted'],
    retryable: true,
    message: 'Another write to the same object was in progress',
    hint: 'Try again',
  },
  {
    names: [
      'InvalidPart',
      'InvalidPartOrder',
      'EntityTooSmall',
      'InvalidRequest',
      'InvalidArgument',
      'MalformedXML',
    ],
    retryable: false,
    message: 'The store does not accept the request',
  },
  {
    names: ['EntityTooLarge', 'QuotaExceeded', 'XMinioStorageFull'],
    retryable: false,
    message: 'The store has no space left',
  },
  {
    names: ['NotImplemented', 'UnsupportedOperation', 'NotSupported'],
    retryable: false,
    message: 'The store does not support a part of the request',
  },
  { names: ['InvalidRange'], retryable: false, message: 'The object does not have these bytes' },
  {
    names: ['InvalidObjectState'],
    retryable: false,
    message: 'The object is in an archive',
    hint: 'Restore it first ("aws s3api restore-object")',
  },
  {
    names: [
      'PermanentRedirect',
      'TemporaryRedirect',
      'IllegalLocationConstraintException',
      'AuthorizationHeaderMalformed',
    ],
    retryable: false,
    message: 'The bucket is in another region',
    hint: 'Make the client for the region of the bucket',
  },
  {
    names: ['ExpiredToken', 'TokenRefreshRequired'],
    retryable: false,
    message: 'The AWS credentials have expired',
    hint: 'Sign in again',
  },
  {
    names: ['InvalidAccessKeyId', 'InvalidToken', 'NotSignedUp', 'InvalidSecurity'],
    retryable: false,
    message: 'The store does not know these credentials',
    hint: 'Check the access key id, the session token and the endpoint',
  },
  {
    names: [
      'SignatureDoesNotMatch',
      'RequestTimeTooSkewed',
      'RequestExpired',
      'AuthorizationQueryParametersError',
    ],
    retryable: false,
    message: "The request's signature was not accepted",
    hint: "Check the secret access key, and that this machine's clock is right",
  },
  {
    names: ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
    retryable: false,
    message: 'No AWS credentials were found',
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with "aws sso login"',
  },
  {
    names: ['ENOTFOUND', 'EAI_AGAIN'],
    retryable: true,
    message: 'The host name of the store was not found',
    hint: 'Check the network, the region and the endpoint',
  },
  {
    names: [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ECONNABORTED',
      'NetworkingError',
    ],
    retryable: true,
    message: 'The connection to the store failed',
    hint: 'Check the network, the proxy and the endpoint, and try again',
  },
  {
    names: [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    retryable: false,
    message: 'The TLS certificate of the host was not accepted',
    hint: 'Look for a proxy between this machine and the store',
  },
];

/** For errors whose name says nothing: the first row whose range holds the status of the response. */
export const STORE_STATUSES: readonly (Omit<StoreErrorRow, 'names'> & {
  readonly from: number;
  readonly to: number;
})[] = [
  {
    from: 500,
    to: 500,
    retryable: true,
    message: 'The store failed, even after retries',
    hint: 'Try again later',
  },
  { from: 501, to: 501, retryable: false, message: 'The store does not support a part of the request' },
  {
    from: 502,
    to: 599,
    retryable: true,
    message: 'The store failed, even after retries',
    hint: 'Try again later',
  },
  { from: 429, to: 429, retryable: true, message: 'The store asks to slow down, even after retries' },
  { from: 408, to: 408, retryable: true, message: 'The store waited too long for the request' },
  {
    from: 401,
    to: 403,
    retryable: false,
    message: 'Access was denied',
    hint: 'Allow {action} in the IAM policy and in the bucket policy',
  },
  { from: 404, to: 404, retryable: false, message: 'There is no such bucket, object or upload' },
  {
    from: 409,
    to: 409,
    retryable: true,
    message: 'Another write to the same object was in progress',
    hint: 'Try again',
  },
  { from: 412, to: 412, retryable: false, message: 'The object is not in the state that the request is for' },
  {
    from: 300,
    to: 399,
    retryable: false,
    message: 'The bucket is elsewhere',
    hint: 'Make the client for the region of the bucket',
  },
  {
    from: 0,
    to: 999,
    retryable: false,
    message: 'The store refused the request, for an unknown reason',
  },
];
