/** The plaintext of one stream, readable from anywhere. Offsets are bytes of plaintext, `end` is exclusive. */
export interface Ranges {
  /**
   * Bytes of plaintext in all, once the last frame has verified.
   *
   * @throws (rejects) what the stream fails with there
   */
  size(stop: AbortSignal): Promise<number>;
  /**
   * The plaintext from `start` to `end`, or to the end of the stream, in pieces of about 1 MiB at most, each in memory
   * of its own. Each is verified; a fault is thrown behind what verified before it.
   */
  pieces(start: number, end: number, stop: AbortSignal): AsyncGenerator<Buffer, void, void>;
  /** Wipes the plaintext that is kept. */
  wipe(): void;
}

/** About how many bytes are read from a source at once, and read ahead. */
export const RUN_SIZE = 1_048_576;
