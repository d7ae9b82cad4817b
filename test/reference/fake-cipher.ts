import { createHash } from 'node:crypto';
import type { FrameCipher, PiecewiseCipher } from '../../src/crypto/aead.js';
import { fakePieces } from './fake-pieces.js';

/** Which of the optional ways to seal and open a fake cipher has. */
export interface FakeAbilities {
  readonly detached?: boolean;
  readonly inRows?: boolean;
  readonly pieces?: boolean;
}

const TAG = 16;

/**
 * A cipher that hides nothing and is fast: its ciphertext is the plaintext with every bit turned, its tag a digest of
 * index, associated data and ciphertext. It throws where its user seals one index twice, skips one, or goes on after a
 * wipe; `calls` tells how it was used.
 */
export class FakeCipher implements FrameCipher {
  readonly calls: { readonly kind: string; readonly index: number; readonly size: number }[] = [];
  readonly sealDetached?: NonNullable<FrameCipher['sealDetached']>;
  readonly openDetached?: NonNullable<FrameCipher['openDetached']>;
  readonly sealFrames?: NonNullable<FrameCipher['sealFrames']>;
  readonly openFrames?: NonNullable<FrameCipher['openFrames']>;
  readonly startSeal?: PiecewiseCipher['startSeal'];
  readonly startOpen?: PiecewiseCipher['startOpen'];
  readonly update?: PiecewiseCipher['update'];
  readonly finishSeal?: PiecewiseCipher['finishSeal'];
  readonly finishOpen?: PiecewiseCipher['finishOpen'];
  readonly openAcross?: PiecewiseCipher['openAcross'];
  wiped = false;
  #nextSealed = 0;

  constructor({ detached = false, inRows = false, pieces = false }: FakeAbilities = {}) {
    if (pieces)
      Object.assign(
        this,
        fakePieces((kind, index, size) => this.#use(kind, index, size)),
      );
    if (detached) {
      this.sealDetached = (index, aad, plaintext) => {
        this.#use('sealDetached', index, plaintext.length);
        const ciphertext = turned(plaintext);
        return { ciphertext, tag: tagOf(index, aad, ciphertext) };
      };
      this.openDetached = (index, aad, sealed) => {
        this.#use('openDetached', index, sealed.length - TAG);
        return opened(index, aad, sealed);
      };
    }
    if (inRows) {
      this.sealFrames = (index, aad, frameSize, head, rest, out, offset) => {
        const plaintext = joined(head, rest, frameSize);
        const count = plaintext.length / frameSize;
        if (count !== Math.floor(count) || count === 0) throw new Error('not whole frames');
        for (let i = 0; i < count; i++) {
          const frame = plaintext.subarray(i * frameSize, (i + 1) * frameSize);
          this.#sealInto('sealFrames', index + i, aad, frame, out, offset + i * (frameSize + TAG));
        }
      };
      this.openFrames = (index, aad, frameSize, head, rest, out, offset) => {
        const unit = frameSize + TAG;
        const sealed = joined(head, rest, unit);
        const count = sealed.length / unit;
        if (count !== Math.floor(count) || count === 0) throw new Error('not whole frames');
        for (let i = 0; i < count; i++) {
          this.#use('openFrames', index + i, frameSize);
          const plaintext = opened(index + i, aad, sealed.subarray(i * unit, (i + 1) * unit));
          if (plaintext === undefined) return i;
          out.set(plaintext, offset + i * frameSize);
        }
        return count;
      };
    }
  }

  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void {
    this.#sealInto('seal', index, aad, plaintext, out, offset);
  }

  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean {
    this.#use('open', index, sealed.length - TAG);
    const plaintext = opened(index, aad, sealed);
    if (plaintext !== undefined) out.set(plaintext, offset);
    return plaintext !== undefined;
  }

  wipe(): void {
    this.wiped = true;
  }

  #sealInto(
    kind: string,
    index: number,
    aad: Uint8Array,
    plaintext: Uint8Array,
    out: Uint8Array,
    offset: number,
  ): void {
    this.#use(kind, index, plaintext.length);
    const ciphertext = turned(plaintext);
    out.set(ciphertext, offset);
    out.set(tagOf(index, aad, ciphertext), offset + plaintext.length);
  }

  #use(kind: string, index: number, size: number): void {
    if (this.wiped) throw new Error('used after its wipe');
    if (/^(seal|startSeal)/.test(kind) && index !== this.#nextSealed++)
      throw new Error(`index ${index} is not the next`);
    if (size < 0) throw new Error('a frame without a tag');
    this.calls.push({ kind, index, size });
  }
}

/** Ciphertext and tag of one frame, made apart from any order. */
export function fakeFrame(index: number, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  const ciphertext = turned(plaintext);
  return Buffer.concat([ciphertext, tagOf(index, aad, ciphertext)]);
}

/** Opens what `fakeFrame` made. */
export function openFakeFrame(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  return opened(index, aad, sealed);
}

function joined(head: Uint8Array, rest: Uint8Array, frame: number): Uint8Array {
  if (head.length >= frame) throw new Error('the head is a whole frame');
  return head.length === 0 ? rest : Buffer.concat([head, rest]);
}

function opened(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const ciphertext = sealed.subarray(0, sealed.length - TAG);
  if (!tagOf(index, aad, ciphertext).equals(sealed.subarray(sealed.length - TAG))) return undefined;
  return turned(ciphertext);
}

function turned(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) result[i] = bytes[i]! ^ 0xff;
  return result;
}

function tagOf(index: number, aad: Uint8Array, ciphertext: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index, 0);
  head.writeUInt32BE(aad.length, 4);
  return createHash('md5').update(head).update(aad).update(ciphertext).digest();
}
