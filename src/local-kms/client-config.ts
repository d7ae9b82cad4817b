import { LOCAL_REGION } from '../key-arn.js';
import type { LocalRequestHandler } from './request-handler.js';

/**
 * What a KMSClient needs to talk to a local KMS, and to nothing else whatever the environment says. Nothing is left
 * open for which it would read the files of the AWS CLI, whose place it cannot tell for a user without a home directory.
 */
export interface LocalClientConfig {
  /** `local`, which no region of AWS is called. */
  readonly region: string;
  /** A host that does not exist: the request handler calls none. */
  readonly endpoint: string;
  /** Stand-ins, so that none of the environment's are looked for. */
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
  /** 1: what fails in process fails again. */
  readonly maxAttempts: number;
  /** `standard`, whatever the environment says. */
  readonly retryMode: string;
  /** `standard`, whatever the environment says. */
  readonly defaultsMode: 'standard';
  /** `sigv4`: nobody looks at the signature. */
  readonly authSchemePreference: string[];
  /** true: one clock needs no correction. */
  readonly disableClockSkewCorrection: boolean;
  /** Empty. */
  readonly userAgentAppId: string;
  /** What answers the requests. */
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
