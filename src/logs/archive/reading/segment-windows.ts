import { throwIfAborted } from '../../../abort.js';

/** Bytes read at once and read ahead. */
const WINDOW = 1_048_576;

/** A source that can be read at any position and only grows. */
export interface ReadableSegment {
  /** Aborted to stop reading. */
  readonly stopped: AbortSignal;
  size(): Promise<number>;
  /** Fills memory with the bytes from `start` on, all of which exist. */
  readInto(memory: Uint8Array, start: number): Promise<void>;
}

/**
 * Reads a segment from one end to the other, one window ahead, alternating between two buffers: fresh memory for every
 * window would cost more than processing its bytes.
 */
export class SegmentWindows {
  readonly #segment: ReadableSegment;
  readonly #size: number;
  readonly #stop: number;
  readonly #window: number;
  #position: number;
  #free: Uint8Array | undefined;
  #given: Uint8Array | undefined;
  #ahead: Promise<Uint8Array> | undefined;

  /**
   * @param size size of the segment
   * @param stop offset from which on no window begins
   * @param least least bytes of a window, unless the segment ends in it
   */
  constructor(segment: ReadableSegment, from: number, size: number, stop = size, least = WINDOW) {
    this.#segment = segment;
    this.#size = size;
    this.#stop = Math.min(size, stop);
    this.#window = Math.max(WINDOW, least);
    this.#position = from;
  }

  /**
   * The next bytes, which are valid until the next call; undefined at the end.
   *
   * @throws (rejects) the error of reading; an AbortError
   */
  async next(): Promise<Uint8Array | undefined> {
    const bytes = await (this.#ahead ?? this.#read());
    throwIfAborted(this.#segment.stopped);
    this.#free = this.#given;
    this.#given = bytes;
    this.#ahead = this.#read();
    return bytes;
  }

  /** Waits until no read is in progress. */
  async close(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
  }

  #read(): Promise<Uint8Array> | undefined {
    if (this.#position >= this.#stop) return undefined;
    const start = this.#position;
    this.#position = Math.min(this.#size, start + this.#window);
    const memory = this.#memory(this.#position - start);
    const bytes = this.#segment.readInto(memory, start).then(() => memory);
    bytes.catch(() => undefined);
    return bytes;
  }

  #memory(length: number): Uint8Array {
    const free = this.#free;
    this.#free = undefined;
    if (free === undefined || free.length < length) return Buffer.allocUnsafeSlow(length);
    return free.length === length ? free : free.subarray(0, length);
  }
}
