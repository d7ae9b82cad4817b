import { createHash } from 'node:crypto';
import { readU32 } from '../../bytes.js';
import { ENVELOPE_LENGTH_AT, PROLOGUE_SIZE } from '../../format/prologue.js';

const LENGTHS_AT = 12;
const SALT_AT = 20;

/**
 * The digest of a segment that the next one names as `previous` (FORMAT 8), computed as its bytes arrive, over
 * everything except the envelope and its length, so that a re-wrap does not change it.
 */
export class SegmentDigest {
  readonly #hash: ReturnType<typeof createHash>;
  readonly #prologue = new Uint8Array(SALT_AT);
  #position = 0;
  /** The place of the envelope, known after the first 20 bytes. */
  #envelopeStart = Number.POSITIVE_INFINITY;
  #envelopeEnd = Number.POSITIVE_INFINITY;

  constructor(hash = createHash('sha256')) {
    this.#hash = hash;
  }

  /** Bytes after the preamble so far; negative before it is whole. */
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

  /** The digest of the bytes so far, which must include the whole preamble. More bytes may follow. */
  digest(): Buffer {
    if (this.offset < 0) throw new Error('The digest of a segment begins with its whole preamble');
    return this.#hash.copy().digest();
  }

  /** The end of the part that is treated in the same way. */
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
