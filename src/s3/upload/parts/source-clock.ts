import { SealpipeError } from '../../../errors.js';
import { StallWatch } from '../../store/requests/stall-watch.js';

/** Limits the wait for a silent source, if there is a limit. It needs one timer, however many chunks arrive. */
export class SourceClock {
  readonly #watch: StallWatch | undefined;

  /** @param limit milliseconds; 0: no limit */
  constructor(limit: number, onSilence: (error: SealpipeError) => void) {
    if (limit > 0) this.#watch = new StallWatch(limit, () => onSilence(silence(limit)));
  }

  /** The wait for the source begins. */
  start(): void {
    this.#watch?.moved();
  }

  /** The wait ends: received plaintext is being processed. */
  stop(): void {
    this.#watch?.rest();
  }

  /** Stops the clock for good. */
  end(): void {
    this.#watch?.end();
  }
}

function silence(limit: number): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_TIMEOUT', `The source produced nothing for ${limit} ms`, {
    hint: 'Check the source of the plaintext, or raise `sourceTimeout`',
    retryable: true,
  });
}
