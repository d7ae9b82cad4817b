import type { TransformCallback } from 'node:stream';
import type { Preamble } from '../format/preamble.js';
import { assertKept, assertLengthIsFixed } from '../frames/frame-errors.js';
import { FrameOpener } from '../frames/opener.js';
import type { DecryptOptions, DecryptSettings } from '../session/decrypt-options.js';
import { decryptSettings } from '../session/decrypt-options.js';
import { OpenSession } from '../session/open-session.js';
import { plaintextGuard } from '../session/setup/open-setup.js';
import type { SealpipeStream } from './keyed-transform.js';
import { KeyedTransform } from './keyed-transform.js';

/**
 * A stream that decrypts a sealed stream. `header` is emitted after the commitment has been checked and before the
 * first plaintext.
 */
export interface DecryptStream extends SealpipeStream {}

/**
 * Creates a stream that decrypts what is written to it. Plaintext is released only after the tag of its frame has been
 * verified. The plaintext is known to be complete only when the stream has ended without an error.
 *
 * The stream fails (`error`) with `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT`, `_CONTEXT`, `_KEY_MISMATCH`,
 * `_AUTHENTICATION`, `_TRUNCATED` or `_TRAILING_DATA` (FORMAT 7), `_KEY_NOT_FOUND`, `_KEY_DENIED`, `_KEY_UNAVAILABLE`
 * or `_TIMEOUT` if a key call failed and no other recipient opened the stream, or an AbortError.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`, for invalid options
 * @example
 * await pipeline(createReadStream('app.log.sealed'), createDecryptStream({ keys }), createWriteStream('app.log'));
 */
export function createDecryptStream(options: DecryptOptions): DecryptStream {
  return new DecryptTransform(decryptSettings(options));
}

class DecryptTransform extends KeyedTransform<FrameOpener> implements DecryptStream {
  protected override readonly session: OpenSession<FrameOpener>;

  constructor(settings: DecryptSettings) {
    super(settings, { decodeStrings: true });
    this.session = new OpenSession(
      settings,
      (cipher, layout, header) => new FrameOpener(cipher, layout, plaintextGuard(header, this.give)),
      (error) => void this.destroy(error),
    );
  }

  protected override async begin(): Promise<void> {}

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    // Node continues with the queued writes after one of them has failed.
    if (this.errored !== null) {
      callback(this.errored);
      return;
    }
    const { session } = this;
    session.bytesIn += chunk.length;
    try {
      assertKept(chunk, chunk.length);
      assertLengthIsFixed(chunk);
      if (session.frames === undefined) {
        const { taken, preamble } = session.preamble.take(chunk, 0);
        if (preamble !== undefined) {
          this.settle(this.#unlock(preamble, chunk.subarray(taken)), callback);
          return;
        }
      } else {
        session.frames.write(chunk);
      }
    } catch (error) {
      callback(this.failure(error));
      return;
    }
    callback();
  }

  override _flush(callback: TransformCallback): void {
    const { session } = this;
    try {
      if (session.frames === undefined) throw session.preamble.end();
      session.frames.finish();
      session.complete();
    } catch (error) {
      callback(this.failure(error));
      return;
    }
    callback();
  }

  async #unlock(preamble: Preamble, rest: Uint8Array): Promise<void> {
    const { length } = rest;
    const frames = await this.session.unlock(preamble);
    this.announce();
    if (this.destroyed) return;
    assertKept(rest, length);
    frames.write(rest);
  }
}
