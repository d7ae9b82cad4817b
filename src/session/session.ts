import { abortError, onAbort } from '../abort.js';
import type { FrameCipher } from '../crypto/aead.js';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import type { FrameLayout } from '../frames/layout.js';
import type { Direction } from './diagnostics.js';
import { StreamReport } from './diagnostics.js';
import type { Setup } from './setup/setup.js';

/** Seals or opens the frames of one stream. */
export interface Frames {
  /** Whole frames so far. */
  readonly frames: number;
  /** Wipes the key and pending bytes. May be called more than once. */
  wipe(): void;
}

/** Creates {@link SessionFrames} once the keys are known. They own the cipher from then on. */
export type MakeFrames<F extends Frames> = (
  cipher: FrameCipher,
  layout: FrameLayout,
  header: StreamHeader,
) => F;

/**
 * One sealed stream from its options to the wipe, independent of how its bytes are moved: key calls, header, counts,
 * the caller's signal, reports, and the wipe on every way out. An edge (a Transform, files, a one-shot call) moves the
 * bytes.
 */
export abstract class Session<F extends Frames> {
  readonly #signal: AbortSignal | undefined;
  readonly #makeFrames: MakeFrames<F>;
  readonly #onStop: (error: Error) => void;
  readonly #stopping = new AbortController();
  readonly #report: StreamReport;
  #stopListening: (() => void) | undefined;
  #frames: F | undefined;
  #header: StreamHeader | undefined;
  #recipient: Recipient | undefined;
  #isComplete = false;
  /** Bytes taken so far. */
  bytesIn = 0;
  /** Bytes produced so far, preamble included. */
  bytesOut = 0;

  /**
   * @param signal the caller's signal
   * @param onStop receives an error that comes from outside the edge: an abort, or an early rejection of `confirm`
   */
  constructor(
    direction: Direction,
    signal: AbortSignal | undefined,
    makeFrames: MakeFrames<F>,
    onStop: (error: Error) => void = () => undefined,
  ) {
    this.#signal = signal;
    this.#makeFrames = makeFrames;
    this.#onStop = onStop;
    this.#report = new StreamReport(direction);
  }

  /** The content of the preamble; undefined until the keys are known. */
  get header(): StreamHeader | undefined {
    return this.#header;
  }

  /** The recipient that was made first (sealing) or opened the stream; undefined until the keys are known. */
  get recipient(): Recipient | undefined {
    return this.#recipient;
  }

  /** Undefined until the keys are known. */
  get frames(): F | undefined {
    return this.#frames;
  }

  /** Whole frames sealed or opened so far. */
  get framesOut(): number {
    return this.#frames?.frames ?? 0;
  }

  /** Aborted with the session's first error: key calls are abandoned, and every step of an edge checks it. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Listens to the caller's signal from now on. @throws an AbortError if it is aborted */
  start(): void {
    const signal = this.#signal;
    if (signal === undefined) return;
    if (signal.aborted) throw abortError(signal);
    this.#stopListening = onAbort(signal, () => this.interrupt(abortError(signal)));
  }

  /** Abandons key calls and everything that waits. The first of several errors is kept. */
  stop(error?: Error): void {
    this.#stopping.abort(error);
  }

  /** Marks the stream as complete: the last frame is sealed or verified, and no key is needed any more. */
  complete(): void {
    this.#isComplete = true;
    this.wipe();
    this.#report.end(this.#counts());
  }

  /** Ends the session in every case: abandons calls, wipes, and reports an error unless the stream is complete. */
  close(error?: unknown): void {
    this.#stopListening?.();
    if (!this.#isComplete) this.#stopping.abort(error);
    this.wipe();
    this.#report.error(error, this.#counts());
  }

  /**
   * Runs the work of an edge that needs no events, and closes the session however that ends.
   *
   * @throws (rejects) the session's first error
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.start();
      const result = await work();
      this.complete();
      this.close();
      return result;
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Closes the session after an error. @returns the session's first error, to be thrown */
  fail(error: unknown): unknown {
    const first: unknown = this.stopped.aborted ? this.stopped.reason : error;
    this.close(first);
    return first;
  }

  /** Stops with an error from outside the edge, and reports it to the edge. */
  protected interrupt(error: Error): void {
    this.stop(error);
    this.#onStop(error);
  }

  /**
   * Takes the keys.
   *
   * @throws the session's first error if the session was stopped before; then the key is wiped
   */
  protected unlocked({ header, cipher, layout, service }: Setup): F {
    if (this.stopped.aborted) {
      cipher.wipe();
      throw this.stopped.reason;
    }
    // The keys may have been taken with another copy of the preamble before.
    this.#frames?.wipe();
    try {
      this.#frames = this.#makeFrames(cipher, layout, header);
    } catch (error) {
      cipher.wipe();
      throw error;
    }
    this.#header = header;
    this.#recipient = service.recipient;
    this.#report.start(header, service);
    return this.#frames;
  }

  /** Wipes every key and all plaintext in memory. */
  protected wipe(): void {
    this.#frames?.wipe();
  }

  #counts(): { bytesIn: number; bytesOut: number; frames: number } {
    return { bytesIn: this.bytesIn, bytesOut: this.bytesOut, frames: this.framesOut };
  }
}
