import type { LineText } from './line-text.js';
import { NEWLINE, piecesOfText } from './line-text.js';

const ENDING = Buffer.of(NEWLINE);

/**
 * Consecutive lines. Printing all of them needs no view of each, which would cost more than opening their frame, so
 * lines and text are computed from each other on demand.
 */
export class WholeLines {
  /** How many there are. */
  readonly count: number;
  readonly #unit: LineText | undefined;
  #lines: readonly Buffer[] | undefined;
  #text: Buffer | undefined;

  private constructor(count: number, unit: LineText | undefined, lines: readonly Buffer[] | undefined) {
    this.count = count;
    this.#unit = unit;
    this.#lines = lines;
    this.#text = unit?.text;
  }

  static of(lines: readonly Buffer[]): WholeLines {
    return new WholeLines(lines.length, undefined, lines);
  }

  /** @param unit a unit in which every line begins and ends */
  static ofUnit(unit: LineText): WholeLines {
    return new WholeLines(unit.lines, unit, undefined);
  }

  /** Bytes of the lines, without line ends. */
  get bytes(): number {
    if (this.#text !== undefined) return this.#text.length - this.count;
    return this.lines.reduce((sum, { length }) => sum + length, 0);
  }

  /** The lines without line ends. */
  get lines(): readonly Buffer[] {
    this.#lines ??= piecesOfText(this.#unit!);
    return this.#lines;
  }

  /** All lines, each followed by a newline. */
  get text(): Buffer {
    this.#text ??= Buffer.concat(this.lines.flatMap((line) => [line, ENDING]));
    return this.#text;
  }
}
