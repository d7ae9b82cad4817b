import type { TransformCallback } from 'node:stream';
import { optionsTypeError } from '../errors.js';
import { assertLengthIsFixed } from '../frames/frame-errors.js';
import { FrameSealer } from '../frames/sealer.js';
import type { EncryptOptions, EncryptSettings } from '../session/encrypt-options.js';
import { encryptSettings } from '../session/encrypt-options.js';
import { SealSession } from '../session/seal-session.js';
import { bytesOfText } from '../session/text-bytes.js';
import { FlushQueue } from './flush-queue.js';
import type { SealpipeStream } from './keyed-transform.js';
import { KeyedTransform } from './keyed-transform.js';

/** A stream that turns plaintext into a sealed stream. `header` is emitted before the first byte. */
export interface EncryptStream extends SealpipeStream {
  /**
   * Seals the bytes written so far as a frame (record layout), in order with the writes around it.
   *
   * @returns resolves once the frame has been pushed; rejects in the fixed layout, after `end()`, and if the stream
   * fails first. An ignored rejection does not count as unhandled.
   */
  flush(): Promise<void>;
}

/**
 * Creates a stream that encrypts what is written to it: bytes, or strings, which are encoded as UTF-8 by default
 * (change it with the write's encoding or `setDefaultEncoding`). The key call begins at once. After an error,
 * `destroy()` or an abort the stream has no last frame, and no reader accepts it as complete.
 *
 * Written bytes must not change until the write has called back; if their memory is transferred or resized before they
 * are sealed, the stream fails. It also fails if a string has characters that its encoding cannot represent, such as
 * half of a surrogate pair: write whole characters. Both are a TypeError `ERR_SEALPIPE_OPTIONS`.
 *
 * The stream fails (`error`) with `ERR_SEALPIPE_KEY_NOT_FOUND`, `_KEY_DENIED`, `_KEY_UNAVAILABLE` or `_TIMEOUT` if a
 * key call failed, `_LENGTH`, `_CONFIRM`, `_LIMIT` beyond the bounds of FORMAT 6, or an AbortError.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`, for invalid options
 * @example
 * await pipeline(createReadStream('app.log'), createEncryptStream({ keys }), createWriteStream('app.log.sealed'));
 */
export function createEncryptStream(options: EncryptOptions): EncryptStream {
  return new EncryptTransform(encryptSettings(options));
}

class EncryptTransform extends KeyedTransform<FrameSealer> implements EncryptStream {
  readonly #flushes = new FlushQueue();
  protected override readonly session: SealSession<FrameSealer>;

  constructor(settings: EncryptSettings) {
    // Node would silently replace characters that UTF-8 cannot represent, so the text is checked first.
    super(settings, { decodeStrings: false });
    this.session = new SealSession(
      settings,
      (cipher, layout) => new FrameSealer(cipher, layout, this.give),
      (error) => void this.destroy(error),
    );
  }

  flush(): Promise<void> {
    if (this.session.settings.layout !== 'record') return refused('flush() needs `layout: "record"`');
    if (this.writableEnded || this.destroyed) return refused('flush() came after the end of the stream');
    const { marker, flushed } = this.#flushes.add();
    this.write(marker);
    return flushed;
  }

  protected override async begin(): Promise<void> {
    const { preamble } = await this.session.begin();
    this.announce();
    this.give(preamble);
  }

  override _transform(given: Buffer | string, encoding: BufferEncoding, callback: TransformCallback): void {
    // Node continues with the queued writes after one of them has failed.
    if (this.errored !== null) {
      callback(this.errored);
      return;
    }
    const { session } = this;
    try {
      const chunk =
        typeof given === 'string' ? bytesOfText('A string that was written', given, encoding) : given;
      if (chunk.length === 0 && this.#flushes.has(chunk)) {
        session.frames!.flush();
        this.#flushes.resolve(chunk);
      } else {
        assertLengthIsFixed(chunk);
        session.take(chunk.length);
        session.frames!.write(chunk);
      }
    } catch (error) {
      callback(this.failure(error));
      return;
    }
    callback();
  }

  override _flush(callback: TransformCallback): void {
    this.settle(this.#finish(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#flushes.rejectAll(() => error ?? destroyedEarly());
    super._destroy(error, callback);
  }

  async #finish(): Promise<void> {
    const { session } = this;
    session.end();
    await session.confirm();
    session.frames!.finish();
    session.complete();
  }
}

function refused(why: string): Promise<never> {
  const refusal = Promise.reject(optionsTypeError(why));
  refusal.catch(() => undefined);
  return refusal;
}

function destroyedEarly(): Error {
  return Object.assign(new Error('The stream was destroyed before the flush'), {
    code: 'ERR_STREAM_DESTROYED',
  });
}
