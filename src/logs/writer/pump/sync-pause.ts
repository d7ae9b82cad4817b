/** Milliseconds from the end of a sync to the next one, while lines keep coming and nobody waits for them. */
const PAUSE = 10;

/**
 * The pause between two syncs of a segment. To hand a sync to the system and to be woken again costs as much CPU as
 * some hundred lines, so a writer that is busy does not begin the next one at once.
 */
export class SyncPause {
  #until = Number.NEGATIVE_INFINITY;

  /** By `performance.now()`: when it is over. */
  get until(): number {
    return this.#until;
  }

  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** A sync has ended. */
  begin(): void {
    this.#until = performance.now() + PAUSE;
  }
}
