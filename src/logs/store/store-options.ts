import { optionsTypeError } from '../../errors.js';
import type { OptionNames } from '../../options.js';
import type { S3ClientLike } from '../../s3/client-like.js';
import { checkClient } from '../../s3/client-like.js';
import { checkClientConfig } from '../../s3/store/clients/own-client.js';
import type { ArchiveAddress } from './archive-address.js';
import { parseArchiveAddress } from './archive-address.js';
import { StoreClient } from './store-client.js';

/** A place in S3 where log archives are kept. */
export interface LogStoreOptions {
  /** `s3://bucket/prefix`, which may hold several archives. A `/` at its end is ignored. Default: none. */
  readonly store?: string | undefined;
  /** An S3Client of `@aws-sdk/client-s3`. Not with `clientConfig`. */
  readonly client?: S3ClientLike | undefined;
  /**
   * The options of the S3Client that is created on first use: plain data, so that it can be sent to a worker. With an
   * `endpoint` it uses path style, unless `forcePathStyle` says otherwise. Default: `{}`.
   */
  readonly clientConfig?: object | undefined;
}

/** The checked options. Nothing is loaded or called yet. */
export interface LogStore {
  readonly address: ArchiveAddress;
  readonly client: StoreClient;
}

/** The names of these options. */
export const LOG_STORE_OPTIONS: OptionNames<LogStoreOptions> = {
  store: true,
  client: true,
  clientConfig: true,
};

/**
 * The store in options; undefined if there is none.
 *
 * @param others options that are allowed only with a store
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function logStore(
  { store, client, clientConfig }: LogStoreOptions,
  others: Readonly<Record<string, unknown>> = {},
): LogStore | undefined {
  if (store === undefined) {
    const useless = Object.entries({ client, clientConfig, ...others }).find(
      ([, value]) => value !== undefined,
    );
    if (useless !== undefined) throw optionsTypeError(`\`${useless[0]}\` needs \`store\``);
    return undefined;
  }
  if (client !== undefined && clientConfig !== undefined) {
    throw optionsTypeError(
      'Give `client` or `clientConfig`, not both: `clientConfig` is for a client made here',
    );
  }
  const address = parseArchiveAddress(store);
  const given = client === undefined ? undefined : checkClient(client);
  return { address, client: new StoreClient(given, checkClientConfig(clientConfig ?? {})) };
}
