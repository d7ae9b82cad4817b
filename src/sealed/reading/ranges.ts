/** The plaintext of one stream, readable at any position. Offsets are bytes of plaintext, `end` is exclusive. */
export interface Ranges {
  /**
   * The total number of plaintext bytes, after the last frame has been verified.
   *
   * @throws (rejects) the fault of the stream that is found there
   */
  size(stop: AbortSignal): Promise<number>;
  /**
   * The plaintext from `start` to `end`, or to the end of the stream, in pieces of at most about 1 MiB, each in
   * separate memory. Every piece is verified; a fault is thrown after the plaintext that verified before it.
   */
  pieces(start: number, end: number, stop: AbortSignal): AsyncGenerator<Buffer, void, void>;
  /** Wipes the cached plaintext. */
  wipe(): void;
}

/** The approximate number of bytes per read from a source, and of bytes read ahead. */
export const RUN_SIZE = 1_048_576;
