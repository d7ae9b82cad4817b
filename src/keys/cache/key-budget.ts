import type { KeyRequest, KeyTrial, KeyUsage } from '../provider.js';

/** How long and how much a data key may be used: whole numbers from 1 on. */
export interface ReuseLimits {
  /** Milliseconds since the key was generated or unwrapped. */
  readonly maxAge: number;
  /** Streams for one key, in each direction. */
  readonly maxStreams: number;
  /** Plaintext bytes sealed under one key, after which no further stream begins. */
  readonly maxBytes: number;
}

/** One stream that uses a data key, or waits for it. */
export type KeyUse = Pick<KeyRequest, 'usage' | 'trial'>;

/** Compares the use of one data key with the limits. To its provider, all of it counts as one stream. */
export class KeyBudget implements KeyUsage, KeyTrial {
  readonly #limits: ReuseLimits;
  /** Streams whose use may still change. */
  readonly #open = new Set<KeyUse>();
  #streams = 0;
  /** Plaintext bytes of the streams that have ended. */
  #bytes = 0;
  #final = false;
  #fits: boolean | undefined;

  constructor(limits: ReuseLimits) {
    this.#limits = limits;
  }

  /** Counts one more stream. */
  add({ usage, trial }: KeyUse): KeyUse {
    const use: KeyUse = { ...(usage && { usage }), ...(trial && { trial }) };
    this.#streams += 1;
    this.#open.add(use);
    return use;
  }

  /** Uncounts a stream that gave up before it had the key. */
  remove(use: KeyUse): void {
    this.#streams -= 1;
    if (!this.#open.delete(use)) this.#bytes -= use.usage?.plaintextBytes ?? 0;
  }

  /** No more streams will be added. */
  end(): void {
    this.#final = true;
  }

  /** Whether the limits allow one more stream. False if the key did not fit the streams that tried it. */
  allowMore(): boolean {
    const { maxStreams, maxBytes } = this.#limits;
    return this.#streams < maxStreams && this.#settle() < maxBytes && this.#fits !== false;
  }

  get plaintextBytes(): number {
    return this.#settle();
  }

  get ended(): boolean {
    this.#settle();
    return this.#final && this.#open.size === 0;
  }

  /** A key that has fitted one stream is the right one: a stream that it does not fit was altered. */
  get fits(): boolean | undefined {
    this.#settle();
    return this.#fits;
  }

  /** Drops the streams whose use cannot change any more, and adds up the bytes of all. */
  #settle(): number {
    let running = 0;
    for (const use of this.#open) {
      const { usage, trial } = use;
      const bytes = usage?.plaintextBytes ?? 0;
      if (trial?.fits === true) this.#fits = true;
      else if (trial?.fits === false) this.#fits ??= false;
      const tried = trial === undefined || trial.fits !== undefined || this.#fits === true;
      if (tried && usage?.ended !== false) {
        this.#bytes += bytes;
        this.#open.delete(use);
      } else {
        running += bytes;
      }
    }
    return this.#bytes + running;
  }
}
