import { optionsTypeError } from '../../../errors.js';
import type { S3ClientLike } from '../../client-like.js';

/** A client that was made here. */
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
 * Makes an S3Client of the SDK, which is loaded for it. An endpoint means path style, unless the configuration says
 * otherwise; what is read is checked by its frames, and not by checksums of the store.
 *
 * @throws (rejects) what the SDK throws
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
