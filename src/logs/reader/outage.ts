import type { ErrorCode, SealpipeError } from '../../errors.js';
import { isSealpipeError } from '../../errors.js';

/** Informs about failures that a following reader waits out: the failure when they begin, undefined when they are over. */
export type OutageListener = (failure: SealpipeError | undefined) => void;

/** Failures of a store or a key service. Any other failure says something about the archive. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  'ERR_SEALPIPE_STORE',
  'ERR_SEALPIPE_KEY_UNAVAILABLE',
  'ERR_SEALPIPE_TIMEOUT',
]);

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

  /** @param failure of the latest round of requests; undefined if all succeeded */
  tell(failure: SealpipeError | undefined): void {
    if (this.#isOut === (failure !== undefined)) return;
    this.#isOut = failure !== undefined;
    this.#listener(failure);
  }
}
