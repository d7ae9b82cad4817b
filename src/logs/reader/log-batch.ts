import type { UnitTimes } from '../units/unit.js';
import { WholeLines } from '../units/whole-lines.js';

/**
 * Lines that were sealed together, and the position of the first, which is `record` of the segment, counted from 0. The
 * time of a line is known as exactly as that of its batch: it arrived between `first` and `last`.
 */
export interface LogBatch {
  /** The archive's id, in hex. */
  readonly archive: string;
  /** Its index. */
  readonly segment: number;
  /** The offset of the batch in the segment, in bytes after the preamble. */
  readonly offset: number;
  /** How many lines of the segment come before these. */
  readonly record: number;
  /** When the first of these lines arrived at the writer, in milliseconds since 1970. */
  readonly first: number;
  /** When the last of them arrived. */
  readonly last: number;
  /** The lines without their line ends, as arbitrary bytes. They share memory. */
  readonly lines: readonly Buffer[];
  /**
   * The same lines as one text, each with a newline, so that a whole batch can be printed without copying or splitting.
   */
  readonly text: Buffer;
}

/** One line, and its position. */
export interface LogLine {
  /** Without its line end, as arbitrary bytes. */
  readonly line: Buffer;
  /** The archive's id, in hex. */
  readonly archive: string;
  /** Its index. */
  readonly segment: number;
  /** How many lines of the segment come before this one. */
  readonly record: number;
  /** The earliest time at which it arrived at the writer, in milliseconds since 1970. */
  readonly first: number;
  /** The latest time. */
  readonly last: number;
}

/** Lines of one unit. */
export class UnitBatch implements LogBatch {
  readonly archive: string;
  readonly segment: number;
  readonly offset: number;
  readonly record: number;
  readonly first: number;
  readonly last: number;
  readonly #lines: WholeLines;

  constructor(
    { archive, segment, offset, record }: Pick<LogBatch, 'archive' | 'segment' | 'offset' | 'record'>,
    { first, last }: UnitTimes,
    lines: WholeLines,
  ) {
    this.archive = archive;
    this.segment = segment;
    this.offset = offset;
    this.record = record;
    this.first = first;
    this.last = last;
    this.#lines = lines;
  }

  get lines(): readonly Buffer[] {
    return this.#lines.lines;
  }

  get text(): Buffer {
    return this.#lines.text;
  }

  /** How many lines there are. */
  get count(): number {
    return this.#lines.count;
  }

  /** Bytes of the lines, without line ends. */
  get bytes(): number {
    return this.#lines.bytes;
  }

  /** The batch without its first lines; at least one is left. */
  without(count: number): UnitBatch {
    return new UnitBatch(
      { ...this, record: this.record + count },
      this,
      WholeLines.of(this.lines.slice(count)),
    );
  }
}
