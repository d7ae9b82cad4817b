import { optionsTypeError } from '../../../errors.js';
import type { S3ClientLike } from '../../client-like.js';

/** A client that was created here. */
export interface OwnClient extends S3ClientLike {
  /** Closes its connections. */
  destroy(): void;
}

/** Checks a configuration for clients. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkClientConfig(given: unknown): object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw optionsTypeError('`clientConfig` must be an object of options for S3Client');
  }
  if (typeof (given as { send?: unknown }).send === 'function') {
    throw optionsTypeError(
      '`clientConfig` must be an object of options for S3Client; a client goes into `client`',
    );
  }
  return { ...given };
}

/**
 * Loads the SDK and creates an S3Client. An endpoint means path style, unless the configuration says otherwise.
 * Checksums of the store are not validated, since frames authenticate what is read.
 *
 * @throws (rejects) the error of the SDK
 */
export async function makeClient(config: object): Promise<OwnClient> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { endpoint } = config as { endpoint?: unknown };
  return new S3Client({
    ...(endpoint !== undefined && { forcePathStyle: true }),
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...config,
  }) as unknown as OwnClient;
}
