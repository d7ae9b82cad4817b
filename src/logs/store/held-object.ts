import type { ByteSource } from '../../sources/byte-source.js';
import type { SegmentSource } from '../archive/archive-store.js';

/** Bytes of one object that is held, at most, and of all that one store holds at once. */
const LARGEST = 16_777_216;
const MOST = 67_108_864;

/** How much memory is left for the objects that a store holds. */
export class HoldingRoom {
  #left: number;

  /** @param most bytes */
  constructor(most = MOST) {
    this.#left = most;
  }

  /** Whether there was room for so many bytes, which are then taken. */
  take(bytes: number): boolean {
    if (bytes > LARGEST || bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** An object that is fetched once although it is read twice, if it is not too large. Its methods are bound. */
export class HeldObject implements SegmentSource {
  readonly #source: ByteSource;
  readonly #room: HoldingRoom;
  #held: Uint8Array | undefined;

  constructor(source: ByteSource, room: HoldingRoom) {
    this.#source = source;
    this.#room = room;
  }

  readonly size = (signal: AbortSignal): Promise<number> => this.#source.size(signal);

  readonly read = async (start: number, end: number, signal: AbortSignal): Promise<Uint8Array> => {
    return this.#held?.subarray(start, end) ?? this.#source.read(start, end, signal);
  };

  readonly hold = async (signal: AbortSignal): Promise<void> => {
    if (this.#held !== undefined) return;
    const size = await this.#source.size(signal);
    if (!this.#room.take(size)) return;
    try {
      this.#held = await this.#source.read(0, size, signal);
    } finally {
      if (this.#held === undefined) this.#room.giveBack(size);
    }
  };

  readonly close = async (): Promise<void> => {
    if (this.#held !== undefined) this.#room.giveBack(this.#held.length);
    this.#held = undefined;
    await this.#source.close?.();
  };
}
