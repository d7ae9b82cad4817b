/** One timer that can be set repeatedly. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /**
   * @param at by `performance.now()`; infinity for never
   * @param holds whether it keeps the process alive
   */
  set(at: number, holds: boolean): void {
    if (at !== this.#at || this.#timer === undefined) {
      this.clear();
      if (at === Number.POSITIVE_INFINITY) return;
      this.#at = at;
      this.#timer = setTimeout(this.#onTime, Math.max(0, Math.ceil(at - performance.now())));
    }
    if (holds) this.#timer.ref();
    else this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
    this.#ring();
  };
}
