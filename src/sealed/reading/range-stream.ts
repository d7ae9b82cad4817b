import { Readable } from 'node:stream';
import { wipe } from '../../bytes.js';

/** Bytes that wait to be read before no further piece is asked for: pieces are longer. */
const HIGH_WATER_MARK = 65_536;

/** A Readable over pieces that are asked for one by one. Destroying it gives up what is under way. */
export class RangeStream extends Readable {
  readonly #pieces: AsyncGenerator<Buffer, void, void>;
  readonly #giveUp: (reason: Error | null) => void;

  /** @param giveUp ends what the pieces wait for */
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

  /** What comes after the end of this stream leaves with nobody. */
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
