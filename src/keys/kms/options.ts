import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { KeyProvider } from '../provider.js';
import type { KmsClientLike, KmsClientOfRegion } from './client-like.js';
import type { KmsDiscovery } from './names/discovery.js';

/**
 * `keyId`, `discovery` or both. With `discovery` alone, the provider opens but does not seal.
 */
export type KmsKeyChoice =
  | {
      /** No key to seal with. */
      readonly keyId?: undefined;
      /** Opens streams whose data key was wrapped by keys of the given accounts. */
      readonly discovery: KmsDiscovery;
    }
  | {
      /**
       * A key id, key ARN, alias name (`alias/…`) or alias ARN: seals with this key, and opens streams whose data key
       * it wrapped.
       */
      readonly keyId: string;
      /** Also opens streams whose data key was wrapped by keys of the given accounts. */
      readonly discovery?: KmsDiscovery | undefined;
    };

/** The length of the data key, by `keySpec` or by `numberOfBytes`. By default, what the suite needs. */
export type KmsDataKeyChoice =
  | {
      /** 32 bytes or 16; no fewer than the suite needs. */
      readonly keySpec?: 'AES_256' | 'AES_128' | undefined;
      /** Not together with `keySpec`. */
      readonly numberOfBytes?: undefined;
    }
  | {
      /** Not together with `numberOfBytes`. */
      readonly keySpec?: undefined;
      /** Bytes, from what the suite needs to 1,024. */
      readonly numberOfBytes?: number | undefined;
    };

/** Your own `client`, or clients that the provider makes with `clientConfig`. */
export type KmsClientChoice =
  | {
      /** A KMSClient, a compatible client, or a function that returns one for a region. */
      readonly client: KmsClientLike | KmsClientOfRegion;
      /** Not together with `client`. */
      readonly clientConfig?: undefined;
    }
  | {
      /** Not together with `clientConfig`. */
      readonly client?: undefined;
      /** Configuration of the clients that the provider creates when it needs them, one per region. Default: `{}`. */
      readonly clientConfig?: KMSClientConfig | undefined;
    };

/** Options of every call of a provider. */
export interface KmsCallOptions {
  /** Grant tokens for every call, at most 10: for a grant that is only minutes old. */
  readonly grantTokens?: readonly string[] | undefined;
  /**
   * The deadline of a call in milliseconds, including the client's retries and its fetching of credentials. Default:
   * 10,000. The provider's own clients give up one attempt after half of it. If a stream has several recipients for
   * this provider, it is the time for all of them: each call gets an equal share of the remaining time, and the last
   * one all of it.
   */
  readonly timeout?: number | undefined;
  /**
   * How many milliseconds to wait for a key, alias, policy or grant that is brand new. While KMS answers that the key
   * is not found or that access is denied, the call is repeated, each time with its own `timeout`. If a stream has
   * several recipients for this provider, the next is tried at once and only the last is waited for, counted from the
   * first call: opening takes at most the sum of `timeout` and this. Default: 0, so that such an answer is final.
   */
  readonly waitForNewKey?: number | undefined;
}

/**
 * Options of `kms()`: `keyId`, `discovery` or both; `keySpec` or `numberOfBytes`, never both; `client` or
 * `clientConfig`, never both; and those of every call.
 */
export type KmsOptions = Flat<KmsKeyChoice & KmsDataKeyChoice & KmsClientChoice & KmsCallOptions>;

/** The same as one object type per choice, which keeps compiler errors about missing options short. */
type Flat<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;

/** What `kms()` returns: a key provider that may hold connections. */
export interface KmsKeyProvider extends KeyProvider {
  /**
   * Closes the connections of the clients that this provider made. Calls in progress fail. Idle connections do not keep
   * a process alive, so you need this only if the process continues without the provider. A later call opens new ones.
   */
  close(): void;
  /** Like `close`. */
  [Symbol.dispose](): void;
}
