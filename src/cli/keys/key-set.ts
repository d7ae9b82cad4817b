import type { KeyProvider } from '../../index.js';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../key-arn.js';
import type { KeyReference } from '../../keys/index.js';
import { kmsProvider, providerOf } from './key-calls.js';
import type { EmbeddedKms } from './local/embedded-kms.js';
import { requireKey, requireUsable } from './local/local-keys.js';

/** The providers for the keys of one run, and the resources to close after it. */
export class KeySet {
  readonly providers: KeyProvider[] = [];
  readonly #openEmbedded: () => Promise<EmbeddedKms>;
  readonly #closers: (() => unknown)[] = [];
  #embedded: Promise<EmbeddedKms> | undefined;

  /** @param openEmbedded called at most once, when a key of the embedded KMS is needed */
  constructor(openEmbedded: () => Promise<EmbeddedKms>) {
    this.#openEmbedded = openEmbedded;
  }

  embedded(): Promise<EmbeddedKms> {
    this.#embedded ??= this.#openEmbedded().then((embedded) => {
      this.#closers.push(() => embedded.kms.close());
      return embedded;
    });
    return this.#embedded;
  }

  /** Adds the key that a reference names. */
  async add(reference: KeyReference): Promise<void> {
    if (reference.kind !== 'local') return this.#keep(await providerOf(reference));
    const embedded = await this.embedded();
    const key = await requireKey(embedded, reference.keyId);
    requireUsable(key, `local:${reference.keyId}`);
    // One client for all of them, which can re-encrypt from one to another. Each key is named by its ARN, which matches
    // only its own recipients.
    this.#keep(await kmsProvider({ keyId: key.keyArn, client: embedded.client }));
  }

  /** Adds every key of the embedded KMS, to open with. */
  async addEmbedded(): Promise<void> {
    const { client } = await this.embedded();
    const discovery = { accounts: [LOCAL_ACCOUNT], regions: [LOCAL_REGION] };
    this.#keep(await kmsProvider({ discovery, client }));
  }

  /** Adds every key of some accounts of AWS, to open with. */
  async addAccounts(partition: string, accounts: readonly string[]): Promise<void> {
    this.#keep(await kmsProvider({ discovery: { partition, accounts } }));
  }

  /** Closes connections and wipes keys. */
  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }

  #keep(provider: KeyProvider & { close(): unknown }): void {
    this.providers.push(provider);
    this.#closers.push(() => provider.close());
  }
}
