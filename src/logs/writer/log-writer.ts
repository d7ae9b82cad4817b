import type { EventEmitter } from 'node:events';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { LogPosition } from './lines/log-position.js';
import type { LogStream } from './lines/log-stream.js';

/** How far a log came. */
export interface LogPositions {
  /** A kill of the process loses nothing up to it. */
  readonly written: LogPosition;
  /** A power cut loses nothing up to it. */
  readonly durable: LogPosition;
  /** In the store, and read back whole: whole segments. Without a store it stays where it began. */
  readonly stored: LogPosition;
}

/** What a writer leaves behind. */
export interface LogEnd {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** How far the log came. */
  readonly positions: LogPositions;
  /** Lines that were dropped, with `onFull: 'drop'`. */
  readonly dropped: number;
  /** What is not in the store, and goes there at the next start; absent without a store. */
  readonly notStored?: readonly UnstoredSegment[];
}

/** A segment that is in the folder alone. */
export interface UnstoredSegment {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** Its place in the archive. */
  readonly index: number;
  /** Of its file. */
  readonly bytes: number;
}

/** The events of a {@link LogWriter}, and what their listeners get. */
export interface LogEvents {
  /** After each flush, and after each segment that was stored. */
  positions: [positions: LogPositions];
  /** What the writer failed with: it takes no more lines. */
  error: [error: unknown];
}

/**
 * Writes lines to an archive, sealed. It keeps the process alive while a line is not safe.
 *
 * If the writer fails, every method throws or rejects with what it failed with, and so does the stream; nobody needs to
 * listen to `error`.
 */
export interface LogWriter extends EventEmitter<LogEvents>, AsyncDisposable {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** How far the log came. */
  readonly positions: LogPositions;
  /** Lines that were dropped, with `onFull: 'drop'`. */
  readonly dropped: number;
  /** The same log as a stream: a newline ends a line. Its end is the end of the writer. */
  readonly stream: LogStream;
  /**
   * Takes a line, without the newline that ends it. A line may hold any bytes, newlines too, and up to 16 MiB. Of text
   * that is not well-formed, half of a surrogate pair becomes U+FFFD. Bytes may change as soon as this returns.
   *
   * @returns the log up to the end of this line: for `whenWritten` and `whenDurable`. Of a line that was dropped, up to
   * the line before
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` while 16 MiB wait to be written, unless lines are dropped then; and for a
   * line that is too long. What the writer failed with. TypeError `ERR_SEALPIPE_OPTIONS` for what is no line, or after
   * the end
   * @example
   * await writer.whenDurable(writer.append(JSON.stringify({ event: 'paid', order })));
   */
  append(line: string | Uint8Array): LogPosition;
  /** Resolves once the log is written so far. The same promise for all lines of a flush. */
  whenWritten(position: LogPosition): Promise<void>;
  /** Resolves once the log is durable so far: with `fsync: 'segment'` or `'never'`, when its segment ends. */
  whenDurable(position: LogPosition): Promise<void>;
  /**
   * Resolves once the log is in the store so far: some time after its segment has ended. The same promise for all lines of
   * a segment that are durable, and for all of a flush. Rejects with a TypeError `ERR_SEALPIPE_OPTIONS` if the writer has no
   * store, and with a SealpipeError `ERR_SEALPIPE_STORE` if the writer ends before.
   */
  whenStored(position: LogPosition): Promise<void>;
  /** Seals and writes what was appended. Resolves once it is durable, or written with another `fsync` than `flush`. */
  flush(): Promise<void>;
  /** Ends the open segment and begins the next one, unless it has no line. Resolves when that is done. */
  rotate(): Promise<void>;
  /** Makes what was appended durable, and says what the archive is then: to be kept where nobody can change it. */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Seals and writes what was appended, ends the open segment, waits for uploads for as long as `drain` says, and gives the
   * folder free.
   *
   * @throws (rejects) what the writer failed with, or what has been in the way of its last lines for 5 s: these are lost
   */
  end(): Promise<LogEnd>;
  /** The same as `end`. Of a writer whose signal was aborted, it resolves. */
  close(): Promise<void>;
}
