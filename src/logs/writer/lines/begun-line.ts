import { MAX_LINE } from '../../units/unit-limits.js';

/** The least memory, and the most that is kept for the next line. */
const KEPT = 65_536;
const NOTHING = Buffer.alloc(0);

/** A line whose end has not arrived. It takes memory for its bytes, however many pieces they come in. */
export class BegunLine {
  #memory = NOTHING;
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of a piece. The line must not become longer than a line may be. */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#memory.length) {
      const room = Math.min(MAX_LINE, Math.max(2 * length, KEPT));
      const memory = Buffer.allocUnsafeSlow(room);
      memory.set(this.#memory.subarray(0, this.#length));
      this.#memory = memory;
    }
    this.#memory.set(piece, this.#length);
    this.#length = length;
  }

  /** Ends the line with these bytes. @returns the line, valid until the next piece */
  end(rest: Uint8Array): Uint8Array {
    if (this.#length === 0) return rest;
    this.add(rest);
    const line = this.#memory.subarray(0, this.#length);
    this.#length = 0;
    if (this.#memory.length > KEPT) this.#memory = NOTHING;
    return line;
  }

  /** Wipes the bytes. */
  wipe(): void {
    this.#memory.fill(0);
  }
}
