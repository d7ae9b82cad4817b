import type { UnitTimes } from '../units/unit.js';
import { WholeLines } from '../units/whole-lines.js';

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
  /** The same lines as one text, a newline behind each: nothing is copied, nor split, to print a whole batch. */
  readonly text: Buffer;
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

  /** Bytes of the lines, without what ends them. */
  get bytes(): number {
    return this.#lines.bytes;
  }

  /** The batch without its first lines: one at least is left. */
  without(count: number): UnitBatch {
    return new UnitBatch(
      { ...this, record: this.record + count },
      this,
      WholeLines.of(this.lines.slice(count)),
    );
  }
}
