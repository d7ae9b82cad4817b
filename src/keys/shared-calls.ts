/** Calls that several callers wait for together: made once, given up when nobody waits any more. */
export class SharedCalls {
  readonly #calls = new Map<string, SharedCall>();

  /**
   * Joins the call of this name, or makes it.
   *
   * @param signal of the one who waits: the call is aborted only when every one of them has given up
   */
  async join(name: string, signal: AbortSignal, call: (signal: AbortSignal) => Promise<void>): Promise<void> {
    let shared = this.#calls.get(name);
    if (shared === undefined) {
      const started = new SharedCall(call, () => {
        if (this.#calls.get(name) === started) this.#calls.delete(name);
      });
      this.#calls.set(name, started);
      shared = started;
    }
    return shared.wait(signal);
  }
}

class SharedCall {
  readonly #controller = new AbortController();
  readonly #done: Promise<void>;
  readonly #over: () => void;
  #waiting = 0;

  constructor(call: (signal: AbortSignal) => Promise<void>, over: () => void) {
    this.#over = over;
    this.#done = call(this.#controller.signal).finally(over);
  }

  async wait(signal: AbortSignal): Promise<void> {
    this.#waiting += 1;
    const leave = () => {
      this.#waiting -= 1;
      if (this.#waiting > 0) return;
      this.#over();
      this.#controller.abort(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      await this.#done;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
