import { abortError, onAbort } from '../../abort.js';
import { copyOf, wipe } from '../../bytes.js';
import type { Recipient } from '../../format/stream-header.js';
import type { GeneratedKey, KeyAttempts, KeyRequest } from '../provider.js';
import type { KeyBudget, KeyUse } from './key-budget.js';

/** A stream that waits for the call. */
interface Waiter {
  readonly resolve: (key: GeneratedKey) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: () => void;
}

/** Milliseconds by which the deadlines of streams that share a call may differ. */
const TOLERANCE = 100;

/** One key call that several streams wait for. It is aborted when no stream waits for it any more. */
export class SharedCall {
  readonly uses: KeyBudget;
  readonly #attempts: KeyAttempts | undefined;
  readonly #begun = performance.now();
  readonly #waiters = new Set<Waiter>();
  readonly #controller = new AbortController();
  readonly #over: (key: GeneratedKey | undefined) => void;

  /**
   * @param attempts those of the first stream, which the provider is told
   * @param over receives the data key, to keep or to wipe; undefined if the call failed or was aborted
   */
  constructor(
    uses: KeyBudget,
    attempts: KeyAttempts | undefined,
    over: (key: GeneratedKey | undefined) => void,
  ) {
    this.uses = uses;
    this.#attempts = attempts;
    this.#over = over;
  }

  /**
   * Whether one more stream may join: within the limits, and with as much time as its own call would have. (A stream
   * with many recipients, which anybody can forge, leaves little time for each.)
   */
  allows(attempts: KeyAttempts | undefined): boolean {
    if (!this.uses.allowMore() || attempts?.left !== this.#attempts?.left) return false;
    if (attempts === undefined || this.#attempts === undefined) return true;
    const late = performance.now() - this.#begun;
    return late <= TOLERANCE && Math.abs(attempts.since - this.#attempts.since) <= TOLERANCE;
  }

  /**
   * Waits for the key as one of the streams, whose signal must not be aborted yet.
   *
   * @returns a copy of the key: the caller wipes it
   * @throws (rejects) what the call rejected with; an AbortError as soon as the stream's own signal is aborted
   */
  join(request: KeyRequest): Promise<GeneratedKey> {
    const { signal } = request;
    const use = this.uses.add(request);
    return new Promise((resolve, reject) => {
      const stopListening = onAbort(signal, () => this.#leave(waiter, use, signal));
      const waiter: Waiter = { resolve, reject, stopListening };
      this.#waiters.add(waiter);
    });
  }

  /** Makes the call for all waiting streams. The data key of its result is copied and wiped. */
  async start(call: (signal: AbortSignal) => Promise<GeneratedKey>): Promise<void> {
    const { signal } = this.#controller;
    let key: GeneratedKey | undefined;
    try {
      const answer = await call(signal);
      if (!signal.aborted) key = copyOfKey(answer);
      wipe(answer.dataKey);
    } catch (error) {
      this.#settle(({ reject }) => reject(error));
    }
    if (key !== undefined) this.#settle(({ resolve }) => resolve(copyOfKey(key)));
    if (!signal.aborted) this.#over(key);
  }

  #leave(waiter: Waiter, use: KeyUse, signal: AbortSignal): void {
    waiter.stopListening();
    this.#waiters.delete(waiter);
    this.uses.remove(use);
    waiter.reject(abortError(signal));
    if (this.#waiters.size > 0) return;
    this.#over(undefined);
    this.#controller.abort(signal.reason);
  }

  #settle(tell: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters) {
      waiter.stopListening();
      tell(waiter);
    }
    this.#waiters.clear();
  }
}

/** A data key and its recipient in their own memory. */
export function copyOfKey({ dataKey, recipient }: GeneratedKey): GeneratedKey {
  return { dataKey: copyOf(dataKey), recipient: copyOfRecipient(recipient) };
}

/** A recipient in its own memory. */
export function copyOfRecipient({ provider, key, wrapped }: Recipient): Recipient {
  return { provider, key, wrapped: copyOf(wrapped) };
}
