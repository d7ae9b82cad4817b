import { describe, expect, it } from 'vitest';
import type { Engine, FrameCipher } from '../../src/crypto/aead.js';
import { nobleEngine } from '../../src/crypto/noble-engine.js';
import { nodeEngine } from '../../src/crypto/node-engine.js';
import { selfTest } from '../../src/crypto/self-test.js';
import { servedSuites } from '../reference/served-suites.js';

const SUITE = 'AES-256-GCM';

/** The node engine with a fault. */
function broken(
  fault: (good: FrameCipher) => Partial<FrameCipher>,
): Engine & { readonly wiped: () => boolean } {
  let wiped = false;
  return {
    name: 'node',
    missing: () => undefined,
    create: (suite, key, nonce) => {
      const good = nodeEngine.create(suite, key, nonce);
      return {
        seal: (...args) => good.seal(...args),
        open: (...args) => good.open(...args),
        wipe: () => {
          wiped = true;
          good.wipe();
        },
        ...fault(good),
      };
    },
    wiped: () => wiped,
  };
}

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

/** Decrypts as GCM does and looks at no tag: sealing a ciphertext once more undoes it. */
function openUnchecked(good: FrameCipher): FrameCipher['open'] {
  return (index, aad, sealed, out, offset) => {
    const again = Buffer.alloc(sealed.length);
    good.seal(index, aad, sealed.subarray(0, sealed.length - 16), again, 0);
    out.set(again.subarray(0, sealed.length - 16), offset);
    return true;
  };
}
