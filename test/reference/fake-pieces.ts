import type { PiecewiseCipher } from '../../src/crypto/aead.js';
import { fakeFrame, openFakeFrame } from './fake-cipher.js';

const TAG = 16;

/** The frame that is under way. */
interface Begun {
  readonly kind: 'Seal' | 'Open';
  readonly index: number;
  readonly aad: Uint8Array;
  readonly taken: Uint8Array[];
}

/** The piecewise half of a fake cipher: what it writes, byte for byte, and when. It throws where it is used wrongly. */
export function fakePieces(use: (kind: string, index: number, size: number) => void): PiecewiseCipher {
  let begun: Begun | undefined;
  const start = (kind: Begun['kind']) => (index: number, aad: Uint8Array) => {
    use(`start${kind}`, index, 0);
    if (begun !== undefined) throw new Error('a frame was under way');
    begun = { kind, index, aad: Uint8Array.from(aad), taken: [] };
  };
  const add = (method: string, chunk: Uint8Array, from: number, to: number): Begun => {
    if (begun === undefined) throw new Error('no frame is under way');
    if (from < 0 || to < from || to > chunk.length) throw new Error('a piece outside of its chunk');
    use(method, begun.index, to - from);
    begun.taken.push(Buffer.from(chunk.subarray(from, to)));
    return begun;
  };
  const end = (kind: Begun['kind'], ...piece: [chunk: Uint8Array, from: number, to: number]): Begun => {
    const frame = add(`finish${kind}`, ...piece);
    if (frame.kind !== kind) throw new Error('the frame was begun in the other direction');
    begun = undefined;
    return frame;
  };
  const pieces: PiecewiseCipher = {
    startSeal: start('Seal'),
    startOpen: start('Open'),
    update(chunk, from, to, out, offset) {
      const { kind, taken } = add('update', chunk, from, to);
      const before = sizeOf(taken.slice(0, -1));
      const held = kind === 'Open' ? TAG : 0;
      if (offset !== Math.max(0, before - held)) throw new Error('a piece that is not behind the last');
      out.set(turned(Buffer.concat(taken).subarray(offset, Math.max(0, before + to - from - held))), offset);
    },
    finishSeal(chunk, from, to, out, offset) {
      const { index, aad, taken } = end('Seal', chunk, from, to);
      const frame = fakeFrame(index, aad, Buffer.concat(taken));
      out.set(frame.subarray(offset), offset);
    },
    finishOpen(chunk, from, to, out, offset) {
      const { index, aad, taken } = end('Open', chunk, from, to);
      const sealed = Buffer.concat(taken);
      if (sealed.length < TAG) throw new Error('a frame without a tag');
      out.set(turned(sealed.subarray(offset, -TAG)), offset);
      return openFakeFrame(index, aad, sealed) !== undefined;
    },
    openAcross(chunk, cut, out, offset, index, aad, next) {
      use('openAcross', index, chunk.length - cut);
      if (!pieces.finishOpen(chunk, 0, cut, out, offset)) return false;
      pieces.startOpen(index, aad);
      pieces.update(chunk, cut, chunk.length, next, 0);
      return true;
    },
  };
  return pieces;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, piece) => size + piece.length, 0);
}

function turned(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff);
}
