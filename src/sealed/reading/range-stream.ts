import { Readable } from 'node:stream';
import { wipe } from '../../bytes.js';

/** No further piece is requested while this many bytes wait to be read; pieces are longer. */
const HIGH_WATER_MARK = 65_536;

/** A Readable over pieces that are requested one by one. Destroying it cancels the pending request. */
export class RangeStream extends Readable {
  readonly #pieces: AsyncGenerator<Buffer, void, void>;
  readonly #giveUp: (reason: Error | null) => void;

  /** @param giveUp cancels the pending request */
  constructor(pieces: AsyncGenerator<Buffer, void, void>, giveUp: (reason: Error | null) => void) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#pieces = pieces;
    this.#giveUp = giveUp;
  }

  override _read(): void {
    this.#pieces.next().then(
      ({ done, value }) => this.#take(done ? null : (value as Buffer)),
      (error) => void this.destroy(error),
    );
  }

  /** Wipes a piece that arrives after the end of this stream. */
  #take(piece: Buffer | null): void {
    if (this.destroyed) wipe(piece ?? undefined);
    else this.push(piece);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#giveUp(error);
    const end = () => process.nextTick(callback, error);
    this.#pieces.return().then(end, end);
  }
}
