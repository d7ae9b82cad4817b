import { LONGEST_TIMER } from '../../../abort.js';

/** The limit is watched in steps: a standstill of this process costs at most one of them. */
const STEPS = 8;

/**
 * Detects a request that moves no byte for a while. Uses one timer per request, however many bytes move. Time in which
 * this process stood still does not count, because it could not see what moved.
 */
export class StallWatch {
  readonly #limit: number;
  readonly #onStall: () => void;
  readonly #since = performance.now();
  #last = this.#since;
  #allowed: number;
  #timer: NodeJS.Timeout | undefined;
  #isResting = false;

  /**
   * @param limit milliseconds
   * @param onStall is called once
   */
  constructor(limit: number, onStall: () => void) {
    this.#limit = limit;
    this.#allowed = limit;
    this.#onStall = onStall;
    this.#arm(limit);
  }

  /** Bytes were handed to the connection. */
  moved(): void {
    this.#last = performance.now();
    this.#isResting = false;
  }

  /** No bytes are wanted until `moved` is called, so the request may pause. */
  rest(): void {
    this.#isResting = true;
  }

  /**
   * All bytes were handed to the connection, and the response is due. Sending the bytes that the system still buffers
   * takes no longer than sending those before them.
   */
  handedOver(): void {
    this.moved();
    this.#allowed = Math.max(this.#limit, this.#last - this.#since);
  }

  /** The request has succeeded or failed. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(left: number): void {
    const delay = Math.min(left, this.#limit / STEPS, LONGEST_TIMER);
    const due = performance.now() + delay;
    this.#timer = setTimeout(() => {
      const now = performance.now();
      this.#last = Math.min(now, this.#last + Math.max(0, now - due));
      const idle = this.#isResting ? 0 : now - this.#last;
      if (idle >= this.#allowed) this.#onStall();
      else this.#arm(this.#allowed - idle);
    }, delay);
  }
}
