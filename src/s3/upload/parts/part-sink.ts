import { Writable } from 'node:stream';
import { optionsTypeError } from '../../../errors.js';
import { assertLengthIsFixed } from '../../../frames/frame-errors.js';
import { isBytes } from '../../../realms.js';
import { bytesOfText } from '../../../session/text-bytes.js';
import type { PartFiller } from './part-filler.js';
import { SourceClock } from './source-clock.js';

/** How many strings or chunks may wait to be read, each as long as the source makes them. */
const WAITING = 4;

/** Fills parts with the chunks of a stream. */
export class PartSink extends Writable {
  readonly #filler: PartFiller;
  readonly #clock: SourceClock;

  /** @param sourceTimeout milliseconds without plaintext after which the source has failed; 0: no limit */
  constructor(filler: PartFiller, sourceTimeout: number) {
    super({ objectMode: true, highWaterMark: WAITING, decodeStrings: false });
    this.#filler = filler;
    this.#clock = new SourceClock(sourceTimeout, (error) => void this.destroy(error));
  }

  override _write(
    given: unknown,
    encoding: BufferEncoding | undefined,
    callback: (error?: Error | null) => void,
  ): void {
    this.#clock.stop();
    try {
      const bytes =
        typeof given === 'string' ? bytesOfText('Text of the body', given, encoding ?? 'utf8') : given;
      if (!isBytes(bytes)) throw optionsTypeError('`body` produced something that is neither bytes nor text');
      assertLengthIsFixed(bytes);
      this.#filler.take(bytes);
      this.#seal(bytes, 0, callback);
    } catch (error) {
      callback(error as Error);
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#clock.end();
    callback(error);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#clock.end();
    callback();
  }

  #seal(bytes: Uint8Array, from: number, callback: (error?: Error | null) => void): void {
    const position = this.#filler.seal(bytes, from);
    if (position === bytes.length) {
      this.#clock.start();
      callback();
      return;
    }
    this.#filler
      .room()
      .then(() => {
        if (!this.destroyed) this.#seal(bytes, position, callback);
      })
      .catch(callback);
  }
}
