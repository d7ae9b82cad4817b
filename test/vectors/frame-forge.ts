import { asBuffer, u32 } from '../../src/bytes.js';
import type { FrameCipher } from '../../src/crypto/aead.js';
import type { LayoutName } from '../../src/format/stream-header.js';

const TAG_SIZE = 16;
const WORD_SIZE = 4;
const FINAL = 0x80000000;

/** What may be wrong about a frame that is sealed all the same. */
export interface FrameTraits {
  /** Record layout: bit 31 of the word. */
  readonly final?: boolean;
  /** Record layout: the word that is written and authenticated, whatever it says. */
  readonly word?: number;
}

/** Seals frames one by one, in any order and against any rule: what a forger who holds the key could write. */
export class FrameForge {
  readonly layout: LayoutName;
  readonly frameSize: number;
  readonly #cipher: FrameCipher;
  readonly #aad: Uint8Array;

  constructor(cipher: FrameCipher, layout: LayoutName, frameSize: number, aad: Uint8Array) {
    this.#cipher = cipher;
    this.layout = layout;
    this.frameSize = frameSize;
    this.#aad = aad;
  }

  /** The bytes of frame `index`. */
  seal(index: number, plaintext: Uint8Array, { final = false, word }: FrameTraits = {}): Buffer {
    const head =
      this.layout === 'record' ? u32(word ?? (final ? FINAL : 0) + plaintext.length) : u32(0).subarray(4);
    const out = Buffer.alloc(head.length + plaintext.length + TAG_SIZE);
    out.set(head);
    this.#cipher.seal(index, Buffer.concat([this.#aad, head]), plaintext, out, head.length);
    return out;
  }

  /** The frames of a whole stream, one for each piece; the last piece becomes the last frame. */
  sealAll(...pieces: readonly Uint8Array[]): Buffer[] {
    return pieces.map((piece, i) => this.seal(i, piece, { final: i === pieces.length - 1 }));
  }
}

/** A copy with one bit flipped: bit 0 of the byte at `offset`, which counts from the end where it is negative. */
export function flipped(bytes: Uint8Array, offset: number, mask = 1): Buffer {
  const copy = Buffer.from(bytes);
  const at = offset < 0 ? copy.length + offset : offset;
  copy[at] = copy[at]! ^ mask;
  return copy;
}

/** A copy with other bytes from `offset` on. */
export function patched(bytes: Uint8Array, offset: number, value: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(value, offset);
  return copy;
}

/** A record frame with another word in front, which its tag does not cover. */
export function reworded(frame: Uint8Array, word: number): Buffer {
  return Buffer.concat([u32(word), asBuffer(frame).subarray(WORD_SIZE)]);
}
