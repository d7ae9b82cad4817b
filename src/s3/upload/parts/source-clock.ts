import { SealpipeError } from '../../../errors.js';

/** Limits the wait for a silent source, if there is a limit. It needs one timer, however many chunks arrive. */
export class SourceClock {
  readonly #limit: number;
  readonly #onSilence: (error: SealpipeError) => void;
  #since = performance.now();
  #waits = true;
  #timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds; 0: no limit */
  constructor(limit: number, onSilence: (error: SealpipeError) => void) {
    this.#limit = limit;
    this.#onSilence = onSilence;
    if (limit > 0) this.#arm(limit);
  }

  /** The wait for the source begins. */
  start(): void {
    if (this.#limit === 0) return;
    this.#since = performance.now();
    this.#waits = true;
  }

  /** The wait ends: received plaintext is being processed. */
  stop(): void {
    this.#waits = false;
  }

  /** Stops the clock for good. */
  end(): void {
    this.#waits = false;
    clearTimeout(this.#timer);
  }

  #arm(delay: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#waits ? this.#limit - (performance.now() - this.#since) : this.#limit;
      if (left > 0) {
        this.#arm(left);
        return;
      }
      this.#onSilence(
        new SealpipeError('ERR_SEALPIPE_TIMEOUT', `The source produced nothing for ${this.#limit} ms`, {
          hint: 'Check the source of the plaintext, or raise `sourceTimeout`',
          retryable: true,
        }),
      );
    }, delay);
  }
}
