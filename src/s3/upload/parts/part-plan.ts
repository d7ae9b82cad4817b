import { constants } from 'node:buffer';
import { optionsRangeError, SealpipeError } from '../../../errors.js';
import { TAG_SIZE } from '../../../suites.js';

const MIB = 1_048_576;
/** The most parts that S3 accepts. */
export const MOST_PARTS: number = 10_000;
/** The smallest part that S3 accepts, except for the last one. */
export const SMALLEST_PART: number = 5 * MIB;
/** The largest part: S3 accepts no larger one, and Node has no larger buffer. */
const LARGEST_PART = Math.min(5 * 1_024 * MIB, constants.MAX_LENGTH);
const FIRST_PART = 8 * MIB;
/** For a stream of unknown length: the size of its parts doubles after this many parts. */
const PARTS_OF_ONE_SIZE = 1_000;
/** The limit for all parts in memory, and for the parts of a stream of unknown length. */
export const MEMORY: number = 256 * MIB;

/** The sizes from which the parts of an object are planned, in bytes. */
export interface PartNeeds {
  readonly frameSize: number;
  readonly preambleSize: number;
  /** The part size that the caller requested. */
  readonly partSize?: number | undefined;
  /** The length of the plaintext, if it is known. */
  readonly length?: number | undefined;
}

/**
 * How a sealed stream is divided into parts. Each part has whole frames (`k · (F + 16)` bytes); part 1 begins with the
 * preamble. The frames of every part except the last take at least 5 MiB, even if a re-wrap shrinks the preamble. An
 * empty last frame follows the frames of the last part.
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
        `\`partSize\` is too small: S3 takes ${MOST_PARTS} parts, so each must have at least ${this.#partSize} bytes`,
      );
    }
    if (this.#partSize + preambleSize + TAG_SIZE > LARGEST_PART) {
      throw optionsRangeError(`An object of ${MOST_PARTS} parts cannot hold ${length} bytes of plaintext`);
    }
  }

  /**
   * How many full frames part `number` has; numbers start at 1.
   *
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the part limit of S3
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

  /** The memory of the parts, if that is more than {@link MEMORY}. */
  get warning(): string | undefined {
    const size = this.#framesIn(this.#partSize) * this.#unit;
    if (size <= MEMORY) return undefined;
    return `Each part is ${Math.ceil(size / MIB)} MiB, and one part is in memory at a time: S3 takes at most ${MOST_PARTS} parts, and smaller ones would not hold the stream`;
  }

  /** The offset of the first frame in a part. */
  start(number: number): number {
    return number === 1 ? this.#preambleSize : 0;
  }

  /** The most bytes of memory that part `number` may take. */
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
