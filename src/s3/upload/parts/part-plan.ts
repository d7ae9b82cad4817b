import { constants } from 'node:buffer';
import { optionsRangeError, SealpipeError } from '../../../errors.js';
import { TAG_SIZE } from '../../../suites.js';

const MIB = 1_048_576;
/** S3 takes so many parts. */
export const MOST_PARTS: number = 10_000;
/** S3 takes no smaller part, but for the last one. */
export const SMALLEST_PART: number = 5 * MIB;
/** S3 takes no larger part, and Node no larger buffer. */
const LARGEST_PART = Math.min(5 * 1_024 * MIB, constants.MAX_LENGTH);
const FIRST_PART = 8 * MIB;
/** Of a stream of unknown length, after which the size of its parts doubles. */
const PARTS_OF_ONE_SIZE = 1_000;
/** What all parts in memory may take, and what parts of a stream of unknown length grow to. */
export const MEMORY: number = 256 * MIB;

/** What the parts of an object are planned from, in bytes. */
export interface PartNeeds {
  readonly frameSize: number;
  readonly preambleSize: number;
  /** As the caller wants it. */
  readonly partSize?: number | undefined;
  /** Of the plaintext, if it is known. */
  readonly length?: number | undefined;
}

/**
 * How a sealed stream is cut into parts: whole frames (`k · (F + 16)` bytes) in each, before them the preamble in part 1.
 * The frames of every part but the last take at least 5 MiB: also if a re-wrap shrinks the preamble. A last frame
 * that is empty goes behind the frames of the last part.
 */
export class PartPlan {
  readonly #unit: number;
  readonly #preambleSize: number;
  readonly #partSize: number;
  readonly #length: number | undefined;
  readonly #frameSize: number;

  /** @throws RangeError `ERR_SEALPIPE_OPTIONS` if a stream of this length does not fit into such parts */
  constructor({ frameSize, preambleSize, partSize, length }: PartNeeds) {
    this.#unit = frameSize + TAG_SIZE;
    this.#preambleSize = preambleSize;
    this.#frameSize = frameSize;
    this.#length = length;
    const wanted = partSize ?? FIRST_PART;
    const frames = Math.ceil((length ?? 0) / frameSize);
    const needed = Math.ceil(frames / MOST_PARTS);
    this.#partSize = needed <= this.#framesIn(wanted) ? wanted : needed * this.#unit;
    if (partSize !== undefined && this.#partSize !== wanted) {
      throw optionsRangeError(
        `\`partSize\` is too small: S3 takes ${MOST_PARTS} parts, and these have to be of ${this.#partSize} bytes`,
      );
    }
    if (this.#partSize + preambleSize + TAG_SIZE > LARGEST_PART) {
      throw optionsRangeError(`An object of ${MOST_PARTS} parts cannot hold ${length} bytes of plaintext`);
    }
  }

  /**
   * How many full frames part `number` has, from 1 on.
   *
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` where S3 takes no more parts
   */
  frames(number: number): number {
    if (number > MOST_PARTS) {
      throw new SealpipeError(
        'ERR_SEALPIPE_LIMIT',
        `The stream does not fit into the ${MOST_PARTS} parts that S3 takes, since its length was not known`,
        { hint: 'Give the length of the plaintext: `expectedLength` (--expected-size)' },
      );
    }
    if (this.#length !== undefined) return this.#framesIn(this.#partSize);
    const doubled = this.#partSize * 2 ** Math.floor((number - 1) / PARTS_OF_ONE_SIZE);
    return this.#framesIn(Math.min(doubled, Math.max(MEMORY, this.#partSize)));
  }

  /** What the parts take, if that is more than {@link MEMORY}. */
  get warning(): string | undefined {
    const size = this.#framesIn(this.#partSize) * this.#unit;
    if (size <= MEMORY) return undefined;
    return `The parts are of ${Math.ceil(size / MIB)} MiB, and one of them is in memory at a time: ${MOST_PARTS} parts, which S3 takes, hold the stream only if they are so large`;
  }

  /** Where the first frame of a part lies in the part. */
  start(number: number): number {
    return number === 1 ? this.#preambleSize : 0;
  }

  /** Bytes of memory that part `number` may take. */
  capacity(number: number): number {
    const most = this.start(number) + this.frames(number) * this.#unit + TAG_SIZE;
    if (this.#length === undefined) return most;
    const frames = Math.floor(this.#length / this.#frameSize) + 1;
    return Math.min(most, this.#preambleSize + this.#length + frames * TAG_SIZE);
  }

  #framesIn(bytes: number): number {
    return Math.max(Math.ceil(SMALLEST_PART / this.#unit), Math.floor(bytes / this.#unit));
  }
}
