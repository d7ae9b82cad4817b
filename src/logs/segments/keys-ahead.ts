import { wipe } from '../../bytes.js';
import type { Recipient } from '../../format/stream-header.js';
import type { GeneratedKey, KeyProvider, KeyRequest } from '../../keys/provider.js';
import { checkGenerated, checkRecipient, wipeGenerated } from '../../keys/provider-answer.js';
import { keyCall } from '../../session/setup/key-call.js';

/** Milliseconds for which an unused data key is kept. */
const LONGEST = 25 * 3_600_000;

interface Ahead {
  readonly generated: GeneratedKey;
  /** Of the other providers, in their order. */
  readonly wrapped: readonly Recipient[];
  /** By `performance.now()`. */
  readonly since: number;
}

/**
 * Key providers whose next data key can be fetched before its segment begins, so that the key service need not be
 * available at that moment. One segment gets the key and wipes it.
 */
export class KeysAhead {
  /** The providers with which segments are sealed. */
  readonly providers: readonly KeyProvider[];
  readonly #from: readonly KeyProvider[];
  #ahead: Ahead | undefined;
  /** The wrappings of the data key that was taken last. */
  #wrapped: readonly Recipient[] = [];

  constructor(from: readonly KeyProvider[]) {
    this.#from = from;
    this.providers = from.map((provider, i) => ({
      id: provider.id,
      generate: (request) => (i === 0 ? this.#generate(request) : provider.generate(request)),
      wrap: (dataKey, request) => this.#wrap(i, dataKey, request),
      matches: (recipient) => provider.matches(recipient),
      unwrap: (recipient, request) => provider.unwrap(recipient, request),
    }));
  }

  /** Whether the next data key is available. A key that is too old is wiped. */
  get isReady(): boolean {
    if (this.#ahead !== undefined && performance.now() - this.#ahead.since > LONGEST) this.wipe();
    return this.#ahead !== undefined;
  }

  /** Generates and wraps the next data key. @throws (rejects) the error of a key call */
  async fetch(request: () => KeyRequest): Promise<void> {
    const [first, ...others] = this.#from;
    const { signal, dataKeyBytes } = request();
    const message = { operation: 'generate', provider: first!.id } as const;
    const answer = await keyCall(message, signal, () => first!.generate(request()), wipeGenerated);
    try {
      const generated = checkGenerated(answer, dataKeyBytes);
      const wrapped: Recipient[] = [];
      for (const other of others) {
        const wrapping = { operation: 'wrap', provider: other.id } as const;
        wrapped.push(
          checkRecipient(await keyCall(wrapping, signal, () => other.wrap(generated.dataKey, request()))),
        );
      }
      this.wipe();
      this.#ahead = { generated, wrapped, since: performance.now() };
    } catch (error) {
      wipeGenerated(answer);
      throw error;
    }
  }

  /** Wipes an unused data key. */
  wipe(): void {
    if (this.#ahead !== undefined) wipe(this.#ahead.generated.dataKey);
    this.#ahead = undefined;
  }

  async #generate(request: KeyRequest): Promise<GeneratedKey> {
    this.#wrapped = [];
    if (!this.isReady) return this.#from[0]!.generate(request);
    const { generated, wrapped } = this.#ahead!;
    this.#ahead = undefined;
    this.#wrapped = wrapped;
    return generated;
  }

  async #wrap(place: number, dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> {
    return this.#wrapped[place - 1] ?? this.#from[place]!.wrap(dataKey, request);
  }
}
