import { asBuffer } from '../bytes.js';
import { abortError, optionsRangeError, optionsTypeError } from '../errors.js';
import type { Recipient } from '../format/stream-header.js';
import type { KeptKey, ReuseLimits } from './data-key-cache.js';
import { DataKeyCache } from './data-key-cache.js';
import type { GeneratedKey, KeyProvider, KeyRequest } from './provider.js';
import { SharedCalls } from './shared-calls.js';

/** Options of {@link cachedKeys}. Checked when the next stream begins: a stream that runs is never cut off. */
export interface CachedKeysOptions extends ReuseLimits {
  /** Data keys held at once, in each direction; the oldest makes room. Default: 1,000. */
  readonly maxEntries?: number | undefined;
}

/** A key provider that reuses data keys. */
export interface CachedKeys extends KeyProvider, Disposable {
  /** Requests answered without a call of their own. */
  readonly hits: number;
  /** Calls made. */
  readonly misses: number;
  /** Wipes every key that is held. Streams that run go on; later ones fail with a TypeError `ERR_SEALPIPE_OPTIONS`. */
  close(): void;
}

const DEFAULT_MAX_ENTRIES = 1_000;

/**
 * Reuses one data key for several streams of the same encryption context, and remembers what it unwrapped, so that
 * many small streams cost few key calls. Every stream still has a salt and keys of its own (FORMAT 5). A key that is
 * disabled at its provider goes on working here until `maxAge`.
 *
 * Requests for the same key at the same time share one call. `wrap` is passed on.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`. The methods reject as those of `provider`
 * @example
 * const keys = cachedKeys(kms({ keyId }), { maxAge: 300_000, maxStreams: 1_000, maxBytes: 2 ** 36 });
 */
export function cachedKeys(provider: KeyProvider, options: CachedKeysOptions): CachedKeys {
  if (typeof provider?.generate !== 'function') throw optionsTypeError('cachedKeys needs a key provider');
  const { maxAge, maxStreams, maxBytes, maxEntries = DEFAULT_MAX_ENTRIES } = options ?? {};
  for (const [name, value] of Object.entries({ maxAge, maxStreams, maxBytes, maxEntries })) {
    if (typeof value !== 'number') throw optionsTypeError(`cachedKeys: \`${name}\` must be a number`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw optionsRangeError(`cachedKeys: \`${name}\` must be a whole number from 1 on`);
    }
  }
  return new CachedKeyProvider(provider, { maxAge, maxStreams, maxBytes }, maxEntries);
}

class CachedKeyProvider implements CachedKeys {
  readonly id: string;
  readonly #provider: KeyProvider;
  readonly #generated: DataKeyCache<Recipient>;
  readonly #unwrapped: DataKeyCache<undefined>;
  readonly #calls = new SharedCalls();
  #closed = false;
  #hits = 0;
  #misses = 0;

  constructor(provider: KeyProvider, limits: ReuseLimits, maxEntries: number) {
    this.id = provider.id;
    this.#provider = provider;
    this.#generated = new DataKeyCache(limits, maxEntries);
    this.#unwrapped = new DataKeyCache(limits, maxEntries);
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  async generate(request: KeyRequest): Promise<GeneratedKey> {
    const name = `${request.dataKeyBytes} ${base64(request.contextBytes)}`;
    const { dataKey, detail } = await this.#get(this.#generated, name, request, async (shared) => {
      const { dataKey, recipient } = await this.#provider.generate(shared);
      return { dataKey, detail: recipient };
    });
    return { dataKey, recipient: detail };
  }

  async unwrap(recipient: Recipient, request: KeyRequest): Promise<Uint8Array> {
    const { provider, key, wrapped } = recipient;
    const name = JSON.stringify([provider, key, base64(wrapped), base64(request.contextBytes)]);
    const { dataKey } = await this.#get(this.#unwrapped, name, request, async (shared) => ({
      dataKey: await this.#provider.unwrap(recipient, shared),
      detail: undefined,
    }));
    return dataKey;
  }

  wrap(dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> {
    return this.#provider.wrap(dataKey, request);
  }

  matches(recipient: Recipient): boolean {
    return this.#provider.matches(recipient);
  }

  async rewrap(from: Recipient, to: KeyProvider, request: KeyRequest): Promise<Recipient | undefined> {
    return this.#provider.rewrap?.(from, to, request);
  }

  close(): void {
    this.#closed = true;
    this.#generated.clear();
    this.#unwrapped.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Takes from the cache, after a call where there is nothing to take. */
  async #get<T>(
    cache: DataKeyCache<T>,
    name: string,
    request: KeyRequest,
    call: (request: KeyRequest) => Promise<KeptKey<T>>,
  ): Promise<KeptKey<T>> {
    for (;;) {
      if (this.#closed) throw optionsTypeError('These cached keys have been closed');
      if (request.signal.aborted) throw abortError(request.signal);
      const kept = cache.take(name, request.usage);
      if (kept !== undefined) {
        this.#hits += 1;
        return kept;
      }
      const made: KeptKey<T>[] = [];
      await this.#calls.join(name, request.signal, async (signal) => {
        this.#misses += 1;
        const key = await call({ ...request, signal });
        if (!this.#closed) cache.put(name, key, request.usage);
        made.push(key);
      });
      if (made[0] !== undefined) return made[0];
    }
  }
}

function base64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}
