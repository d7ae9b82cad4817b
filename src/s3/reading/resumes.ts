import { pause } from '../../abort.js';
import { isSealpipeError, SealpipeError } from '../../errors.js';
import { factsOf, storeCause } from '../store/errors/store-error.js';
import type { Pace } from '../store/pace.js';
import { pauseAfter } from '../store/pace.js';
import type { Retry } from '../store/store-calls.js';

/** How often a read resumes without progress. */
const MOST = 5;
/** Bytes that count as progress: a store that gives a few bytes per connection makes none. */
const PROGRESS = 16_384;

/** Counts the connections of one read that broke since the read last made progress. */
export class Resumes {
  readonly #pace: Pace;
  readonly #onResume: ((retry: Retry) => void) | undefined;
  #made = 0;
  /** The position from which progress is measured. */
  #from = 0;

  constructor(pace: Pace, onResume?: (retry: Retry) => void) {
    this.#pace = pace;
    this.#onResume = onResume;
  }

  /** Counts for another connection, since all connections may break at once. */
  another(): Resumes {
    return new Resumes(this.#pace, this.#onResume);
  }

  /**
   * Waits after a connection broke, before the read resumes.
   *
   * @param position where it resumes
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`, retryable, if that happened too often without progress; an
   * error of our own; an AbortError
   */
  async next(error: unknown, position: number, signal: AbortSignal): Promise<void> {
    if (isSealpipeError(error)) throw error;
    if (this.#made === 0 || position - this.#from >= PROGRESS) {
      this.#made = 0;
      this.#from = position;
    }
    if (this.#made === MOST) throw brokenTooOften(error);
    this.#made += 1;
    this.#onResume?.({ operation: 'GetObject', tries: this.#made, facts: factsOf(error) });
    await pause(pauseAfter(this.#made, this.#pace), signal);
  }
}

function brokenTooOften(error: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_STORE',
    `The connection to the store broke or stalled while the object was read, even after ${MOST} more tries`,
    {
      hint: 'Check the network, and try again',
      retryable: true,
      cause: error === undefined ? undefined : storeCause(error),
    },
  );
}
