/** Notices a request that moves no byte for a while. One timer a request, however many bytes move. */
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

  /** Nobody wants bytes until `moved` is called: that none move is no fault. */
  rest(): void {
    this.#isResting = true;
  }

  /**
   * All bytes were handed to the connection, and the answer is due. What the system still holds of them takes no longer
   * than what it has sent before.
   */
  handedOver(): void {
    this.moved();
    this.#allowed = Math.max(this.#limit, this.#last - this.#since);
  }

  /** The request has been answered, or has failed. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(delay: number): void {
    this.#timer = setTimeout(() => {
      const idle = this.#isResting ? 0 : performance.now() - this.#last;
      const left = this.#allowed - idle;
      if (left <= 0) this.#onStall();
      else this.#arm(left);
    }, delay);
  }
}
