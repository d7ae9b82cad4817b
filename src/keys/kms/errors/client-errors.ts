import type { ErrorGroup } from './error-row.js';

/** What fails on the way to KMS: by the name of the error, or the code of a failed connection. */
export const CLIENT_ERRORS: readonly ErrorGroup[] = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      'no AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with "aws sso login", or give clientConfig.credentials',
  },
  {
    // os.homedir(), which the SDK asks where the files of the AWS CLI are.
    names: ['ERR_SYSTEM_ERROR'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    advice:
      'this user has no home directory, and the AWS SDK looks there for its settings, also where all of them are in the environment. Set HOME to any directory',
  },
  {
    names: ['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'ETIMEDOUT'],
    code: 'ERR_SEALPIPE_TIMEOUT',
    retryable: true,
    advice:
      "KMS did not answer within the client's own time limits. Check the network way to it, or raise `timeout`",
  },
  {
    names: ['ENOTFOUND', 'EAI_AGAIN'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    advice: 'the host name of KMS was not found. Check the network, the region and the endpoint',
  },
  {
    names: ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    advice: 'the connection to KMS failed. Check the network, a proxy and the endpoint, and try again',
  },
  {
    names: ['EndpointError', 'ERR_INVALID_URL'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice:
      "the client's settings give no endpoint. Check endpoint, useFipsEndpoint and useDualstackEndpoint, and AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT: a custom endpoint goes with neither of the two",
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
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    advice: 'the TLS certificate of the host was not accepted. Something stands between this machine and KMS',
  },
];
