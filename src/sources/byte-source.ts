import type { FileHandle } from 'node:fs/promises';

/**
 * Bytes that can be read from anywhere, such as an object in a store. Offsets are bytes; `end` is exclusive, as in
 * `slice`. Every method must settle, and must give up when `signal` is aborted.
 */
export interface ByteSource {
  /** Bytes in all. Asked once. */
  size(signal: AbortSignal): Promise<number>;
  /** Exactly the bytes from `start` to `end`, which lie within `size`. They must not change afterwards. */
  read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Called once, by the reader or run that the source was given to. */
  close?(): Promise<void>;
}

/**
 * A sealed stream that can be read from anywhere: a path, a `file:` URL, an open file (which is not closed), its bytes,
 * or a {@link ByteSource}. (Of an open file only a part of `FileHandle` is named here: with its `read` the compiler would
 * not know the parameters of a `ByteSource` that is written in place.)
 */
export type SealedSource = string | URL | Pick<FileHandle, 'fd' | 'stat' | 'readv'> | Uint8Array | ByteSource;
