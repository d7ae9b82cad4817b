import { abortError } from '../../abort.js';
import { copyOf } from '../../bytes.js';
import { isSealpipeError, SealpipeError } from '../../errors.js';
import type { Recipient } from '../../format/stream-header.js';
import type { KeyAttempts, KeyProvider, KeyRequest } from '../../keys/provider.js';
import { wipeDataKey } from '../../keys/provider-answer.js';
import { listed, printable, quoted, shortened } from '../../text/printable.js';
import type { KeyMessage } from '../diagnostics.js';
import { explained, keyCall } from './key-call.js';

/** One provider's attempt at one recipient. */
interface Attempt {
  readonly recipient: Recipient;
  readonly provider: KeyProvider;
}

/** The key call of an attempt. */
export interface AttemptCall<A> {
  readonly operation: KeyMessage['operation'];
  call(provider: KeyProvider, recipient: Recipient, request: KeyRequest): Promise<A>;
  /** Wipes a result that has been used or comes too late. */
  discard(answer: A | undefined): void;
}

const UNWRAP: AttemptCall<Uint8Array> = {
  operation: 'unwrap',
  call: (provider, recipient, request) => provider.unwrap(recipient, request),
  discard: wipeDataKey,
};

/**
 * The attempts to unwrap the data key of one stream (FORMAT 2, "Which recipient"): each recipient in the stream's
 * order, by every provider that matches it. Remembers the first failure of each kind.
 */
export class RecipientAttempts {
  readonly #recipients: readonly Recipient[];
  readonly #keys: readonly KeyProvider[];
  readonly #attempts: readonly Attempt[];
  readonly #since = new Map<KeyProvider, number>();
  /** A recipient matched a provider. */
  #matched = false;
  /** The wrapped key did not open. */
  #setAside: unknown;
  /** The call itself failed. */
  #failed: unknown;
  /** The call showed that the recipient does not belong to the provider. */
  #notOurs: unknown;

  constructor(recipients: readonly Recipient[], keys: readonly KeyProvider[]) {
    this.#recipients = recipients;
    this.#keys = keys;
    this.#attempts = recipients.flatMap((recipient) =>
      keys
        .filter((provider) => this.#matches(provider, recipient))
        .map((provider) => ({ recipient, provider })),
    );
  }

  /**
   * Tries recipients one after the other until `use` accepts the data key, which is wiped afterwards.
   *
   * @param use returns undefined if the data key does not fit the stream
   * @throws what {@link verdict} says; an AbortError
   */
  find<T>(
    request: KeyRequest,
    use: (dataKey: Uint8Array, recipient: Recipient) => T | undefined,
  ): Promise<T> {
    return this.findBy(UNWRAP, request, use);
  }

  /** The same by another call, whose result is discarded after its use. */
  async findBy<A, T>(
    call: AttemptCall<A>,
    request: KeyRequest,
    use: (answer: A, recipient: Recipient, provider: KeyProvider) => T | undefined,
  ): Promise<T> {
    for (const [i, { recipient, provider }] of this.#attempts.entries()) {
      const trial: { fits: boolean | undefined } = { fits: undefined };
      // Each call gets a copy, so that it cannot change the context under which the stream is opened.
      const contextBytes = copyOf(request.contextBytes);
      const asked = { ...request, contextBytes, trial, attempts: this.#attemptsFrom(i) };
      const answer = await this.#attempt(call, provider, recipient, asked);
      try {
        const found = answer === undefined ? undefined : use(answer, recipient, provider);
        trial.fits = found !== undefined;
        if (found !== undefined) return found;
      } finally {
        call.discard(answer);
      }
    }
    throw this.#verdict();
  }

  /** A provider that throws here has failed, but the others are still tried. */
  #matches(provider: KeyProvider, recipient: Recipient): boolean {
    try {
      return provider.matches(recipient);
    } catch (error) {
      this.#failed ??= explained(error);
      return false;
    }
  }

  #attemptsFrom(index: number): KeyAttempts {
    const { provider } = this.#attempts[index]!;
    const since = this.#since.get(provider) ?? performance.now();
    this.#since.set(provider, since);
    const left = this.#attempts.filter((attempt, i) => i >= index && attempt.provider === provider).length;
    return { since, left };
  }

  async #attempt<A>(
    { operation, call, discard }: AttemptCall<A>,
    provider: KeyProvider,
    recipient: Recipient,
    request: KeyRequest,
  ): Promise<A | undefined> {
    try {
      const answer = await keyCall(
        { operation, provider: provider.id },
        request.signal,
        () => call(provider, recipient, request),
        discard,
      );
      this.#matched = true;
      return answer;
    } catch (error) {
      if (request.signal.aborted) throw abortError(request.signal);
      const code = isSealpipeError(error) ? error.code : undefined;
      if (code === 'ERR_SEALPIPE_KEY_MISMATCH') {
        this.#notOurs ??= error;
        return undefined;
      }
      this.#matched = true;
      if (code === 'ERR_SEALPIPE_AUTHENTICATION') this.#setAside ??= error;
      else this.#failed ??= error;
      return undefined;
    }
  }

  #verdict(): unknown {
    if (this.#failed !== undefined) return this.#failed;
    if (this.#matched) {
      return new SealpipeError(
        'ERR_SEALPIPE_AUTHENTICATION',
        'The stream is not authentic: it was altered, or made with another key or encryption context',
        { cause: this.#setAside },
      );
    }
    if (this.#notOurs !== undefined) return this.#notOurs;
    const names = this.#recipients.map(({ provider, key }) => `${provider} ${quoted(shortened(key))}`);
    const ours = this.#keys.map(({ id }: { readonly id: unknown }) =>
      typeof id === 'string' ? printable(shortened(id)) : 'a provider without an id',
    );
    return new SealpipeError(
      'ERR_SEALPIPE_KEY_MISMATCH',
      `None of the stream's recipients (${listed(names, ', ')}) is one of the given keys (${listed(ours, ', ')})`,
    );
  }
}
