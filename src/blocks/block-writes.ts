/** The writes of a rotation, one behind the other: one is under way at most. */
export class BlockWrites {
  readonly #write: (views: readonly Uint8Array[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #writing: Promise<void>;
  #hasFailed = false;
  #isHushed = false;

  /**
   * @param first is written before everything else
   * @param failed is told at once of a write that fails, if that is the first error
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

  /** Begins a write as soon as the one under way has ended. @throws the error of that one */
  async follow(views: readonly Uint8Array[]): Promise<void> {
    await this.#writing;
    this.#writing = this.#begin(views);
  }

  /**
   * After an error of the work: what was ready goes out all the same, and what becomes of it is told to nobody.
   *
   * @throws the error of a write that failed before
   */
  async finish(views: readonly Uint8Array[]): Promise<void> {
    if (this.#hasFailed) await this.#writing;
    this.hush();
    await this.follow(views).catch(() => undefined);
    await this.idle();
  }

  /** Tells of no failure from now on: there was another one before. */
  hush(): void {
    this.#isHushed = true;
  }

  /** Waits for the write under way. @throws its error */
  end(): Promise<void> {
    return this.#writing;
  }

  /** Waits until nothing is under way, whatever becomes of it. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#writing]);
  }

  /** A failure is looked at when its turn comes, and is never an unhandled one until then. */
  #begin(views: readonly Uint8Array[]): Promise<void> {
    const begun = this.#write(views);
    begun.catch((error: unknown) => {
      this.#hasFailed = true;
      if (!this.#isHushed) this.#failed(error);
    });
    return begun;
  }
}
