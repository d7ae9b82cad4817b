/** Milliseconds from the end of a sync to the next one, while lines keep coming and nobody waits for them. */
const PAUSE = 10;

/**
 * The pause between two syncs of a segment. Handing a sync to the system and being woken again costs as much CPU as
 * some hundred lines, so a busy writer does not begin the next one at once.
 */
export class SyncPause {
  #until = Number.NEGATIVE_INFINITY;

  /** When it is over, by `performance.now()`. */
  get until(): number {
    return this.#until;
  }

  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** Called when a sync has ended. */
  begin(): void {
    this.#until = performance.now() + PAUSE;
  }
}
