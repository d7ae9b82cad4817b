import type { BigIntStats } from 'node:fs';
import type { Writable } from 'node:stream';
import type { WritableFile } from '../../../files/byte-file.js';
import type { Message } from '../../terminal/command-error.js';
import type { Input } from '../input/input.js';

/** What a command writes. Nothing of a file that does not grow is seen under its name before `commit`. */
export interface Output {
  /** What messages call it. */
  readonly name: string;
  /** A file, a device or a pipe; undefined for what can be written as a stream alone. */
  readonly file: WritableFile | undefined;
  /** The same as a stream, which is made by the first call. */
  stream(): Writable;
  /** Whether a reader sees what was written before `commit`. */
  readonly isSeenAtOnce: boolean;
  /** Whether it was there before and stays there, as a device or a FIFO does. */
  readonly stays?: boolean | undefined;
  /** Whether what goes to standard error ends up in it, as `> FILE 2>&1` has it. */
  readonly isMixed?: boolean | undefined;
  /** After the last byte: makes it last, under its name. */
  commit(): Promise<void>;
  /** After a failure: leaves no file, unless it grows. Never rejects. */
  discard(): Promise<void>;
}

/**
 * Looks at what would be written, before it is.
 *
 * @param stats of what is there
 * @throws (rejects) CommandError
 */
export type OutputCheck = (
  name: string,
  stats: BigIntStats | undefined,
  path: string | undefined,
) => Promise<void>;

/** Where to write, and what must not happen there. */
export interface OutputWish {
  /** Of `--output`. */
  readonly path: string | undefined;
  readonly force: boolean;
  /** What is read at the same time. */
  readonly input?: Pick<Input, 'name' | 'storedId' | 'openness' | 'close'> | undefined;
  /** Refuses what must be kept. */
  readonly assertFree?: OutputCheck | undefined;
  /** Why this must not go to a terminal. */
  readonly notForTerminal?: Message | undefined;
  /** What people or programs read, and no data: a standard output that leads nowhere will do. */
  readonly isText?: boolean | undefined;
  /** The mode of the file, whatever the umask and the file before say. */
  readonly mode?: number | undefined;
  /** Readers follow it while it is written: it has its name from the first piece on, and keeps it. */
  readonly grows?: boolean | undefined;
}

/** Bytes that may wait to be written. */
export const WRITE_BUFFER = 1_048_576;
