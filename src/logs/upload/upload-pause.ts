/** The pauses between attempts that fail, one after the other: each about twice as long as the one before. */
export class UploadPause {
  readonly #first: number;
  readonly #longest: number;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #end: (() => void) | undefined;
  #holds = false;
  #isOver = false;

  /** Milliseconds of the first pause, and of the longest. */
  constructor({ first, longest }: { readonly first: number; readonly longest: number }) {
    this.#first = first;
    this.#longest = longest;
  }

  /** Somebody waits: the pause that is on ends, those to come are short, and the process stays alive for them. */
  hurry(): void {
    this.#holds = true;
    this.#failures = 0;
    this.#end?.();
  }

  /** Keeps the process alive from now on, or not. */
  hold(holds: boolean): void {
    this.#holds = holds;
    if (holds) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** An attempt succeeded. */
  reset(): void {
    this.#failures = 0;
  }

  /** An attempt failed. Resolves when the next one may be made. */
  async wait(): Promise<void> {
    if (this.#isOver) return;
    const length = Math.min(this.#longest, this.#first * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      // Between half and all of it, so that many writers do not come at once.
      this.#timer = setTimeout(resolve, length * (0.5 + Math.random() / 2));
      if (!this.#holds) this.#timer.unref();
    });
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#end = undefined;
  }

  /** There are no more attempts. */
  stop(): void {
    this.#isOver = true;
    this.#end?.();
  }
}
