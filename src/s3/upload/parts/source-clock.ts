import { SealpipeError } from '../../../errors.js';

/** Ends the wait for a source that gives nothing for too long, if it may not be silent. One timer, however much comes. */
export class SourceClock {
  readonly #limit: number;
  readonly #onSilence: (error: SealpipeError) => void;
  #since = performance.now();
  #waits = true;
  #timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds; 0: none */
  constructor(limit: number, onSilence: (error: SealpipeError) => void) {
    this.#limit = limit;
    this.#onSilence = onSilence;
    if (limit > 0) this.#arm(limit);
  }

  /** The source is waited for from now on. */
  start(): void {
    if (this.#limit === 0) return;
    this.#since = performance.now();
    this.#waits = true;
  }

  /** It is not waited for: what came is being worked on. */
  stop(): void {
    this.#waits = false;
  }

  /** It is never waited for again. */
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
        new SealpipeError('ERR_SEALPIPE_TIMEOUT', `The source gave nothing for ${this.#limit} ms`, {
          hint: 'Look at what makes the plaintext, or raise `sourceTimeout`',
          retryable: true,
        }),
      );
    }, delay);
  }
}
