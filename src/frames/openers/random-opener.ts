import { copyOf } from '../../bytes.js';
import type { FrameCipher } from '../../crypto/aead.js';
import { TAG_SIZE } from '../../suites.js';
import { notAuthentic } from '../frame-errors.js';
import type { FrameLayout } from '../layout.js';

/** Opens frames of the fixed layout in any order: each of them verifies by itself (FORMAT 6, "Parts"). */
export class RandomOpener {
  readonly #cipher: FrameCipher;
  readonly #frameSize: number;
  readonly #aad: Buffer;
  #frames = 0;

  constructor(cipher: FrameCipher, { frameSize, aad }: Omit<FrameLayout, 'layout'>) {
    this.#cipher = cipher;
    this.#frameSize = frameSize;
    this.#aad = copyOf(aad);
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Opens full frames in a row, from `index` on, into `out` at `offset`.
   *
   * @param sealed whole frames, tags included
   * @returns how many verified before the first that did not; `out` holds no plaintext of that one or of later ones
   */
  openRun(index: number, sealed: Uint8Array, out: Uint8Array, offset: number): number {
    const unit = this.#frameSize + TAG_SIZE;
    const count = sealed.length / unit;
    let opened = 0;
    if (this.#cipher.openFrames !== undefined) {
      const nothing = sealed.subarray(0, 0);
      opened = this.#cipher.openFrames(index, this.#aad, this.#frameSize, nothing, sealed, out, offset);
    } else {
      for (; opened < count; opened++) {
        const frame = sealed.subarray(opened * unit, (opened + 1) * unit);
        const place = offset + opened * this.#frameSize;
        if (!this.#cipher.open(index + opened, this.#aad, frame, out, place)) break;
      }
    }
    this.#frames += opened;
    return opened;
  }

  /**
   * Opens the last frame.
   *
   * @param sealed fewer than F bytes and a tag
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION` with `atEnd`
   */
  openLast(index: number, sealed: Uint8Array): Buffer {
    const plaintext = this.tryLast(index, sealed);
    if (plaintext === undefined) throw notAuthentic(true);
    return plaintext;
  }

  /** Like `openLast`, but returns undefined if the frame does not verify. */
  tryLast(index: number, sealed: Uint8Array): Buffer | undefined {
    const plaintext = Buffer.allocUnsafeSlow(sealed.length - TAG_SIZE);
    if (!this.#cipher.open(index, this.#aad, sealed, plaintext, 0)) return undefined;
    this.#frames += 1;
    return plaintext;
  }

  /** Whether a frame of any length is authentic at this index. Its plaintext is wiped. */
  verifies(index: number, sealed: Uint8Array): boolean {
    if (sealed.length < TAG_SIZE) return false;
    const plaintext = Buffer.allocUnsafeSlow(sealed.length - TAG_SIZE);
    const isRight = this.#cipher.open(index, this.#aad, sealed, plaintext, 0);
    plaintext.fill(0);
    return isRight;
  }

  /** Wipes the key. Nothing can be opened afterwards. */
  wipe(): void {
    this.#cipher.wipe();
  }
}
