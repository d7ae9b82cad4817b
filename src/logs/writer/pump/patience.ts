import { isSystemError } from '../../../system-error.js';

/** Errors that may pass, for example when disk space is freed, or other files are closed. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EINTR', 'ENOMEM', 'ENOBUFS', 'EMFILE', 'ENFILE']);
/** The first and the longest pause between two attempts, in milliseconds. */
const LEAST_PAUSE = 500;
const MOST_PAUSE = 5_000;
/** Milliseconds for which a frame that cannot be written is kept. */
const HOLD = 60_000;
/** Milliseconds of failures after which `end` fails. */
const END = 5_000;

/** Whether writing the same bytes again may succeed. */
export function isPassing(error: unknown): boolean {
  return isSystemError(error) && PASSING.has(error.code ?? '');
}

/** How long a writer keeps trying. All times by `performance.now()`. */
export class Patience {
  #troubleSince: number | undefined;
  #heldSince: number | undefined;
  #endSince: number | undefined;
  #failures = 0;
  #failure: unknown;
  #isWaiting = false;
  readonly #tell: (error?: unknown) => void;

  /** No attempt is made before this time. */
  until = 0;

  /** @param tell called with the error before the first pause, and without one when an attempt succeeds afterwards */
  constructor(tell: (error?: unknown) => void) {
    this.#tell = tell;
  }

  /** The last error; undefined if the last attempt succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether a frame has been kept long enough. */
  get isExhausted(): boolean {
    return this.#heldSince !== undefined && performance.now() - this.#heldSince >= HOLD;
  }

  /** Whether a waiting `end` fails. */
  get isOver(): boolean {
    if (this.#endSince === undefined || this.#troubleSince === undefined) return false;
    return performance.now() - Math.max(this.#endSince, this.#troubleSince) >= END;
  }

  /** An attempt failed and will be repeated. */
  fail(error: unknown): void {
    this.#heldSince ??= performance.now();
    this.#note(error);
    this.#rest(error);
  }

  /** A segment was abandoned: the next one begins at once, unless this happens repeatedly. */
  startOver(error: unknown): void {
    this.#heldSince = undefined;
    this.#note(error);
    if (this.#failures > 1) this.#rest(error);
  }

  /** An attempt succeeded. */
  reset(): void {
    this.#troubleSince = undefined;
    this.#heldSince = undefined;
    this.#failures = 0;
    this.#failure = undefined;
    this.until = 0;
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#tell();
  }

  /** `end` was called. */
  shorten(): void {
    this.#endSince ??= performance.now();
    this.until = 0;
  }

  #note(error: unknown): void {
    this.#failure = error;
    this.#failures += 1;
    this.#troubleSince ??= performance.now();
  }

  #rest(error: unknown): void {
    const longest = this.#endSince === undefined ? MOST_PAUSE : LEAST_PAUSE;
    this.until = performance.now() + Math.min(LEAST_PAUSE * 2 ** Math.min(this.#failures - 1, 10), longest);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#tell(error);
  }
}
