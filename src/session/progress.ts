import { assertListeners } from '../options.js';

/** The progress of a long call. */
export interface Progress {
  /** Bytes of the sealed stream processed so far. */
  readonly bytesIn: number;
  /** Bytes of plaintext in them. */
  readonly bytesOut: number;
  /** Size of the sealed stream in bytes, if known. */
  readonly total?: number;
}

/**
 * Receives the progress of a call, at most ten times a second and once at the end. An error that it throws ends the
 * call.
 */
export type ProgressListener = (progress: Progress) => void;

/** Milliseconds from one report of progress to the next. */
export const PROGRESS_INTERVAL = 100;

/** Reports the progress of a call to a listener. It needs no timer: it is called as bytes arrive. */
export class ProgressReport {
  readonly #listener: ProgressListener | undefined;
  readonly #total: number | undefined;
  #last = performance.now();

  /** @throws TypeError `ERR_SEALPIPE_OPTIONS` if it is not a function */
  constructor(listener: ProgressListener | undefined, total?: number) {
    assertListeners({ onProgress: listener });
    this.#listener = listener;
    this.#total = total;
  }

  /** Reports the progress, unless it did so just before. */
  tell(bytesIn: number, bytesOut: number): void {
    if (this.#listener === undefined) return;
    const now = performance.now();
    if (now - this.#last < PROGRESS_INTERVAL) return;
    this.#last = now;
    this.end(bytesIn, bytesOut);
  }

  /** Reports the final progress. */
  end(bytesIn: number, bytesOut: number): void {
    this.#listener?.({ bytesIn, bytesOut, ...(this.#total !== undefined && { total: this.#total }) });
  }
}
