import type { BigIntStats } from 'node:fs';
import type { Writable } from 'node:stream';
import type { WritableFile } from '../../../files/byte-file.js';
import type { Message } from '../../terminal/command-error.js';
import type { Input } from '../input/input.js';

/** The output of a command. A file that does not grow gets its name with `commit`. */
export interface Output {
  /** Its name in messages. */
  readonly name: string;
  /** A file, a device or a pipe; undefined if the output can only be written as a stream. */
  readonly file: WritableFile | undefined;
  /** The same as a stream, created by the first call. */
  stream(): Writable;
  /** Whether readers can see the output before `commit`. */
  readonly isSeenAtOnce: boolean;
  /** Whether it existed before and stays, like a device or a FIFO. */
  readonly stays?: boolean | undefined;
  /** Whether standard error leads to the same place, like with `> FILE 2>&1`. */
  readonly isMixed?: boolean | undefined;
  /** Call after the last byte: makes it durable under its name. */
  commit(): Promise<void>;
  /** Call after a failure: removes the file unless it grows. Never rejects. */
  discard(): Promise<void>;
}

/**
 * Checks an existing output before it is written.
 *
 * @param stats of the existing entry
 * @throws (rejects) CommandError
 */
export type OutputCheck = (
  name: string,
  stats: BigIntStats | undefined,
  path: string | undefined,
) => Promise<void>;

/** The output to open, and its restrictions. */
export interface OutputWish {
  /** The value of `--output`. */
  readonly path: string | undefined;
  readonly force: boolean;
  /** The input that is read at the same time. */
  readonly input?: Pick<Input, 'name' | 'storedId' | 'openness' | 'close'> | undefined;
  /** Refuses outputs that must not be overwritten. */
  readonly assertFree?: OutputCheck | undefined;
  /** Why this must not be written to a terminal. */
  readonly notForTerminal?: Message | undefined;
  /** Whether it is a report and not data: it is not synced, and notes on standard error do not mix with data. */
  readonly isText?: boolean | undefined;
  /** Whether a closed standard output is acceptable, because the status says enough. */
  readonly mayVanish?: boolean | undefined;
  /** The mode of the file, independent of the umask and an existing file. */
  readonly mode?: number | undefined;
  /** Whether readers follow it while it is written, so that it has its name from the first piece on. */
  readonly grows?: boolean | undefined;
}

/** The most bytes that may wait to be written. */
export const WRITE_BUFFER = 1_048_576;
