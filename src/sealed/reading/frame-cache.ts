import { wipe } from '../../bytes.js';

/** Verified frames by index. The least recently used frame is dropped first; dropped frames are wiped. */
export class FrameCache {
  readonly #maxBytes: number;
  readonly #frames = new Map<number, Buffer>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns a cached frame. The caller must copy from it before it awaits anything. */
  get(index: number): Buffer | undefined {
    const frame = this.#frames.get(index);
    if (frame === undefined) return undefined;
    this.#frames.delete(index);
    this.#frames.set(index, frame);
    return frame;
  }

  /** Takes ownership of a verified frame: nobody else may hold it. */
  add(index: number, frame: Buffer): void {
    this.#remove(index);
    this.#frames.set(index, frame);
    this.#bytes += frame.length;
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  wipe(): void {
    for (const index of [...this.#frames.keys()]) this.#remove(index);
  }

  #remove(index: number): void {
    const frame = this.#frames.get(index);
    if (frame === undefined) return;
    this.#frames.delete(index);
    this.#bytes -= frame.length;
    wipe(frame);
  }
}
