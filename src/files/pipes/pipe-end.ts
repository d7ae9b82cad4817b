import type { PipeCalls } from '../../crypto/native/pipe-calls.js';

/**
 * One end of a pipe, by a descriptor that does not wait. No thread is ever blocked: it waits for data or room in the
 * event loop, and that wait can be given up.
 */
export class PipeEnd {
  readonly #calls: PipeCalls;
  readonly #forRoom: boolean;
  readonly #release: () => void;
  #wait: { readonly resolve: () => void; readonly reject: (why: unknown) => void } | undefined;
  #givenUp: { readonly why: unknown } | undefined;
  #isClosed = false;

  /**
   * @param calls makes the calls of the end, given what is to be called when it is ready
   * @param forRoom whether room is waited for rather than bytes
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
   * Moves what can be moved at once, and waits if that is nothing.
   *
   * @throws (rejects) the error of the system; what the wait was given up with
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

  /** Ends the wait that is under way, and every later one, with `why`. */
  giveUp(why: unknown): void {
    this.#givenUp ??= { why };
    const wait = this.#wait;
    this.#wait = undefined;
    wait?.reject(this.#givenUp.why);
    // A watch that was told to wait would keep the process.
    this.#calls.watch.close();
  }

  /** Lets go of the end: nothing may be under way. May be called more than once. */
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
