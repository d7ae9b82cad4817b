import { withSteadyHead } from '../../../files/heads/steady-head.js';
import type { ReadHeader } from './header.js';
import { readInputHeader } from './header.js';
import type { Input } from './input.js';
import { openInput } from './input.js';

/** An input that can be opened again if it is a file. The caller closes `input`. */
export class SteadyInput {
  readonly #operand: string | undefined;
  readonly #signal: AbortSignal;
  #input: Input;

  constructor(operand: string | undefined, input: Input, signal: AbortSignal) {
    this.#operand = operand === '-' ? undefined : operand;
    this.#input = input;
    this.#signal = signal;
  }

  /** The current input. */
  get input(): Input {
    return this.#input;
  }

  /**
   * Works with the header of the input. That of a file may be re-wrapped at the same time: see `withSteadyHead`.
   *
   * @param isPast whether a failure of the work does not come from the head
   * @throws (rejects) like `readInputHeader`; the error of the work; SealpipeError `ERR_SEALPIPE_LOCKED` if the journal
   * of a re-wrap lies beside FILE
   */
  withHead<T>(work: (head: ReadHeader) => Promise<T>, isPast: () => boolean = () => false): Promise<T> {
    let isRead = false;
    return withSteadyHead({
      read: async () => {
        if (isRead) await this.#reopen();
        isRead = true;
        return readInputHeader(this.#input, this.#signal);
      },
      open: work,
      isPast: () => isPast() || this.#signal.aborted,
      isSteady: this.#operand !== undefined && this.#input.size !== undefined,
      path: this.#operand,
    });
  }

  async #reopen(): Promise<void> {
    const again = await openInput(this.#operand);
    await this.#input.close();
    this.#input = again;
  }
}
