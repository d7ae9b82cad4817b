import type { ErrorCode } from '../../errors.js';
import { isSealpipeError, SealpipeError } from '../../errors.js';
import type { Retry } from '../../s3/store/store-calls.js';

/** Informs about failures that a following reader waits out: the failure when they begin, undefined when they are over. */
export type OutageListener = (failure: SealpipeError | undefined) => void;

/** Failures of a store or a key service. Any other failure says something about the archive. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  'ERR_SEALPIPE_STORE',
  'ERR_SEALPIPE_KEY_UNAVAILABLE',
  'ERR_SEALPIPE_TIMEOUT',
]);

/** The name of the error of a request that moved no byte. */
const STALLED = 'StalledError';

/** Whether an error is a failure that may pass. */
export function isPassingFailure(error: unknown): error is SealpipeError {
  return isSealpipeError(error) && error.retryable === true && OUTAGES.has(error.code);
}

/** Reports each outage once when it begins, and once when it is over. */
export class OutageWatch {
  readonly #listener: OutageListener;
  #isOut = false;

  constructor(listener: OutageListener = () => undefined) {
    this.#listener = listener;
  }

  /** A request is sent again. A stalled one has taken a minute, and its other tries may take as long. */
  retried({ facts }: Retry): void {
    if (facts.name === STALLED) this.tell(stalledFailure());
  }

  /** @param failure of the latest round of requests; undefined if all succeeded */
  tell(failure: SealpipeError | undefined): void {
    if (this.#isOut === (failure !== undefined)) return;
    this.#isOut = failure !== undefined;
    this.#listener(failure);
  }
}

function stalledFailure(): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_STORE', 'The connection to the store stalled', { retryable: true });
}
