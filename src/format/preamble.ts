import { ByteGatherer, copyOf } from '../bytes.js';
import { SealpipeError } from '../errors.js';
import { MAX_RECIPIENTS, MAX_SECTION_SIZE } from '../limits.js';
import type { Bound } from './bound.js';
import { decodeBound } from './bound.js';
import { decodeEnvelope } from './envelope.js';
import type { Prologue } from './prologue.js';
import { decodePrologue, encodePrologue, PROLOGUE_SIZE } from './prologue.js';
import type { Recipient, StreamHeader } from './stream-header.js';

/** The limits of a reader, within those of FORMAT.md. */
export interface ReaderLimits {
  readonly maxRecipients: number;
  /** Bytes of plaintext in a frame, which the reader has to hold. */
  readonly maxFrameSize: number;
  readonly maxPreambleSize: number;
}

/** The limits of FORMAT.md itself. */
export const FORMAT_LIMITS: ReaderLimits = {
  maxRecipients: MAX_RECIPIENTS,
  maxFrameSize: 2 ** 20,
  maxPreambleSize: PROLOGUE_SIZE + 2 * MAX_SECTION_SIZE,
};

/** A whole preamble: its bytes and their content. */
export interface Preamble {
  readonly header: StreamHeader;
  readonly prologueBytes: Uint8Array;
  readonly boundBytes: Uint8Array;
  /** `contextBytes` of FORMAT 4; null if the writer withheld the context. */
  readonly contextBytes: Uint8Array | null;
}

/** Composes a preamble; the lengths in the prologue are taken from the sections. */
export function encodePreamble(
  prologue: Omit<Prologue, 'boundLength' | 'envelopeLength'>,
  bound: Uint8Array,
  envelope: Uint8Array,
): Uint8Array {
  const head = encodePrologue({ ...prologue, boundLength: bound.length, envelopeLength: envelope.length });
  return Buffer.concat([head, bound, envelope]);
}

/**
 * Reads a preamble that arrives in pieces of any size. Every fault is refused at the end of its section, at the latest.
 */
export class PreambleReader {
  readonly #limits: ReaderLimits;
  readonly #gathered = new ByteGatherer();
  #prologue: Prologue | undefined;
  #bound: Bound | undefined;

  constructor(limits: ReaderLimits = FORMAT_LIMITS) {
    this.#limits = limits;
  }

  /**
   * Takes bytes from `chunk[offset…)` until the preamble is whole.
   *
   * @returns how many bytes were taken, and the preamble once it is whole
   * @throws SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED` or `_LIMIT`
   */
  take(chunk: Uint8Array, offset: number): { taken: number; preamble: Preamble | undefined } {
    let position = offset;
    for (;;) {
      const target = this.#target();
      const end = Math.min(chunk.length, position + target - this.#gathered.length);
      this.#gathered.append(chunk, position, end, target);
      position = end;
      const whole = this.#gathered.length === target;
      const preamble = this.#read(whole);
      // A stream keeps its reader, and all that it still needs was copied.
      if (preamble !== undefined) this.#gathered.wipe();
      if (preamble !== undefined || !whole) return { taken: position - offset, preamble };
    }
  }

  /** The error for a stream that ends here: truncated, unless the bytes so far cannot become legal. */
  end(): SealpipeError {
    const { bytes } = this.#gathered;
    try {
      const prologue = decodePrologue(bytes);
      if (prologue !== undefined) {
        const boundEnd = PROLOGUE_SIZE + prologue.boundLength;
        decodeBound(bytes.subarray(PROLOGUE_SIZE, boundEnd), prologue.boundLength);
        if (bytes.length > boundEnd) decodeEnvelope(bytes.subarray(boundEnd), prologue.envelopeLength);
      }
    } catch (error) {
      return error as SealpipeError;
    }
    return new SealpipeError(
      'ERR_SEALPIPE_TRUNCATED',
      bytes.length === 0
        ? 'The input is empty: a sealed stream has at least a preamble and one frame'
        : 'The stream is cut short: it ends within its preamble',
    );
  }

  #target(): number {
    if (this.#prologue === undefined) return PROLOGUE_SIZE;
    const boundEnd = PROLOGUE_SIZE + this.#prologue.boundLength;
    return this.#bound === undefined ? boundEnd : boundEnd + this.#prologue.envelopeLength;
  }

  /** Reads the current section if it is complete. */
  #read(whole: boolean): Preamble | undefined {
    const { bytes } = this.#gathered;
    if (this.#prologue === undefined) {
      const prologue = decodePrologue(bytes);
      if (prologue === undefined) return undefined;
      this.#checkPrologue(prologue);
      this.#prologue = { ...prologue, salt: copyOf(prologue.salt), commitment: copyOf(prologue.commitment) };
      return undefined;
    }
    if (!whole) return undefined;
    const boundEnd = PROLOGUE_SIZE + this.#prologue.boundLength;
    if (this.#bound === undefined) {
      this.#bound = decodeBound(bytes.subarray(PROLOGUE_SIZE), this.#prologue.boundLength);
      return undefined;
    }
    const recipients = decodeEnvelope(bytes.subarray(boundEnd), this.#prologue.envelopeLength)!;
    if (recipients.length > this.#limits.maxRecipients) {
      throw overLimit(`${recipients.length} recipients`, 'maxRecipients', this.#limits.maxRecipients);
    }
    return {
      header: headerOf(this.#prologue, this.#bound, recipients),
      prologueBytes: copyOf(bytes.subarray(0, PROLOGUE_SIZE)),
      boundBytes: copyOf(bytes.subarray(PROLOGUE_SIZE, boundEnd)),
      contextBytes: this.#bound.context?.contextBytes ?? null,
    };
  }

  #checkPrologue({ frameSize, boundLength, envelopeLength }: Prologue): void {
    const { maxFrameSize, maxPreambleSize } = this.#limits;
    if (frameSize > maxFrameSize)
      throw overLimit(`frames of ${frameSize} bytes`, 'maxFrameSize', maxFrameSize);
    const size = PROLOGUE_SIZE + boundLength + envelopeLength;
    if (size > maxPreambleSize)
      throw overLimit(`a preamble of ${size} bytes`, 'maxPreambleSize', maxPreambleSize);
  }
}

/** Combines a prologue, a bound and an envelope. */
export function headerOf(prologue: Prologue, bound: Bound, recipients: readonly Recipient[]): StreamHeader {
  const { suite, frameSize, layout, salt, commitment, boundLength, envelopeLength } = prologue;
  return {
    version: 1,
    suite,
    frameSize,
    layout,
    encryptionContext: bound.context?.encryptionContext ?? null,
    created: bound.created * 1_000,
    ...(bound.chain && { chain: { ...bound.chain } }),
    ...(bound.content && { content: { ...bound.content } }),
    recipients,
    salt,
    commitment,
    preambleSize: PROLOGUE_SIZE + boundLength + envelopeLength,
  };
}

function overLimit(what: string, option: string, limit: number): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `The stream has ${what}, over this reader's limit of ${limit}`,
    { hint: `If you trust its source, raise \`${option}\`` },
  );
}
