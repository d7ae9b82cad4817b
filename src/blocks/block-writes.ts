/** The writes of a rotation, one after the other: at most one is in progress. */
export class BlockWrites {
  readonly #write: (views: readonly Uint8Array[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #writing: Promise<void>;
  #hasFailed = false;
  #isHushed = false;

  /**
   * @param first is written before everything else
   * @param failed receives the error of a write at once, if that is the first error
   */
  constructor(
    write: (views: readonly Uint8Array[]) => Promise<void>,
    first: Uint8Array,
    failed: (error: unknown) => void = () => undefined,
  ) {
    this.#write = write;
    this.#failed = failed;
    this.#writing = this.#begin([first]);
  }

  /** Begins a write as soon as the current one has ended. @throws the error of the current one */
  async follow(views: readonly Uint8Array[]): Promise<void> {
    await this.#writing;
    this.#writing = this.#begin(views);
  }

  /**
   * Writes bytes that were ready before the work failed. The outcome of this write is not reported.
   *
   * @throws the error of a write that failed before
   */
  async finish(views: readonly Uint8Array[]): Promise<void> {
    if (this.#hasFailed) await this.#writing;
    this.hush();
    await this.follow(views).catch(() => undefined);
    await this.idle();
  }

  /** Reports no failures from now on, because an earlier error is reported instead. */
  hush(): void {
    this.#isHushed = true;
  }

  /** Waits for the current write. @throws its error */
  end(): Promise<void> {
    return this.#writing;
  }

  /** Waits until no write is in progress, and ignores its outcome. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#writing]);
  }

  /** A rejection is handled when the next write begins, so it must not count as unhandled before. */
  #begin(views: readonly Uint8Array[]): Promise<void> {
    const begun = this.#write(views);
    begun.catch((error: unknown) => {
      this.#hasFailed = true;
      if (!this.#isHushed) this.#failed(error);
    });
    return begun;
  }
}
