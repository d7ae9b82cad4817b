import { Transform } from 'node:stream';
import { abortError, onAbort } from '../abort.js';
import type { StreamHeader } from '../format/stream-header.js';
import { isError } from '../realms.js';
import type { Direction, Service } from '../session/diagnostics.js';
import { StreamReport } from '../session/diagnostics.js';
import type { StreamSettings } from '../session/stream-options.js';

/**
 * What the streams of both directions say of themselves, beside what a Transform does. A chunk that they give has its
 * memory to itself, and is never written again.
 */
export interface SealpipeStream extends Transform {
  /** What the preamble says; there from the `header` event on. */
  readonly header: StreamHeader | undefined;
  /** Bytes taken so far: plaintext of an encrypt stream, the sealed stream of a decrypt stream. */
  readonly bytesIn: number;
  /** Bytes given so far, preamble included. */
  readonly bytesOut: number;
  /** Whole frames sealed or opened so far. */
  readonly framesOut: number;
  /** `header` is emitted once, when the keys are there and before anything is given. */
  on(event: 'header', listener: (header: StreamHeader) => void): this;
  /** As of any Transform. */
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  /** As `on`. `events.once(stream, 'header')` rejects where the stream fails first. */
  once(event: 'header', listener: (header: StreamHeader) => void): this;
  /** As of any Transform. */
  once(event: string | symbol, listener: (...args: never[]) => void): this;
}

/** A Transform with key calls, an abort signal, and keys to wipe at its end, whichever end that is. */
export abstract class KeyedTransform extends Transform {
  readonly #signal: AbortSignal | undefined;
  readonly #keyCalls = new AbortController();
  readonly #report: StreamReport;
  #stopListening: (() => void) | undefined;
  #header: StreamHeader | undefined;
  #bytesOut = 0;
  /** As `destroyed`, which asks both sides of the stream. */
  #isOver = false;
  protected taken = 0;

  constructor(
    direction: Direction,
    { signal, readableHighWaterMark, writableHighWaterMark }: StreamSettings,
  ) {
    // Node would replace what UTF-8 cannot hold: a writer of text looks first.
    const decodeStrings = direction === 'decrypt';
    super({ readableHighWaterMark, writableHighWaterMark, decodeStrings });
    this.#signal = signal;
    this.#report = new StreamReport(direction);
  }

  get header(): StreamHeader | undefined {
    return this.#header;
  }

  get bytesIn(): number {
    return this.taken;
  }

  get bytesOut(): number {
    return this.#bytesOut;
  }

  /** Aborted as soon as the stream is destroyed before its keys are there, for whatever reason. */
  protected get keySignal(): AbortSignal {
    return this.#keyCalls.signal;
  }

  abstract get framesOut(): number;

  /** What must be done before the first byte is taken. */
  protected abstract begin(): Promise<void>;

  /** Wipes every key and every plaintext that is held. May be called more than once. */
  protected abstract wipe(): void;

  /** The keys are there. */
  protected announce(header: StreamHeader, service: Service): void {
    this.#header = header;
    this.#report.start(header, service);
    this.emit('header', header);
  }

  /** The last frame is sealed or verified: nothing of the stream is missing, and no key is needed any more. */
  protected complete(): void {
    this.wipe();
    this.#report.end(this.#counts());
  }

  #counts(): { bytesIn: number; bytesOut: number; frames: number } {
    return { bytesIn: this.bytesIn, bytesOut: this.bytesOut, frames: this.framesOut };
  }

  /** Pushes. A listener may destroy the stream meanwhile: then this throws, and no wiped key is used any further. */
  protected readonly give = (bytes: Uint8Array): void => {
    if (!this.#isOver) {
      this.#bytesOut += bytes.length;
      this.push(bytes);
    }
    if (this.#isOver) throw new Error('The stream was destroyed');
  };

  /** What to call back with: an Error in any case, but of a destroyed stream the first error stands. */
  protected failure(error: unknown): Error | null {
    if (this.destroyed) return null;
    return isError(error) ? error : new Error('A listener threw what is no error', { cause: error });
  }

  override _construct(callback: (error?: Error | null) => void): void {
    if (this.destroyed) {
      callback();
    } else if (this.#signal?.aborted) {
      callback(abortError(this.#signal));
    } else {
      const signal = this.#signal;
      if (signal) this.#stopListening = onAbort(signal, () => this.destroy(abortError(signal)));
      this.settle(this.begin(), callback);
    }
  }

  /** Node calls `_destroy` only after `_construct` has called back: a key call that hangs is ended here. */
  override destroy(error?: Error, callback?: (error?: Error | null) => void): this {
    this.#isOver = true;
    if (this.#header === undefined) this.#keyCalls.abort();
    return Reflect.apply(super.destroy, this, [error, callback]) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stopListening?.();
    this.wipe();
    this.#report.error(error, this.#counts());
    callback(error);
  }

  /** Calls back outside of the promise, so that what a listener of the user's throws is no unhandled rejection. */
  protected settle(work: Promise<void>, callback: (error?: Error | null) => void): void {
    work.then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, this.failure(error)),
    );
  }
}
