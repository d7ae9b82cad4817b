import { optionsTypeError } from '../errors.js';

/** How far a long call is. */
export interface Progress {
  /** Bytes of the sealed stream that were worked on so far. */
  readonly bytesIn: number;
  /** Bytes of plaintext that came of them. */
  readonly bytesOut: number;
  /** Bytes of the sealed stream in all, if that is known. */
  readonly total?: number;
}

/** Hears how far a call is, at most ten times a second, and once at the end. What it throws ends the call. */
export type ProgressListener = (progress: Progress) => void;

const INTERVAL = 100;

/** Tells a listener how far a call is. No timer: it is asked as the bytes come. */
export class ProgressReport {
  readonly #listener: ProgressListener | undefined;
  readonly #total: number | undefined;
  #last = performance.now();

  /** @throws TypeError `ERR_SEALPIPE_OPTIONS` for what is no function */
  constructor(listener: ProgressListener | undefined, total?: number) {
    if (listener !== undefined && typeof listener !== 'function') {
      throw optionsTypeError('`onProgress` must be a function');
    }
    this.#listener = listener;
    this.#total = total;
  }

  /** Passes on that so much was done, unless it did so just now. */
  tell(bytesIn: number, bytesOut: number): void {
    if (this.#listener === undefined) return;
    const now = performance.now();
    if (now - this.#last < INTERVAL) return;
    this.#last = now;
    this.end(bytesIn, bytesOut);
  }

  /** Passes on how much was done in all. */
  end(bytesIn: number, bytesOut: number): void {
    this.#listener?.({ bytesIn, bytesOut, ...(this.#total !== undefined && { total: this.#total }) });
  }
}
