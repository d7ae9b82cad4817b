/** The pauses after failed attempts, each about twice as long as the previous one. */
export class UploadPause {
  readonly #first: number;
  readonly #longest: number;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #end: (() => void) | undefined;
  #holds = false;
  #isOver = false;

  /** The first and the longest pause, in milliseconds. */
  constructor({ first, longest }: { readonly first: number; readonly longest: number }) {
    this.#first = first;
    this.#longest = longest;
  }

  /** Ends the current pause and shortens later ones, because somebody waits. Pauses then keep the process alive. */
  hurry(): void {
    this.#holds = true;
    this.#failures = 0;
    this.#end?.();
  }

  /** Sets whether pauses keep the process alive. */
  hold(holds: boolean): void {
    this.#holds = holds;
    if (holds) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Called after an attempt succeeded. */
  reset(): void {
    this.#failures = 0;
  }

  /** Called after an attempt failed. Resolves when the next attempt may begin. */
  async wait(): Promise<void> {
    if (this.#isOver) return;
    const length = Math.min(this.#longest, this.#first * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      // Between half of the pause and all of it, so that many writers do not retry at the same time.
      this.#timer = setTimeout(resolve, length * (0.5 + Math.random() / 2));
      if (!this.#holds) this.#timer.unref();
    });
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#end = undefined;
  }

  /** Called when there will be no more attempts. */
  stop(): void {
    this.#isOver = true;
    this.#end?.();
  }
}
