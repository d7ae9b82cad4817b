import type { ErrorGroup } from './error-row.js';

/** The hint for every time limit. */
export const TIMEOUT_HINT = 'Check the network between this machine and KMS, or raise `timeout`';

/** Failures on the way to KMS, by the name of the error or the code of a failed connection. */
export const CLIENT_ERRORS: readonly ErrorGroup[] = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    message: 'no AWS credentials were found',
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with "aws sso login"',
  },
  {
    // os.homedir(), which the SDK calls to locate the files of the AWS CLI.
    names: ['ERR_SYSTEM_ERROR'],
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    message:
      'this user has no home directory, and the AWS SDK looks there for its settings, even if all of them are in the environment',
    hint: 'Set HOME to any directory',
  },
  {
    names: ['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'ETIMEDOUT'],
    code: 'ERR_SEALPIPE_TIMEOUT',
    retryable: true,
    message: "KMS did not answer within the client's own time limits",
    hint: TIMEOUT_HINT,
  },
  {
    names: ['ENOTFOUND', 'EAI_AGAIN'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    message: 'the host name of KMS was not found',
    hint: 'Check the network, the region and the endpoint',
  },
  {
    names: ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: true,
    message: 'the connection to KMS failed',
    hint: 'Check the network, the proxy and the endpoint, and try again',
  },
  {
    names: ['EndpointError', 'ERR_INVALID_URL'],
    code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    retryable: false,
    message: 'the AWS settings do not give a valid endpoint',
    hint: 'Check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT, and the same settings of the client: a custom endpoint cannot be combined with FIPS or dual-stack',
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
    message: 'the TLS certificate of the host was not accepted',
    hint: 'Check whether a proxy is between this machine and KMS',
  },
];
