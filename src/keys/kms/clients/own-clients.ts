import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { kmsSdk } from './kms-sdk.js';

/** The time limits of one attempt, so that the client can try again within the deadline of a call. */
const CONNECTION_SHARE = 0.3;
const REQUEST_SHARE = 0.5;
const LONGEST_CONNECTION = 3_000;

/** Creates KMSClients from a caller's `clientConfig`, and closes them. */
export class OwnClients {
  readonly #config: KMSClientConfig;
  readonly #closesHandlers: boolean;
  #made: WeakRef<KMSClient>[] = [];

  constructor(config: KMSClientConfig, timeout: number) {
    const handler = config.requestHandler ?? {};
    this.#closesHandlers = !isHandler(handler) && !hasAgents(handler);
    this.#config = isHandler(handler)
      ? config
      : {
          ...config,
          requestHandler: {
            connectionTimeout: Math.min(LONGEST_CONNECTION, Math.ceil(timeout * CONNECTION_SHARE)),
            requestTimeout: Math.ceil(timeout * REQUEST_SHARE),
            throwOnRequestTimeout: true,
            ...handler,
          },
        };
  }

  /** A client for `region`; undefined: for the region that the configuration or the environment sets. */
  async make(region: string | undefined): Promise<KMSClient> {
    const { KMSClient } = await kmsSdk();
    const client = new KMSClient(region === undefined ? this.#config : { ...this.#config, region });
    this.#made = this.#made.filter((made) => made.deref() !== undefined);
    this.#made.push(new WeakRef(client));
    return client;
  }

  /**
   * Closes the connections of every client that was created here, but not a handler or agent that the caller passed.
   */
  close(): void {
    if (this.#closesHandlers) for (const made of this.#made) made.deref()?.destroy();
    this.#made = [];
  }
}

function isHandler(value: object): boolean {
  return 'handle' in value && typeof value.handle === 'function';
}

function hasAgents(options: object): boolean {
  return 'httpAgent' in options || 'httpsAgent' in options;
}
