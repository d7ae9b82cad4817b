/** Does work in rounds, one after the other, as long as it is asked to. */
export class WorkLoop {
  readonly #round: () => Promise<void>;
  readonly #rested: () => void;
  #underWay: Promise<void> | undefined;
  #isAsked = false;
  #isOver = false;

  /**
   * @param round one round of work. Never rejects
   * @param rested called when no more rounds are asked for, unless the loop has ended
   */
  constructor(round: () => Promise<void>, rested: () => void) {
    this.#round = round;
    this.#rested = rested;
  }

  /** The current work. Once `isOver`, nothing begins after it. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks for a round after the current one, or at once. */
  readonly ask = (): void => {
    this.#isAsked = true;
    if (!this.#isOver) this.#underWay ??= this.#run();
  };

  /** No round begins any more. */
  end(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    await undefined; // `underWay` is set before any work begins.
    try {
      while (this.#isAsked && !this.#isOver) {
        this.#isAsked = false;
        await this.#round();
      }
    } finally {
      this.#underWay = undefined;
      if (!this.#isOver) this.#rested();
    }
  }
}
