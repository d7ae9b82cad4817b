import type { FileHandle } from 'node:fs/promises';

/**
 * Bytes that can be read at any position, such as an object in a store. Offsets are bytes; `end` is exclusive, like in
 * `slice`. Every method must settle, and must stop when `signal` is aborted.
 */
export interface ByteSource {
  /** The total number of bytes. Called once. */
  size(signal: AbortSignal): Promise<number>;
  /** Returns exactly the bytes from `start` to `end`, which lie within `size`. They must not change afterwards. */
  read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Called once, by the reader or run that received the source. */
  close?(): Promise<void>;
}

/**
 * A sealed stream that can be read at any position: a path, a `file:` URL, an open file (which is not closed), its
 * bytes, or a {@link ByteSource}. (Only a part of `FileHandle` is declared: with its `read`, the compiler could not
 * infer the parameters of an inline `ByteSource`.)
 */
export type SealedSource = string | URL | Pick<FileHandle, 'fd' | 'stat' | 'readv'> | Uint8Array | ByteSource;
