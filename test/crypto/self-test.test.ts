import { describe, expect, it } from 'vitest';
import type { Engine, FrameCipher } from '../../src/crypto/aead.js';
import { nobleEngine } from '../../src/crypto/noble/engine.js';
import { selfTest } from '../../src/crypto/self-test.js';
import { broken } from '../reference/broken-engine.js';
import { servedSuites } from '../reference/served-suites.js';

const SUITE = 'AES-256-GCM';
const NONE = new Uint8Array(0);

type Runs = Required<Pick<FrameCipher, 'sealFrames' | 'openFrames'>>;

describe('the self-test', () => {
  it.each(servedSuites())('passes $name', ({ engine, suite }) => {
    expect(selfTest(engine, suite)).toBeUndefined();
  });

  it.each<[string, (good: FrameCipher) => Partial<FrameCipher>]>([
    [
      'seals with a wrong tag',
      (good) => ({
        seal: (index, aad, plaintext, out, offset) => {
          good.seal(index, aad, plaintext, out, offset);
          out[offset + plaintext.length + 15]! ^= 1;
        },
      }),
    ],
    [
      'does not encrypt',
      () => ({ seal: (_index, _aad, plaintext, out, offset) => out.set(plaintext, offset) }),
    ],
    ['does nothing', () => ({ seal: () => {} })],
    [
      'seals without associated data',
      (good) => ({ seal: (index, _aad, ...rest) => good.seal(index, new Uint8Array(0), ...rest) }),
    ],
    [
      'takes one nonce for every frame',
      (good) => ({
        seal: (_index, ...rest) => good.seal(0, ...rest),
        open: (_index, ...rest) => good.open(0, ...rest),
      }),
    ],
    [
      'opens everything',
      (good) => ({
        open: (...args) => {
          good.open(...args);
          return true;
        },
      }),
    ],
    ['opens everything, and gives the plaintext', (good) => ({ open: openUnchecked(good) })],
    ['opens nothing', () => ({ open: () => false })],
    [
      'opens to something else',
      (good) => ({
        open: (index, aad, sealed, out, offset) => {
          const ok = good.open(index, aad, sealed, out, offset);
          if (sealed.length > 16) out[offset]! ^= 1;
          return ok;
        },
      }),
    ],
    [
      'throws when it seals',
      () => ({
        seal: () => {
          throw new Error('no such cipher');
        },
      }),
    ],
    [
      'throws when it opens',
      () => ({
        open: () => {
          throw new Error('no such cipher');
        },
      }),
    ],
  ])('refuses an engine that %s, and wipes its key', (_, fault) => {
    const engine = broken(fault);
    expect(selfTest(engine, SUITE)).toMatch(/^self-test failed: /);
    expect(engine.wiped()).toBe(true);
  });

  it('passes an engine that seals and opens runs of frames', () => {
    expect(selfTest(broken(runs), SUITE)).toBeUndefined();
  });

  it.each<[string, (good: Runs) => Partial<Runs>]>([
    [
      'seals runs of frames without their head',
      (good) => ({ sealFrames: withParts(good.sealFrames, (_, rest) => [NONE, rest]) }),
    ],
    [
      'seals the head of a run alone',
      (good) => ({ sealFrames: withParts(good.sealFrames, (head) => [head, NONE]) }),
    ],
    [
      'seals the rest of a run before its head',
      (good) => ({ sealFrames: withParts(good.sealFrames, (head, rest) => [rest, head]) }),
    ],
    ['seals no runs', () => ({ sealFrames: () => {} })],
    [
      'seals runs at another index',
      (good) => ({ sealFrames: (index, ...rest) => good.sealFrames(index - 1, ...rest) }),
    ],
    ['opens no runs', () => ({ openFrames: () => 0 })],
    ['opens runs and gives nothing', () => ({ openFrames: () => 1 })],
    [
      'opens the rest of a run before its head',
      (good) => ({ openFrames: withParts(good.openFrames, (head, rest) => [rest, head]) }),
    ],
    [
      'opens runs without a look at their tags',
      (good) => ({
        openFrames: (index, aad, size, head, rest, out, offset) => {
          const sealed = Buffer.concat([head, rest]);
          const again = Buffer.alloc(sealed.length);
          good.sealFrames(index, aad, size, NONE, sealed.subarray(0, size), again, 0);
          out.set(again.subarray(0, size), offset);
          return 1;
        },
      }),
    ],
    [
      'opens more frames than there are',
      (good) => ({ openFrames: (...args) => good.openFrames(...args) + 1 }),
    ],
    [
      'throws when it seals runs',
      () => ({
        sealFrames: () => {
          throw new Error('no such cipher');
        },
      }),
    ],
  ])('refuses an engine that %s, and wipes its key', (_, fault) => {
    const engine = broken((good) => ({ ...runs(good), ...fault(runs(good)) }));
    expect(selfTest(engine, SUITE)).toMatch(/^self-test failed: (a wrong run of frames|no such cipher)$/);
    expect(engine.wiped()).toBe(true);
  });

  it('refuses an engine that cannot make a cipher', () => {
    const engine: Engine = {
      ...nobleEngine,
      create: () => {
        throw new Error('disabled by policy');
      },
    };
    expect(selfTest(engine, SUITE)).toBe('self-test failed: disabled by policy');
  });
});

/** Runs of one frame, one way and the other, as a cipher of single frames makes them. */
function runs(good: FrameCipher): Runs {
  return {
    sealFrames: (index, aad, _size, head, rest, out, offset) =>
      good.seal(index, aad, Buffer.concat([head, rest]), out, offset),
    openFrames: (index, aad, _size, head, rest, out, offset) =>
      Number(good.open(index, aad, Buffer.concat([head, rest]), out, offset)),
  };
}

type Run<T> = (
  index: number,
  aad: Uint8Array,
  size: number,
  head: Uint8Array,
  rest: Uint8Array,
  out: Uint8Array,
  offset: number,
) => T;

/** The same with other parts. */
function withParts<T>(
  call: Run<T>,
  change: (head: Uint8Array, rest: Uint8Array) => readonly [Uint8Array, Uint8Array],
): Run<T> {
  return (index, aad, size, head, rest, ...more) => call(index, aad, size, ...change(head, rest), ...more);
}

/** Decrypts as GCM does and looks at no tag: sealing a ciphertext once more undoes it. */
function openUnchecked(good: FrameCipher): FrameCipher['open'] {
  return (index, aad, sealed, out, offset) => {
    const again = Buffer.alloc(sealed.length);
    good.seal(index, aad, sealed.subarray(0, sealed.length - 16), again, 0);
    out.set(again.subarray(0, sealed.length - 16), offset);
    return true;
  };
}
