import { markAsUntransferable } from 'node:worker_threads';

/**
 * Memory for frames that go out. Making an ArrayBuffer for every frame keeps the collector busy, so later frames lie
 * behind one another in slabs; each byte is handed out once. A slab holds as many frames as came before it, so that a
 * short stream holds no more than it needs, up to `most` bytes.
 */
export class OutputSlab {
  readonly #frame: number;
  readonly #most: number;
  #slab: Buffer = NONE;
  #used = 0;
  #frames = 0;

  /**
   * @param frame bytes of a frame that goes out
   * @param most bytes of a slab, at most; one frame fits in any case
   */
  constructor(frame: number, most: number) {
    this.#frame = frame;
    this.#most = Math.max(1, Math.floor(most / frame));
  }

  /** Memory for `count` frames, to be written to the last byte before it leaves. */
  take(count: number): Buffer {
    const size = count * this.#frame;
    if (count >= this.#most) return Buffer.allocUnsafeSlow(size);
    if (this.#slab.length - this.#used < size) this.#renew(count);
    const start = this.#used;
    this.#used += size;
    return this.#slab.subarray(start, this.#used);
  }

  /** Lets go of the slab. What nobody was given is cleared, for others see it as `buffer` of what they were given. */
  release(): void {
    this.#slab.fill(0, this.#used);
    this.#slab = NONE;
    this.#used = 0;
  }

  #renew(count: number): void {
    this.release();
    this.#frames = Math.min(this.#most, Math.max(count, 2 * this.#frames));
    this.#slab = Buffer.allocUnsafeSlow(this.#frames * this.#frame);
    // Whoever transferred one frame would take its neighbours along.
    if (this.#frames > count) markAsUntransferable(this.#slab.buffer);
  }
}

const NONE = Buffer.alloc(0);
