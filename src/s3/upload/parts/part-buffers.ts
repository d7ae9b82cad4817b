import { MEMORY } from './part-plan.js';

/**
 * The memory of parts, used over and over. A buffer is reused only after it was returned, because a request may still
 * read from it until then.
 */
export class PartBuffers {
  readonly #most: number;
  #free: Buffer[] = [];
  #count = 0;
  #bytes = 0;

  /** @param concurrency how many parts may be in flight; one more is being filled */
  constructor(concurrency: number) {
    this.#most = concurrency + 1;
  }

  /**
   * Memory for a part, or undefined while too many buffers, or {@link MEMORY} bytes, are in use. One part may always be
   * held.
   */
  take(size: number): Buffer | undefined {
    const fitting = this.#free.findIndex(({ length }) => length >= size);
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0];
    // Parts have grown, so buffers that are now too small will never be used again.
    for (const small of this.#free.splice(0)) this.#drop(small);
    if (this.#count > 0 && (this.#count >= this.#most || this.#bytes + size > MEMORY)) return undefined;
    this.#count++;
    this.#bytes += size;
    return Buffer.allocUnsafeSlow(size);
  }

  /** Returns a buffer. */
  give(buffer: Buffer): void {
    this.#free.push(buffer);
  }

  #drop(buffer: Buffer): void {
    this.#count--;
    this.#bytes -= buffer.length;
  }
}
