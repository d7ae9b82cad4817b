import { LONGEST_TIMER } from '../../abort.js';
import { copyOf, wipe } from '../../bytes.js';
import type { GeneratedKey, KeyRequest } from '../provider.js';
import type { ReuseLimits } from './key-budget.js';
import { KeyBudget } from './key-budget.js';
import { copyOfKey, SharedCall } from './shared-call.js';

/** A data key in the cache's own memory. */
interface HeldKey extends GeneratedKey {
  readonly uses: KeyBudget;
  readonly born: number;
}

/** Calls the provider for several streams. The request looks like that of one stream with the usage of all of them. */
export type KeyCall = (request: KeyRequest) => Promise<GeneratedKey>;

/**
 * Data keys by name, each for as long as the limits allow. Streams that need a key that is not cached share one call,
 * as many as the limits allow. Further streams make their own call at the same time, and so do streams with a different
 * deadline.
 *
 * A key is wiped when it is used up, when it is too old (by a timer that keeps no process alive), when a newer one
 * evicts it, and by `close`.
 */
export class DataKeyCache {
  readonly #limits: ReuseLimits;
  readonly #maxEntries: number;
  readonly #held = new Map<string, HeldKey>();
  /** The latest call of each name, for each number of attempts left. */
  readonly #calls = new Map<string, SharedCall>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #hits = 0;
  #misses = 0;

  constructor(limits: ReuseLimits, maxEntries: number) {
    this.#limits = limits;
    this.#maxEntries = maxEntries;
  }

  /** Requests answered without their own call. */
  get hits(): number {
    return this.#hits;
  }

  /** Calls made. */
  get misses(): number {
    return this.#misses;
  }

  /**
   * Returns the data key of this name, from `call` if none is cached.
   *
   * @param request its signal must not be aborted yet
   * @returns a copy: the caller wipes it
   */
  async get(name: string, request: KeyRequest, call: KeyCall): Promise<GeneratedKey> {
    const held = this.#held.get(name);
    if (held !== undefined && this.#allows(held)) {
      held.uses.add(request);
      this.#hits += 1;
      const key = copyOfKey(held);
      if (!this.#allows(held)) this.#evict(name, held);
      return key;
    }
    if (held !== undefined) this.#evict(name, held);
    const shared = this.#calls.get(slotOf(name, request));
    if (!shared?.allows(request.attempts)) return this.#call(name, request, call);
    const key = await shared.join(request);
    this.#hits += 1;
    return key;
  }

  /** Wipes every key. Streams that wait for a call still get their key, which is not cached. */
  close(): void {
    this.#closed = true;
    for (const [name, held] of this.#held) this.#evict(name, held);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #call(name: string, request: KeyRequest, call: KeyCall): Promise<GeneratedKey> {
    this.#misses += 1;
    const uses = new KeyBudget(this.#limits);
    const slot = slotOf(name, request);
    const shared = new SharedCall(uses, request.attempts, (key) => {
      if (this.#calls.get(slot) === shared) this.#calls.delete(slot);
      if (key === undefined) uses.end();
      else this.#keep(name, { ...key, uses, born: performance.now() });
    });
    this.#calls.set(slot, shared);
    const answered = shared.join(request);
    const { usage, trial } = request;
    // A copy, so that a stream cannot alter what the key is cached for.
    const contextBytes = copyOf(request.contextBytes);
    const ofAll = { ...request, contextBytes, ...(usage && { usage: uses }), ...(trial && { trial: uses }) };
    void shared.start((signal) => call({ ...ofAll, signal }));
    return answered;
  }

  /** Caches a key if it may serve more streams. Evicts the oldest key if necessary. */
  #keep(name: string, key: HeldKey): void {
    if (this.#closed || !this.#allows(key)) {
      letGo(key);
      return;
    }
    const before = this.#held.get(name);
    if (before !== undefined) this.#evict(name, before);
    const [oldest] = this.#held;
    if (oldest !== undefined && this.#held.size >= this.#maxEntries) this.#evict(...oldest);
    this.#held.set(name, key);
    this.#schedule();
  }

  #allows({ born, uses }: HeldKey): boolean {
    return performance.now() - born < this.#limits.maxAge && uses.allowMore();
  }

  #evict(name: string, key: HeldKey): void {
    letGo(key);
    this.#held.delete(name);
  }

  #schedule(): void {
    const [oldest] = this.#held.values();
    if (this.#timer !== undefined || oldest === undefined) return;
    const left = Math.ceil(oldest.born + this.#limits.maxAge - performance.now());
    // A timer may fire a little early: it is then set again for the remaining time.
    const delay = Math.min(Math.max(left, 1), LONGEST_TIMER);
    this.#timer = setTimeout(() => this.#sweep(), delay).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    for (const [name, key] of this.#held) if (!this.#allows(key)) this.#evict(name, key);
    this.#schedule();
  }
}

/** The name under which a request finds calls that it may join. */
function slotOf(name: string, { attempts }: KeyRequest): string {
  return `${name} ${attempts?.left}`;
}

function letGo({ dataKey, uses }: HeldKey): void {
  wipe(dataKey);
  uses.end();
}
