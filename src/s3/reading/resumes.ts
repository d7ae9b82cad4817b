import { pause } from '../../abort.js';
import { isSealpipeError, SealpipeError } from '../../errors.js';
import { factsOf, storeCause } from '../store/errors/store-error.js';
import type { Pace } from '../store/pace.js';
import { pauseAfter } from '../store/pace.js';
import type { Retry } from '../store/store-calls.js';

/** How often a read goes on where its connection broke. */
const MOST = 5;

/** Counts the connections of one read that broke. */
export class Resumes {
  readonly #pace: Pace;
  readonly #onResume: ((retry: Retry) => void) | undefined;
  #made = 0;

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
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`, retryable, if that happened too often; an error of our own; an
   * AbortError
   */
  async next(error: unknown, signal: AbortSignal): Promise<void> {
    if (isSealpipeError(error)) throw error;
    if (this.#made === MOST) throw brokenTooOften(error);
    this.#made += 1;
    this.#onResume?.({ operation: 'GetObject', tries: this.#made, facts: factsOf(error) });
    await pause(pauseAfter(this.#made, this.#pace), signal);
  }
}

function brokenTooOften(error: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_STORE',
    `The connection to the store broke or stood still while the object was read, also after ${MOST} more tries`,
    {
      hint: 'Check the network, and try again',
      retryable: true,
      cause: error === undefined ? undefined : storeCause(error),
    },
  );
}
