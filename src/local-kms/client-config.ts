import { LOCAL_REGION } from '../key-arn.js';
import type { LocalRequestHandler } from './request-handler.js';

/**
 * The configuration with which a KMSClient talks to a local KMS and to nothing else, whatever the environment says.
 * It contains every setting that the client would otherwise read from the files of the AWS CLI, which it cannot locate
 * for a user without a home directory.
 */
export interface LocalClientConfig {
  /** `local`, which is not the name of any AWS region. */
  readonly region: string;
  /** A host that does not exist: the request handler never calls it. */
  readonly endpoint: string;
  /** Placeholders, so that the client does not look for any in the environment. */
  readonly credentials: {
    /** `local`. */
    readonly accessKeyId: string;
    /** `local`: no secret. */
    readonly secretAccessKey: string;
  };
  /** false, whatever the environment says. */
  readonly useFipsEndpoint: boolean;
  /** false, whatever the environment says. */
  readonly useDualstackEndpoint: boolean;
  /** 1: a call that fails in this process would fail again. */
  readonly maxAttempts: number;
  /** `standard`, whatever the environment says. */
  readonly retryMode: string;
  /** `standard`, whatever the environment says. */
  readonly defaultsMode: 'standard';
  /** `sigv4`: nobody looks at the signature. */
  readonly authSchemePreference: string[];
  /** true: both sides use the same clock. */
  readonly disableClockSkewCorrection: boolean;
  /** Empty. */
  readonly userAgentAppId: string;
  /** Handles the requests. */
  readonly requestHandler: LocalRequestHandler;
}

export function clientConfigOver(requestHandler: LocalRequestHandler): LocalClientConfig {
  return {
    region: LOCAL_REGION,
    endpoint: 'http://local.invalid',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: ['sigv4'],
    disableClockSkewCorrection: true,
    userAgentAppId: '',
    requestHandler,
  };
}
