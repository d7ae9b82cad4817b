import { createHash } from 'node:crypto';
import { readU32 } from '../../bytes.js';
import { PROLOGUE_SIZE } from '../../format/prologue.js';

const LENGTHS_AT = 12;
const ENVELOPE_LENGTH_AT = 16;
const SALT_AT = 20;

/**
 * The digest of a segment that the next one names as `previous` (FORMAT 8), of its bytes as they come: of all but the
 * length of the envelope and the envelope itself, so that a re-wrap does not change it.
 */
export class SegmentDigest {
  readonly #hash: ReturnType<typeof createHash>;
  readonly #prologue = new Uint8Array(SALT_AT);
  #position = 0;
  /** Where the envelope lies; known once the first 20 bytes are there. */
  #envelopeStart = Number.POSITIVE_INFINITY;
  #envelopeEnd = Number.POSITIVE_INFINITY;

  constructor(hash = createHash('sha256')) {
    this.#hash = hash;
  }

  /** Bytes behind the preamble so far; negative before it is whole. */
  get offset(): number {
    return this.#envelopeEnd === Number.POSITIVE_INFINITY ? -1 : this.#position - this.#envelopeEnd;
  }

  /** Takes the next bytes of the segment, whose preamble must be legal. */
  update(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const taken = Math.min(bytes.length - at, this.#sectionEnd() - this.#position);
      const part = bytes.subarray(at, at + taken);
      if (this.#position < SALT_AT) this.#prologue.set(part, this.#position);
      if (this.#counts()) this.#hash.update(part);
      at += taken;
      this.#position += taken;
      if (this.#position === SALT_AT) this.#readLengths();
    }
  }

  /** The digest of what came so far, which must be the whole preamble at least. More may come. */
  digest(): Buffer {
    if (this.offset < 0) throw new Error('The digest of a segment begins with its whole preamble');
    return this.#hash.copy().digest();
  }

  /** Where the part ends that is treated alike. */
  #sectionEnd(): number {
    const ends = [ENVELOPE_LENGTH_AT, SALT_AT, this.#envelopeStart, this.#envelopeEnd];
    return ends.find((end) => end > this.#position) ?? Number.POSITIVE_INFINITY;
  }

  #counts(): boolean {
    if (this.#position < SALT_AT) return this.#position < ENVELOPE_LENGTH_AT;
    return this.#position < this.#envelopeStart || this.#position >= this.#envelopeEnd;
  }

  #readLengths(): void {
    this.#envelopeStart = PROLOGUE_SIZE + readU32(this.#prologue, LENGTHS_AT);
    this.#envelopeEnd = this.#envelopeStart + readU32(this.#prologue, ENVELOPE_LENGTH_AT);
  }
}
