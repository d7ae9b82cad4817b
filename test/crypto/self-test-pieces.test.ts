import { describe, expect, it } from 'vitest';
import type { FrameCipher, PiecewiseCipher } from '../../src/crypto/aead.js';
import { selfTest } from '../../src/crypto/self-test.js';
import { broken } from '../reference/broken-engine.js';

const SUITE = 'AES-256-GCM';

/** Frames in pieces, gathered and then sealed or opened as a whole. */
function pieces(good: FrameCipher): PiecewiseCipher {
  let begun: [index: number, aad: Uint8Array] = [0, new Uint8Array(0)];
  let taken: Uint8Array[] = [];
  const start = (index: number, aad: Uint8Array): void => {
    begun = [index, aad];
    taken = [];
  };
  const update = (chunk: Uint8Array, from: number, to: number): void => {
    taken.push(chunk.slice(from, to));
  };
  const right: PiecewiseCipher = {
    startSeal: start,
    startOpen: start,
    update,
    finishSeal(chunk, from, to, out) {
      update(chunk, from, to);
      good.seal(...begun, Buffer.concat(taken), out, 0);
    },
    finishOpen(chunk, from, to, out) {
      update(chunk, from, to);
      return good.open(...begun, Buffer.concat(taken), out, 0);
    },
    openAcross(chunk, cut, out, offset, index, aad, next) {
      const verified = right.finishOpen(chunk, 0, cut, out, offset);
      right.startOpen(index, aad);
      right.update(chunk, cut, chunk.length, next, 0);
      return verified;
    },
  };
  return right;
}

const faulty = (fault: (good: PiecewiseCipher) => Partial<PiecewiseCipher>): string | undefined =>
  selfTest(
    broken((good) => {
      const right = pieces(good);
      return { ...right, ...fault(right) };
    }),
    SUITE,
  );

describe('the self-test of frames in pieces', () => {
  it('passes an engine that takes them', () => {
    expect(faulty(() => ({}))).toBeUndefined();
  });

  it.each<[string, (good: PiecewiseCipher) => Partial<PiecewiseCipher>]>([
    ['forgets the first piece', () => ({ update: () => {} })],
    [
      'forgets the last piece it seals',
      (good) => ({ finishSeal: (chunk, from, _, ...rest) => good.finishSeal(chunk, from, from, ...rest) }),
    ],
    [
      'takes whole chunks for pieces',
      (good) => ({ update: (chunk, _from, _to, ...rest) => good.update(chunk, 0, chunk.length, ...rest) }),
    ],
    ['seals at another index', (good) => ({ startSeal: (index, aad) => good.startSeal(index + 1, aad) })],
    ['opens at another index', (good) => ({ startOpen: (index, aad) => good.startOpen(index - 1, aad) })],
    [
      'seals without associated data',
      (good) => ({ startSeal: (index) => good.startSeal(index, new Uint8Array(0)) }),
    ],
    ['seals nothing', () => ({ finishSeal: () => {} })],
    ['opens nothing', () => ({ finishOpen: () => false })],
    ['opens and gives nothing', () => ({ finishOpen: () => true })],
    [
      'opens whatever it is given',
      (good) => ({
        finishOpen: (...args) => {
          good.finishOpen(...args);
          return true;
        },
      }),
    ],
    ['opens nothing across chunks', () => ({ openAcross: () => false })],
    ['opens across chunks and gives nothing', () => ({ openAcross: () => true })],
    [
      'begins another frame behind the one that ends',
      (good) => ({
        openAcross: (chunk, cut, out, offset, index, ...rest) =>
          good.openAcross(chunk, cut, out, offset, index + 1, ...rest),
      }),
    ],
    [
      'opens across chunks whatever it is given',
      (good) => ({
        openAcross: (...args) => {
          good.openAcross(...args);
          return true;
        },
      }),
    ],
    [
      'throws',
      () => ({
        startOpen: () => {
          throw new Error('no such cipher');
        },
      }),
    ],
  ])('refuses one that %s', (_, fault) => {
    expect(faulty(fault)).toMatch(/^self-test failed: /);
  });
});
