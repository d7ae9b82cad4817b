import { Transform } from 'node:stream';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import { isError } from '../realms.js';
import type { Frames, Session } from '../session/session.js';
import type { StreamSettings } from '../session/stream-options.js';

/**
 * The additions of both kinds of stream to a Transform. Each chunk that they push has separate memory, which is never
 * written again.
 */
export interface SealpipeStream extends Transform {
  /** The contents of the preamble; set from the `header` event on. */
  readonly header: StreamHeader | undefined;
  /**
   * The recipient that opened the stream (decrypt), or the one that its first key provider created (encrypt); set from
   * the `header` event on.
   */
  readonly recipient: Recipient | undefined;
  /** Bytes taken so far: plaintext for an encrypt stream, the sealed stream for a decrypt stream. */
  readonly bytesIn: number;
  /** Bytes pushed so far, including the preamble. */
  readonly bytesOut: number;
  /** Whole frames sealed or opened so far. */
  readonly framesOut: number;
  /** `header` is emitted once, when the keys are known and before any output. */
  on(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Transform. */
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  /** Like `on`. `events.once(stream, 'header')` rejects if the stream fails first. */
  once(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Transform. */
  once(event: string | symbol, listener: (...args: never[]) => void): this;
}

/** A Transform over a session. It moves bytes, and ends the session however the stream ends. */
export abstract class KeyedTransform<F extends Frames> extends Transform {
  /** Like `destroyed`, but without the getter's look at both sides of the stream. */
  #isOver = false;
  protected abstract readonly session: Session<F>;

  constructor(
    { readableHighWaterMark, writableHighWaterMark }: StreamSettings,
    { decodeStrings }: { readonly decodeStrings: boolean },
  ) {
    super({ readableHighWaterMark, writableHighWaterMark, decodeStrings });
  }

  get header(): StreamHeader | undefined {
    return this.session.header;
  }

  get recipient(): Recipient | undefined {
    return this.session.recipient;
  }

  get bytesIn(): number {
    return this.session.bytesIn;
  }

  get bytesOut(): number {
    return this.session.bytesOut;
  }

  get framesOut(): number {
    return this.session.framesOut;
  }

  /** The work to do before the first byte is taken. */
  protected abstract begin(): Promise<void>;

  /** Called once the keys are known. The stream may have been destroyed since then. */
  protected announce(): void {
    if (!this.#isOver) this.emit('header', this.session.header);
  }

  /** Pushes a chunk. Throws if a listener destroys the stream, so that no wiped key is used. */
  protected readonly give = (bytes: Uint8Array): void => {
    if (!this.#isOver) {
      this.session.bytesOut += bytes.length;
      this.push(bytes);
    }
    if (this.#isOver) throw new Error('The stream was destroyed');
  };

  /** The error to call back with. It is always an Error; once the stream is destroyed, its first error is kept. */
  protected failure(error: unknown): Error | null {
    if (this.destroyed) return null;
    return isError(error)
      ? error
      : new Error('A listener threw a value that is not an error', { cause: error });
  }

  override _construct(callback: (error?: Error | null) => void): void {
    if (this.destroyed) {
      callback();
      return;
    }
    try {
      this.session.start();
    } catch (error) {
      callback(error as Error);
      return;
    }
    this.settle(this.begin(), callback);
  }

  /** Node calls `_destroy` only after `_construct` has called back, so a hanging key call is ended here. */
  override destroy(error?: Error, callback?: (error?: Error | null) => void): this {
    this.#isOver = true;
    this.session.stop(error);
    return Reflect.apply(super.destroy, this, [error, callback]) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.session.close(error);
    callback(error);
  }

  /** Calls back outside the promise, so that an exception of a user's listener is not an unhandled rejection. */
  protected settle(work: Promise<void>, callback: (error?: Error | null) => void): void {
    work.then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, this.failure(error)),
    );
  }
}
