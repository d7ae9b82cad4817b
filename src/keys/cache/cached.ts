import { abortError } from '../../abort.js';
import { u32 } from '../../bytes.js';
import { sha256 } from '../../crypto/key-schedule.js';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import { loadPackWriter } from '../../format/pack-writer.js';
import type { Recipient } from '../../format/stream-header.js';
import type { OptionNames } from '../../options.js';
import { readOptions } from '../../options.js';
import type { GeneratedKey, KeyProvider, KeyRequest } from '../provider.js';
import { isKeyProvider } from '../provider.js';
import {
  checkGenerated,
  checkLegal,
  checkUnwrapped,
  wipeDataKey,
  wipeGenerated,
} from '../provider-answer.js';
import { DataKeyCache } from './data-key-cache.js';
import type { ReuseLimits } from './key-budget.js';
import { copyOfRecipient } from './shared-call.js';

/** Options of {@link cachedKeys}. Checked when the next stream begins: a running stream is never interrupted. */
export interface CachedKeysOptions extends ReuseLimits {
  /** The most data keys in the cache, for each direction. The oldest one makes room. Default: 1,000. */
  readonly maxEntries?: number | undefined;
}

/** A key provider that reuses data keys. */
export interface CachedKeys extends KeyProvider, Disposable {
  /** Requests answered without their own call. */
  readonly hits: number;
  /** Calls made. */
  readonly misses: number;
  /**
   * Wipes every key in the cache, and refuses later requests (TypeError `ERR_SEALPIPE_OPTIONS`). Streams that have
   * asked before still get their key, which is not cached. `wrap` uses no cache, and continues to work.
   */
  close(): void;
}

const NAMES: OptionNames<CachedKeysOptions> = {
  maxAge: true,
  maxStreams: true,
  maxBytes: true,
  maxEntries: true,
};
const DEFAULT_MAX_ENTRIES = 1_000;

/**
 * Reuses one data key for several streams of the same encryption context, and remembers what it unwrapped, so that
 * many small streams cost few key calls. Every stream still has its own salt and keys (FORMAT 5). A key that is
 * disabled at its provider continues to work here until `maxAge`.
 *
 * Streams that ask at the same time share a call, as many as the limits allow. The call is given up when all of them
 * are. A stream with a different deadline makes its own call. A failure is also shared, but not remembered. An
 * unwrapped key is dropped if it does not match the commitment of the first streams that try it. `wrap` is passed on.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`. The methods reject as those of `provider`
 * @example
 * const keys = cachedKeys(kms({ keyId }), { maxAge: 300_000, maxStreams: 1_000, maxBytes: 2 ** 36 });
 */
export function cachedKeys(provider: KeyProvider, options: CachedKeysOptions): CachedKeys {
  if (!isKeyProvider(provider)) throw optionsTypeError('cachedKeys needs a key provider, such as kms()');
  const given = readOptions<CachedKeysOptions>('cachedKeys()', options ?? {}, NAMES);
  const { maxAge, maxStreams, maxBytes, maxEntries = DEFAULT_MAX_ENTRIES } = given;
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
  readonly #generated: DataKeyCache;
  readonly #unwrapped: DataKeyCache;
  #closed = false;

  constructor(provider: KeyProvider, limits: ReuseLimits, maxEntries: number) {
    this.id = provider.id;
    this.#provider = provider;
    this.#generated = new DataKeyCache(limits, maxEntries);
    this.#unwrapped = new DataKeyCache(limits, maxEntries);
  }

  get hits(): number {
    return this.#generated.hits + this.#unwrapped.hits;
  }

  get misses(): number {
    return this.#generated.misses + this.#unwrapped.misses;
  }

  async generate(request: KeyRequest): Promise<GeneratedKey> {
    this.#assertOpen(request);
    const { dataKeyBytes, contextBytes } = request;
    return this.#generated.get(nameOf(dataKeyBytes, contextBytes), request, async (shared) => {
      const packing = loadPackWriter();
      const answer: unknown = await this.#provider.generate(shared);
      try {
        await packing;
        const generated = checkGenerated(answer, dataKeyBytes);
        checkLegal(generated.recipient);
        return generated;
      } catch (error) {
        wipeGenerated(answer);
        throw error;
      }
    });
  }

  async unwrap(recipient: Recipient, request: KeyRequest): Promise<Uint8Array> {
    this.#assertOpen(request);
    const { dataKeyBytes, contextBytes } = request;
    const asked = copyOfRecipient(recipient);
    const { provider, key, wrapped } = asked;
    const name = nameOf(dataKeyBytes, Buffer.from(provider), Buffer.from(key), wrapped, contextBytes);
    const { dataKey } = await this.#unwrapped.get(name, request, async (shared) => {
      const answer: unknown = await this.#provider.unwrap(asked, shared);
      try {
        return { dataKey: checkUnwrapped(answer, dataKeyBytes), recipient: asked };
      } catch (error) {
        wipeDataKey(answer);
        throw error;
      }
    });
    return dataKey;
  }

  wrap(dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> {
    return this.#provider.wrap(dataKey, request);
  }

  matches(recipient: Recipient): boolean {
    return this.#provider.matches(recipient);
  }

  async rewrap(from: Recipient, to: KeyProvider, request: KeyRequest): Promise<Recipient | undefined> {
    const target = to instanceof CachedKeyProvider ? to.#provider : to;
    return this.#provider.rewrap?.(from, target, request);
  }

  close(): void {
    this.#closed = true;
    this.#generated.close();
    this.#unwrapped.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #assertOpen({ signal }: KeyRequest): void {
    if (this.#closed) throw optionsTypeError('These cached keys have been closed');
    if (signal.aborted) throw abortError(signal);
  }
}

/** Names a data key by all that it depends on (FORMAT 5), in a few bytes. */
function nameOf(dataKeyBytes: number, ...fields: readonly Uint8Array[]): string {
  const parts = fields.flatMap((field) => [u32(field.length), field]);
  return sha256(Buffer.concat([u32(dataKeyBytes), ...parts])).toString('base64');
}
