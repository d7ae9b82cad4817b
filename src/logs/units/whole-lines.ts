import type { LineText } from './line-text.js';
import { NEWLINE, piecesOfText } from './line-text.js';

const ENDING = Buffer.of(NEWLINE);

/**
 * Lines that lie one after the other. Whoever prints all of them needs no view of each, which would cost more than the
 * opening of their frame: so lines and text are made of one another, when somebody asks.
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

  /** @param unit one in which every line begins and ends */
  static ofUnit(unit: LineText): WholeLines {
    return new WholeLines(unit.lines, unit, undefined);
  }

  /** Bytes of the lines, without what ends them. */
  get bytes(): number {
    if (this.#text !== undefined) return this.#text.length - this.count;
    return this.lines.reduce((sum, { length }) => sum + length, 0);
  }

  /** Each without what ended it. */
  get lines(): readonly Buffer[] {
    this.#lines ??= piecesOfText(this.#unit!);
    return this.#lines;
  }

  /** All of them, a newline behind each. */
  get text(): Buffer {
    this.#text ??= Buffer.concat(this.lines.flatMap((line) => [line, ENDING]));
    return this.#text;
  }
}
