import { Transform } from 'node:stream';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import { isError } from '../realms.js';
import type { Frames, Session } from '../session/session.js';
import type { StreamSettings } from '../session/stream-options.js';

/**
 * What the streams of both directions add to a Transform. Each chunk that they push has its own memory, and is never
 * written again.
 */
export interface SealpipeStream extends Transform {
  /** What the preamble says; set from the `header` event on. */
  readonly header: StreamHeader | undefined;
  /**
   * The recipient that opened the stream (decrypt), or the one that its first key provider made (encrypt); set from the
   * `header` event on.
   */
  readonly recipient: Recipient | undefined;
  /** Bytes taken so far: plaintext of an encrypt stream, the sealed stream of a decrypt stream. */
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

/** A Transform over a session: it moves bytes, and ends the session whichever way the stream ends. */
export abstract class KeyedTransform<F extends Frames> extends Transform {
  /** Like `destroyed`, which asks both sides of the stream. */
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

  /** What must be done before the first byte is taken. */
  protected abstract begin(): Promise<void>;

  /** Called once the keys are known. The stream may have been destroyed since they came. */
  protected announce(): void {
    if (!this.#isOver) this.emit('header', this.session.header);
  }

  /** Pushes. If a listener destroys the stream, this throws, so that no wiped key is used. */
  protected readonly give = (bytes: Uint8Array): void => {
    if (!this.#isOver) {
      this.session.bytesOut += bytes.length;
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

  /** Node calls `_destroy` only after `_construct` has called back: a key call that hangs is ended here. */
  override destroy(error?: Error, callback?: (error?: Error | null) => void): this {
    this.#isOver = true;
    this.session.stop(error);
    return Reflect.apply(super.destroy, this, [error, callback]) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.session.close(error);
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
