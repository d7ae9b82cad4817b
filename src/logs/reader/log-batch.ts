/**
 * Lines that were sealed together, and their position: of the first, which is `record` of the segment, counted from 0.
 * A line is known by the time as exactly as its batch: it arrived between `first` and `last`.
 */
export interface LogBatch {
  /** The archive's id, in hex. */
  readonly archive: string;
  /** Its index. */
  readonly segment: number;
  /** Where the batch lies in the segment, in bytes behind the preamble. */
  readonly offset: number;
  /** Lines of the segment before these. */
  readonly record: number;
  /** When the first of these lines arrived at the writer, in milliseconds since 1970. */
  readonly first: number;
  /** When the last did. */
  readonly last: number;
  /** Each without what ended it, whatever its bytes. They share memory. */
  readonly lines: readonly Buffer[];
}

/** One line, and its position. */
export interface LogLine {
  /** Without what ended it, whatever its bytes. */
  readonly line: Buffer;
  /** The archive's id, in hex. */
  readonly archive: string;
  /** Its index. */
  readonly segment: number;
  /** Lines of the segment before this one. */
  readonly record: number;
  /** When it arrived at the writer at the earliest, in milliseconds since 1970. */
  readonly first: number;
  /** And at the latest. */
  readonly last: number;
}
