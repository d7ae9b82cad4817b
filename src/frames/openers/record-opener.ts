import { copyOf, ownMemory } from '../../bytes.js';
import type { FrameCipher } from '../../crypto/aead.js';
import { goesBeyond, notAuthentic } from '../frame-errors.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from '../frame-length.js';
import type { FrameBounds, FrameLayout } from '../layout.js';
import { FORMAT_BOUNDS, isFinalWord, WORD_SIZE } from '../layout.js';

/** A place between two frames of the record layout. */
export interface RecordPlace {
  /** Index of the frame that starts here. */
  readonly index: number;
  /** Bytes of the stream before it. */
  readonly offset: number;
  /** Bytes of plaintext before it. */
  readonly plaintext: number;
}

/** The result of opening a run of frames. */
export interface RecordRun {
  /** The plaintext of the frames that verified, in its own memory. */
  readonly plaintext: Buffer;
  /** The place after them. */
  readonly next: RecordPlace;
  /** The last of them is final. */
  readonly isFinal: boolean;
  /** Why the frame at `next` is refused, if it is. */
  readonly fault: Error | undefined;
}

/** Opens frames of the record layout from any known frame boundary. */
export class RecordOpener {
  readonly #cipher: FrameCipher;
  readonly #aad: Buffer;
  readonly #length: FrameLength;
  readonly #bounds: FrameBounds;
  /** For plaintext that is never released. */
  #scratch: Buffer | undefined;
  #frames = 0;

  constructor(
    cipher: FrameCipher,
    { frameSize, aad }: Omit<FrameLayout, 'layout'>,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#cipher = cipher;
    this.#aad = Buffer.alloc(aad.length + WORD_SIZE);
    this.#aad.set(aad);
    this.#length = new FrameLength(WORD_SIZE, frameSize);
    this.#bounds = bounds;
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes of a full frame, including its word and tag. Anything shorter may hold no whole frame. */
  get most(): number {
    return this.#length.most;
  }

  /** Whether `bytes`, fewer than a frame, can be the beginning of one. */
  mayBegin(bytes: Uint8Array): boolean {
    return this.#length.mayBegin(bytes);
  }

  /** Bytes of the frame whose word is at `position`; undefined if no writer writes such a word. */
  lengthAt(bytes: Uint8Array, position: number): number | undefined {
    const length = this.#length.at(bytes, position);
    return length === NO_WORD || length === ILLEGAL_WORD ? undefined : length;
  }

  /** Whether a whole frame, from its word on, is authentic at this index. Its plaintext is wiped. */
  verifies(index: number, frame: Uint8Array): boolean {
    if (index >= this.#bounds.maxFrames) return false;
    this.#scratch ??= ownMemory(this.#length.plaintext(this.#length.most));
    const isRight = this.#openOne(index, frame, this.#scratch, 0);
    if (isRight) this.#scratch.fill(0, 0, this.#length.plaintext(frame.length));
    return isRight;
  }

  /** Opens the whole frames in `bytes`, which start at `place`, up to the final frame. Faults are returned. */
  open(place: RecordPlace, bytes: Uint8Array): RecordRun {
    // No memory is allocated for a frame that is incomplete.
    const isWhole = bytes.length >= this.#length.at(bytes, 0);
    const out = isWhole ? Buffer.alloc(bytes.length) : Buffer.alloc(0);
    let { index, plaintext } = place;
    let position = 0;
    let written = 0;
    let isFinal = false;
    let fault: Error | undefined;
    while (position < bytes.length && !isFinal) {
      const length = this.#length.at(bytes, position);
      fault = this.#refusal(index, plaintext, length);
      if (length === NO_WORD || fault !== undefined || position + length > bytes.length) break;
      if (!this.#openOne(index, bytes.subarray(position, position + length), out, written)) {
        fault = notAuthentic();
        break;
      }
      isFinal = isFinalWord(bytes, position);
      const size = this.#length.plaintext(length);
      written += size;
      plaintext += size;
      position += length;
      index += 1;
    }
    this.#frames += index - place.index;
    const next = { index, offset: place.offset + position, plaintext };
    return { plaintext: trimmed(out, written), next, isFinal, fault };
  }

  /** Wipes the key. Nothing can be opened afterwards. */
  wipe(): void {
    this.#cipher.wipe();
  }

  #refusal(index: number, plaintext: number, length: number): Error | undefined {
    const { maxFrames, maxPlaintext } = this.#bounds;
    if (index >= maxFrames) return goesBeyond(`${maxFrames} frames`);
    if (length === ILLEGAL_WORD) return notAuthentic();
    if (length !== NO_WORD && plaintext + this.#length.plaintext(length) > maxPlaintext)
      return goesBeyond(`${maxPlaintext} bytes`);
    return undefined;
  }

  #openOne(index: number, frame: Uint8Array, out: Uint8Array, offset: number): boolean {
    this.#aad.set(frame.subarray(0, WORD_SIZE), this.#aad.length - WORD_SIZE);
    return this.#cipher.open(index, this.#aad, frame.subarray(WORD_SIZE), out, offset);
  }
}

/** The bytes that were written, copied into their own memory if small frames left most of the buffer unused. */
function trimmed(out: Buffer, written: number): Buffer {
  if (written * 2 >= out.length) return out.subarray(0, written);
  const plaintext = copyOf(out.subarray(0, written));
  out.fill(0);
  return plaintext;
}
