import type { S3ClientLike } from '../../s3/client-like.js';
import type { OwnClient } from '../../s3/store/clients/own-client.js';
import { makeClient } from '../../s3/store/clients/own-client.js';

/** The client of a store: the caller's, or one that is created on first use. */
export class StoreClient {
  readonly #given: S3ClientLike | undefined;
  readonly #config: object;
  #own: Promise<OwnClient> | undefined;
  #isClosed = false;

  /** @param given the caller's client; undefined to create one from `config` */
  constructor(given: S3ClientLike | undefined, config: object = {}) {
    this.#given = given;
    this.#config = config;
  }

  /** @throws (rejects) the error of the SDK about the configuration; the next call tries again */
  async get(): Promise<S3ClientLike> {
    if (this.#given !== undefined) return this.#given;
    this.#own ??= makeClient(this.#config).catch((error: unknown) => {
      this.#own = undefined;
      throw error;
    });
    const own = await this.#own;
    if (this.#isClosed) own.destroy();
    return own;
  }

  /** Closes the connections of the client that was created here. */
  close(): void {
    this.#isClosed = true;
    this.#own?.then((own) => own.destroy()).catch(() => undefined);
  }
}
