import type { LineText } from './line-text.js';
import { piecesOfText } from './line-text.js';
import { illegal } from './unit-faults.js';
import { MAX_LINE } from './unit-limits.js';
import { WholeLines } from './whole-lines.js';

/** Joins the units of one segment, in order, to whole lines. */
export class LineJoiner {
  #pieces: Buffer[] = [];
  #length = 0;

  /** Bytes of a line that has not ended yet. */
  get unfinished(): number {
    return this.#length;
  }

  /**
   * The lines that end in this unit: views of it, except one that began before.
   *
   * @throws SealpipeError `ERR_SEALPIPE_FORMAT` if a piece is missing or superfluous, or for a line over 16 MiB
   */
  take(unit: LineText): WholeLines {
    if (unit.continued !== this.#pieces.length > 0) {
      throw illegal('a piece of a long line is missing, or is one too many');
    }
    if (!unit.continued && !unit.continues) return WholeLines.ofUnit(unit);
    const lines = piecesOfText(unit);
    const going = unit.continues ? lines.pop() : undefined;
    if (unit.continued && lines.length > 0) {
      this.#add(lines[0]!);
      lines[0] = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#length = 0;
    }
    if (going !== undefined) this.#add(going);
    return WholeLines.of(lines);
  }

  #add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > MAX_LINE) throw illegal('a line of more than 16 MiB');
    this.#pieces.push(piece);
  }
}
