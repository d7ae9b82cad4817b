import { optionsTypeError } from '../errors.js';

/** The part of an S3Client that this library uses, so that a client of any version or package copy fits. */
export interface S3ClientLike {
  /** Sends a command of `@aws-sdk/client-s3` and resolves with its output. */
  send(command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
  /** The resolved configuration of the client. */
  readonly config: {
    /** The region that this client calls. */
    region(): Promise<string> | string;
  };
}

/**
 * Checks that `value` has what {@link S3ClientLike} needs, and can send commands of the version that is used here.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function checkClient(value: unknown): S3ClientLike {
  const client = value as Partial<S3ClientLike> | null | undefined;
  if (typeof client?.send !== 'function' || typeof client.config?.region !== 'function') {
    throw optionsTypeError('`client` must be an S3Client of @aws-sdk/client-s3');
  }
  const { middlewareStack, config } = client as S3ClientLike & { readonly middlewareStack?: unknown };
  // Before schemas, commands and clients of different versions were incompatible.
  if (middlewareStack !== undefined && (config as { readonly protocol?: unknown }).protocol === undefined) {
    throw optionsTypeError(
      '`client` is an S3Client of an @aws-sdk/client-s3 that is too old to send the commands of a later one: update @aws-sdk/client-s3',
    );
  }
  return client as S3ClientLike;
}
