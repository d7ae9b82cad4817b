import type { EventEmitter } from 'node:events';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { LogPosition } from './lines/log-position.js';
import type { LogStream } from './lines/log-stream.js';

/** The positions of a log. */
export interface LogPositions {
  /** Killing the process loses nothing up to it. */
  readonly written: LogPosition;
  /** A power cut loses nothing up to it. */
  readonly durable: LogPosition;
  /** In the store, and read back whole. It advances by whole segments. Without a store it stays at 0. */
  readonly stored: LogPosition;
}

/** The result of a writer. */
export interface LogEnd {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** How far the log came. */
  readonly positions: LogPositions;
  /** Lines that were dropped, with `onFull: 'drop'`. */
  readonly dropped: number;
  /** Segments that are not in the store, and will be uploaded at the next start; absent without a store. */
  readonly notStored?: readonly UnstoredSegment[];
}

/** A segment that is only in the folder. */
export interface UnstoredSegment {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** Its place in the archive. */
  readonly index: number;
  /** Of its file. */
  readonly bytes: number;
}

/** The events of a {@link LogWriter} and their arguments. */
export interface LogEvents {
  /** After each flush and each stored segment. */
  positions: [positions: LogPositions];
  /** The error of the writer, which takes no more lines. */
  error: [error: unknown];
}

/**
 * Writes lines to an archive, sealed. It keeps the process alive while any line is not safe.
 *
 * If the writer fails, every method throws or rejects with its error, and so does the stream; listening to `error` is
 * optional.
 */
export interface LogWriter extends EventEmitter<LogEvents>, AsyncDisposable {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** How far the log came. */
  readonly positions: LogPositions;
  /** Lines that were dropped, with `onFull: 'drop'`. */
  readonly dropped: number;
  /** The log as a stream: a newline ends a line. Ending it ends the writer. */
  readonly stream: LogStream;
  /**
   * Takes a line, without the newline that ends it. A line may contain any bytes, including newlines, and has at most
   * 16 MiB. A lone surrogate becomes U+FFFD. Bytes may change as soon as this returns.
   *
   * @returns the position after this line, for `whenWritten` and `whenDurable`; for a dropped line, that of the line
   * before
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` while 16 MiB wait to be written, unless lines are dropped then; and for
   * a line that is too long. The error that the writer failed with. TypeError `ERR_SEALPIPE_OPTIONS` for anything that
   * is not a line, or after the end
   * @example
   * await writer.whenDurable(writer.append(JSON.stringify({ event: 'paid', order })));
   */
  append(line: string | Uint8Array): LogPosition;
  /** Resolves once the log is written up to a position. All lines of a flush share a promise. */
  whenWritten(position: LogPosition): Promise<void>;
  /** Resolves once the log is durable up to a position: with `fsync: 'segment'` or `'never'`, when its segment ends. */
  whenDurable(position: LogPosition): Promise<void>;
  /**
   * Resolves once the log is in the store up to a position, some time after its segment has ended. All durable lines of
   * a segment share a promise, and so do all lines of a flush. Rejects with a TypeError `ERR_SEALPIPE_OPTIONS` if the
   * writer has no store, and with a SealpipeError `ERR_SEALPIPE_STORE` if the writer ends before.
   */
  whenStored(position: LogPosition): Promise<void>;
  /** Seals and writes what was appended. Resolves once it is durable, or only written if `fsync` is not `flush`. */
  flush(): Promise<void>;
  /** Ends the open segment and begins the next one, unless it has no lines. Resolves when that is done. */
  rotate(): Promise<void>;
  /** Makes all appended lines durable and returns a checkpoint. Keep it in a place that nobody can change. */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Seals and writes what was appended, ends the open segment, waits for uploads for up to `drain`, and releases the
   * folder.
   *
   * @throws (rejects) the error of the writer, or the error that has kept its last lines from being written for 5 s:
   * these are lost
   */
  end(): Promise<LogEnd>;
  /** The same as `end`, but resolves if the writer's signal was aborted. */
  close(): Promise<void>;
}
