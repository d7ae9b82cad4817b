import { copyOf, NOTHING, viewOf, wipe } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { holdsAtMost } from '../frames/frame-errors.js';
import type { FrameBounds, FrameLayout } from '../frames/layout.js';
import { FORMAT_BOUNDS } from '../frames/layout.js';
import { TAG_SIZE } from '../suites.js';

/** Memory into which a run of frames is sealed. */
export interface Run {
  readonly memory: Buffer;
  /** Where the first frame goes. The bytes before it are kept. */
  readonly start: number;
  /** How many full frames fit after `start`. One more tag must fit, for a last frame that is empty. */
  readonly frames: number;
}

/**
 * Seals plaintext into the caller's memory as it arrives: runs of frames of the fixed layout (FORMAT 6), one run after
 * the other. The memory holds plaintext only of the frame that is not whole yet, in the place of that frame.
 */
export class RunSealer {
  readonly #cipher: FrameCipher;
  readonly #frameSize: number;
  readonly #aad: Buffer;
  readonly #bounds: FrameBounds;
  #frames = 0;
  #plaintext = 0;
  #memory: Buffer = Buffer.alloc(0);
  /** Where the next frame goes. */
  #place = 0;
  /** Full frames that still have room. */
  #room = 0;
  /** Bytes of plaintext in the frame that is not whole. */
  #fill = 0;

  constructor(
    cipher: FrameCipher,
    { frameSize, aad }: Omit<FrameLayout, 'layout'>,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#cipher = cipher;
    this.#frameSize = frameSize;
    this.#aad = copyOf(aad);
    this.#bounds = bounds;
  }

  /** Frames sealed so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether the run takes no more plaintext. */
  get isFull(): boolean {
    return this.#room === 0;
  }

  /** Where the sealed frames of the run end. */
  get end(): number {
    return this.#place;
  }

  /** Continues in other memory. The previous run must be full. */
  begin({ memory, start, frames }: Run): void {
    this.#memory = memory;
    this.#place = start;
    this.#room = frames;
  }

  /**
   * Takes plaintext from `chunk`, from `from` on, and seals every frame that it fills.
   *
   * @returns how many bytes were taken: fewer than there are only if the run is full
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the bounds of a stream
   */
  write(chunk: Uint8Array, from: number): number {
    const size = this.#frameSize;
    let position = from;
    while (position < chunk.length && this.#room > 0) {
      const left = chunk.length - position;
      if (this.#fill === 0 && left >= size) {
        const count = Math.min(Math.floor(left / size), this.#room);
        this.#sealRun(viewOf(chunk, position, position + count * size), count);
        position += count * size;
        continue;
      }
      const taken = Math.min(size - this.#fill, left);
      this.#memory.set(viewOf(chunk, position, position + taken), this.#place + this.#fill);
      this.#fill += taken;
      position += taken;
      if (this.#fill === size) this.#sealPlace(0);
    }
    return position - from;
  }

  /** Where to put `length` bytes of plaintext for {@link sealPlaces}: a view for each frame, in order. */
  places(length: number): Buffer[] {
    const size = this.#frameSize;
    return Array.from({ length: Math.ceil(length / size) }, (_, i) => {
      const place = this.#place + i * (size + TAG_SIZE);
      return this.#memory.subarray(place, place + Math.min(size, length - i * size));
    });
  }

  /** Seals `length` bytes that were put into their places. Bytes that do not fill a frame wait for `finish`. */
  sealPlaces(length: number): void {
    let left = length;
    for (; left >= this.#frameSize; left -= this.#frameSize) {
      this.#fill = this.#frameSize;
      this.#sealPlace(0);
    }
    this.#fill = left;
  }

  /** Skips `length` bytes that were sealed before, and the last frame if `isLast`. */
  skip(length: number, isLast: boolean): void {
    const whole = Math.floor(length / this.#frameSize);
    const count = isLast ? whole + 1 : whole;
    this.#nextIndex(count, length, isLast ? 1 : 0);
    this.#advance(count, length + count * TAG_SIZE);
  }

  /** Seals the last frame, which may be empty. */
  finish(): void {
    this.#sealPlace(1);
    this.#room = 0;
  }

  /** Wipes the key, and the plaintext of a frame that is not whole. Nothing can be sealed afterwards. */
  wipe(): void {
    this.#cipher.wipe();
    wipe(this.#memory.subarray(this.#place, this.#place + this.#fill));
    this.#fill = 0;
    this.#room = 0;
  }

  #sealRun(plaintext: Uint8Array, count: number): void {
    const index = this.#nextIndex(count, plaintext.length, 0);
    const size = this.#frameSize;
    if (this.#cipher.sealFrames !== undefined) {
      this.#cipher.sealFrames(index, this.#aad, size, NOTHING, plaintext, this.#memory, this.#place);
    } else {
      for (let i = 0; i < count; i++) {
        const frame = viewOf(plaintext, i * size, (i + 1) * size);
        this.#cipher.seal(index + i, this.#aad, frame, this.#memory, this.#place + i * (size + TAG_SIZE));
      }
    }
    this.#advance(count, plaintext.length + count * TAG_SIZE);
  }

  /** Seals the frame that lies in its place. */
  #sealPlace(last: 0 | 1): void {
    const index = this.#nextIndex(1, this.#fill, last);
    const plaintext = this.#memory.subarray(this.#place, this.#place + this.#fill);
    this.#cipher.seal(index, this.#aad, plaintext, this.#memory, this.#place);
    const length = this.#fill + TAG_SIZE;
    this.#fill = 0;
    this.#advance(1, length);
  }

  #advance(frames: number, bytes: number): void {
    this.#place += bytes;
    this.#room -= frames;
  }

  /** Counts frames, unless no last one could follow them. @returns the index of the first */
  #nextIndex(count: number, bytes: number, last: 0 | 1): number {
    const { maxFrames, maxPlaintext } = this.#bounds;
    const index = this.#frames;
    if (index + count + 1 - last > maxFrames) throw holdsAtMost(`${maxFrames} frames`);
    if (this.#plaintext + bytes > maxPlaintext) throw holdsAtMost(`${maxPlaintext} bytes`);
    this.#plaintext += bytes;
    this.#frames += count;
    return index;
  }
}
