import type { ErrorGroup } from './error-row.js';

/** What KMS answers, by the name of the error. */
export const SERVICE_ERRORS: readonly ErrorGroup[] = [
  {
    names: [
      'ThrottlingException',
      'Throttling',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'SlowDown',
    ],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    advice:
      "KMS still throttles after the client's retries. Try again later, make fewer key calls (cachedKeys), or have the request quota of this account and region raised",
  },
  {
    names: [
      'KMSInternalException',
      'DependencyTimeoutException',
      'KeyUnavailableException',
      'InternalFailure',
      'InternalServerError',
      'ServiceUnavailable',
      'ServiceUnavailableException',
    ],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    advice: "KMS itself failed, also after the client's retries. Try again later",
  },
  {
    names: [
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'RequestExpired',
      'RequestTimeTooSkewed',
      'IncompleteSignature',
    ],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      "AWS did not accept the request's signature. Check the secret access key, and that this machine's clock is right",
  },
  {
    names: ['ExpiredTokenException', 'ExpiredToken'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice: 'the AWS credentials have expired, also after they were refreshed. Sign in again',
    remedy: 'refresh',
  },
  {
    names: ['UnrecognizedClientException', 'InvalidClientTokenId'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      'AWS does not know these credentials, also after they were refreshed. Check the access key id and session token, and that the region is enabled for the account',
    remedy: 'refresh',
  },
  {
    names: [
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
      'OptInRequired',
      'NotAuthorized',
    ],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      'AWS takes no call with these credentials here. Check them, and that the region is enabled for the account',
  },
  {
    names: ['AccessDeniedException', 'AccessDenied'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      'access was denied. Allow {action} on this key in the IAM policy and in the key policy; another account names the key by its ARN. The wrapped key may also belong to a key that is gone. A policy or grant made just now takes up to 5 minutes: see waitForNewKey and grantTokens',
    remedy: 'wait',
  },
  {
    names: ['InvalidGrantTokenException'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice: 'a grant token is not valid. Leave out the tokens of grants older than 5 minutes',
  },
  {
    names: ['NotFoundException'],
    code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
    retryable: false,
    advice:
      'KMS knows no such key or alias there. Check its name, the account and the region; for one that was created just now see waitForNewKey',
    remedy: 'wait',
  },
  {
    names: ['InvalidArnException'],
    code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
    retryable: false,
    advice: 'KMS does not take this ARN. Check its account and region',
  },
  {
    names: ['DisabledException'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice: 'the key is disabled. Enable it ("aws kms enable-key"), or use another key',
  },
  {
    names: ['KMSInvalidStateException'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice: 'the state of the key does not allow this. See "aws kms describe-key"',
  },
  {
    names: ['InvalidCiphertextException'],
    code: 'ERR_SEALPIPE_AUTHENTICATION',
    retryable: false,
    advice: 'the wrapped key does not open: it is damaged, or was made under another encryption context',
  },
  {
    names: ['IncorrectKeyException'],
    code: 'ERR_SEALPIPE_AUTHENTICATION',
    retryable: false,
    advice:
      'the wrapped key was made by another key than this one, or it is damaged. An alias may have been moved to another key since: name the key by its ARN',
  },
  {
    names: ['InvalidKeyUsageException'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice:
      'the key is not made for this. Use a symmetric key (SYMMETRIC_DEFAULT) with the usage ENCRYPT_DECRYPT',
  },
  {
    names: [
      'ValidationException',
      'ValidationError',
      'UnsupportedOperationException',
      'UnknownOperationException',
    ],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice:
      'KMS does not take this call for this key. Use a symmetric key (SYMMETRIC_DEFAULT) and a small encryption context',
  },
  {
    names: ['LimitExceededException'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice: 'a quota of KMS is used up. Have it raised, or use another key',
  },
  {
    names: [
      'CustomKeyStoreInvalidStateException',
      'CustomKeyStoreNotFoundException',
      'CloudHsmClusterNotActiveException',
      'CloudHsmClusterNotFoundException',
      'CloudHsmClusterInvalidConfigurationException',
      'XksProxyUriUnreachableException',
      'XksProxyInvalidResponseException',
      'XksProxyInvalidConfigurationException',
      'XksProxyIncorrectAuthenticationCredentialException',
      'XksKeyNotFoundException',
      'XksKeyInvalidConfigurationException',
    ],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice:
      "the key's custom key store does not serve it. Connect the key store and look at what stands behind it",
  },
  {
    names: ['DryRunOperationException'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice: 'the call was allowed, but was made as a dry run. Take DryRun out of the client',
  },
];
