import { createHash } from 'node:crypto';
import { asBuffer, u32 } from '../../src/bytes.js';
import type { FrameCipher } from '../../src/crypto/aead.js';

/** A frame cipher that hides nothing and has a checksum for a tag: what the engine of frames does is all its own. */
export class FakeCipher implements FrameCipher {
  readonly #key: Uint8Array;

  constructor(key: number) {
    this.#key = u32(key);
  }

  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void {
    out.set(plaintext, offset);
    out.set(this.#tag(index, aad, plaintext), offset + plaintext.length);
  }

  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean {
    const plaintext = sealed.subarray(0, -16);
    if (!this.#tag(index, aad, plaintext).equals(asBuffer(sealed).subarray(-16))) return false;
    out.set(plaintext, offset);
    return true;
  }

  wipe(): void {}

  #tag(index: number, aad: Uint8Array, plaintext: Uint8Array): Buffer {
    const hash = createHash('md5').update(this.#key).update(u32(index)).update(u32(aad.length));
    return hash.update(aad).update(plaintext).digest();
  }
}
