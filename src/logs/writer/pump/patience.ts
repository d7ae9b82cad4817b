import { isSystemError } from '../../../system-error.js';

/** What passes when somebody makes room. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EINTR', 'ENOMEM', 'ENOBUFS']);
/** Milliseconds between two attempts: at first, and at most. */
const LEAST_PAUSE = 500;
const MOST_PAUSE = 5_000;
/** Milliseconds for which a frame is held that cannot be written. */
const HOLD = 60_000;
/** Milliseconds of failures after which an end fails. */
const END = 5_000;

/** Whether an error may be over when the same bytes are written on. */
export function isPassing(error: unknown): boolean {
  return isSystemError(error) && PASSING.has(error.code ?? '');
}

/** How long a writer goes on trying. All by `performance.now()`. */
export class Patience {
  #troubleSince: number | undefined;
  #heldSince: number | undefined;
  #endSince: number | undefined;
  #failures = 0;
  #failure: unknown;
  #isWaiting = false;
  readonly #tell: (error?: unknown) => void;

  /** Nothing is tried before. */
  until = 0;

  /** @param tell hears what the first pause is for, and, without an error, that an attempt has succeeded after it */
  constructor(tell: (error?: unknown) => void) {
    this.#tell = tell;
  }

  /** What failed last; undefined if the last attempt succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether what is held has been held long enough. */
  get isExhausted(): boolean {
    return this.#heldSince !== undefined && performance.now() - this.#heldSince >= HOLD;
  }

  /** Whether an end that is waited for fails. */
  get isOver(): boolean {
    if (this.#endSince === undefined || this.#troubleSince === undefined) return false;
    return performance.now() - Math.max(this.#endSince, this.#troubleSince) >= END;
  }

  /** An attempt failed: the same is to be tried again. */
  fail(error: unknown): void {
    this.#heldSince ??= performance.now();
    this.#note(error);
    this.#rest(error);
  }

  /** A segment was given up: the next one begins at once, unless that is going on and on. */
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

  /** Somebody waits for the end. */
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
