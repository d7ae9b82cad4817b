import type { PipeCalls } from '../../crypto/native/pipe-calls.js';

/**
 * One end of a pipe, by a descriptor with O_NONBLOCK. It never blocks a thread: it waits for data or room in the event
 * loop, and the wait can be ended.
 */
export class PipeEnd {
  readonly #calls: PipeCalls;
  readonly #forRoom: boolean;
  readonly #release: () => void;
  #wait: { readonly resolve: () => void; readonly reject: (why: unknown) => void } | undefined;
  #givenUp: { readonly why: unknown } | undefined;
  #isClosed = false;

  /**
   * @param calls makes the calls of the end; receives the callback for when it is ready
   * @param forRoom whether to wait for room instead of bytes
   * @param release closes the descriptor
   */
  constructor(
    calls: (wake: () => void) => PipeCalls,
    { forRoom, release }: { readonly forRoom: boolean; readonly release: () => void },
  ) {
    this.#calls = calls(() => this.#wake());
    this.#forRoom = forRoom;
    this.#release = release;
  }

  /**
   * Moves the bytes that can be moved at once, and waits if there are none.
   *
   * @throws (rejects) the error of the system; the error that ended the wait
   */
  async move(views: readonly Uint8Array[]): Promise<number> {
    const { read, write } = this.#calls;
    const call = this.#forRoom ? write : read;
    for (;;) {
      if (this.#givenUp !== undefined) throw this.#givenUp.why;
      const moved = call(views);
      if (moved !== undefined) return moved;
      await this.#ready();
    }
  }

  /** Ends the current wait, and every later one, with `why`. */
  giveUp(why: unknown): void {
    this.#givenUp ??= { why };
    const wait = this.#wait;
    this.#wait = undefined;
    wait?.reject(this.#givenUp.why);
    // A waiting watch would keep the process alive.
    this.#calls.watch.close();
  }

  /** Releases the end. No call may be in progress. May be called more than once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#calls.watch.close();
    this.#release();
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wait = { resolve, reject };
      this.#calls.watch.wait(this.#forRoom);
    });
  }

  #wake(): void {
    const wait = this.#wait;
    this.#wait = undefined;
    wait?.resolve();
  }
}
