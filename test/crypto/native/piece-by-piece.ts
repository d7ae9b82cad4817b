import { expect } from 'vitest';
import type { NativeCipher } from './addon-here.js';

export const TAG = 16;
const BEFORE = 3;
const BEHIND = 21;

/** One frame that a cipher of the addon takes in pieces. */
export interface CutFrame {
  readonly index: number;
  readonly aad: Uint8Array;
  /** What is fed. */
  readonly bytes: Uint8Array;
  /** Where `bytes` is cut, in order. A place twice makes an empty piece. */
  readonly cuts: readonly number[];
}

/** Seals in pieces, each of which writes as many bytes as it has, and the last one the tag too. */
export function sealInPieces(cipher: NativeCipher, frame: CutFrame): Buffer {
  const { index, aad, bytes } = frame;
  const out = new WatchedOutput(bytes.length + TAG);
  const pieces = piecesOf(frame);
  const [from, to] = pieces.pop()!;
  cipher.startSeal(index, aad);
  for (const [begin, end] of pieces) {
    cipher.update(bytes, begin, end, out.memory, out.offset);
    out.assertWritten(end);
  }
  cipher.finishSeal(bytes, from, to, out.memory, out.offset);
  out.assertWritten(to + TAG);
  return out.written;
}

/** Opens in pieces, of which all but the last 16 bytes so far are written. @returns the plaintext of what verifies */
export function openInPieces(cipher: NativeCipher, frame: CutFrame): Buffer | false {
  const { index, aad, bytes } = frame;
  const out = new WatchedOutput(bytes.length - TAG);
  const pieces = piecesOf(frame);
  const [from, to] = pieces.pop()!;
  cipher.startOpen(index, aad);
  for (const [begin, end] of pieces) {
    cipher.update(bytes, begin, end, out.memory, out.offset);
    out.assertWritten(Math.max(0, end - TAG));
  }
  const verified = cipher.finishOpen(bytes, from, to, out.memory, out.offset);
  out.assertWritten(to - TAG);
  return verified && out.written;
}

/** `[from, to)` of every piece: one more than cuts. */
function piecesOf({ bytes, cuts }: CutFrame): [number, number][] {
  const ends = [...cuts, bytes.length];
  return ends.map((end, i) => [i === 0 ? 0 : ends[i - 1]!, end]);
}

/** Memory around what is written, which must not change, as must not what was written before. */
class WatchedOutput {
  readonly memory: Buffer;
  readonly #seen: Buffer;
  #length = 0;

  constructor(size: number) {
    this.memory = Buffer.alloc(BEFORE + size + BEHIND, 0xa5);
    this.#seen = Buffer.from(this.memory);
  }

  /** Where the next bytes go. */
  get offset(): number {
    return BEFORE + this.#length;
  }

  get written(): Buffer {
    return this.memory.subarray(BEFORE, this.offset);
  }

  /** All that changed lies between what was written before and `length`. */
  assertWritten(length: number): void {
    this.memory.copy(this.#seen, this.offset, this.offset, BEFORE + length);
    // `expect` itself would take most of the time.
    if (!this.memory.equals(this.#seen)) expect.fail(`something else was written, up to ${length}`);
    this.#length = length;
  }
}
