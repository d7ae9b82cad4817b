import type { CipherGCMTypes } from 'node:crypto';
import { createCipheriv, getCiphers } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/crypto/aead.js';
import { nobleEngine } from '../../src/crypto/noble/engine.js';
import type { SuiteName } from '../../src/suites.js';
import { SUITES } from '../../src/suites.js';
import { opened, sealed, servedSuites } from '../reference/served-suites.js';
import { onlyWhere } from '../support/prerequisite.js';

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const inputs = (suite: SuiteName) =>
  fc.record({
    key: bytes(SUITES[suite].keySize),
    nonce: bytes(SUITES[suite].nonceSize),
    index: fc.oneof(fc.nat({ max: 2 ** 32 - 2 }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 2)),
    aad: fc.uint8Array({ maxLength: 40 }),
    plaintext: fc.uint8Array({ maxLength: 200 }),
  });

describe('any two engines that serve a suite', () => {
  const pairs = servedSuites().flatMap((a) =>
    servedSuites()
      .filter((b) => b.suite === a.suite && b.name !== a.name)
      .map((b) => ({
        title: `${a.name}, opened as ${b.name}`,
        suite: a.suite,
        from: a.engine,
        to: b.engine,
      })),
  );

  it('are there to be compared', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(6);
  });

  it.each(pairs)('agree byte for byte: $title', ({ suite, from, to }) => {
    agree(suite, from, to, 40);
  });
});

/** Seals by one and opens by the other, and has both seal to the same bytes. */
function agree(suite: SuiteName, from: Engine, to: Engine, numRuns: number): void {
  fc.assert(
    fc.property(inputs(suite), ({ key, nonce, index, aad, plaintext }) => {
      const one = from.create(suite, key, nonce);
      const other = to.create(suite, key, nonce);
      const frame = sealed(one, index, aad, plaintext);
      expect(sealed(other, index, aad, plaintext).equals(frame)).toBe(true);
      expect(opened(other, index, aad, frame)?.equals(plaintext)).toBe(true);
      one.wipe();
      other.wipe();
    }),
    { numRuns },
  );
}

describe('the nonce of every engine', () => {
  it.each(servedSuites())('is base XOR index: $name', ({ suite, engine }) => {
    const key = Buffer.alloc(SUITES[suite].keySize, 3);
    const aad = Buffer.from('aad');
    const plaintext = Buffer.from('the same text');
    const base = Buffer.from('0a0b0c0d0e0f1011ffffffff', 'hex');
    for (const [index, tail] of [
      [0, 'ffffffff'],
      [1, 'fffffffe'],
      [2 ** 31, '7fffffff'],
      [2 ** 32 - 2, '00000001'],
    ] as const) {
      const direct = Buffer.from(`0a0b0c0d0e0f1011${tail}`, 'hex');
      const byIndex = sealed(engine.create(suite, key, base), index, aad, plaintext);
      expect(byIndex.equals(sealed(engine.create(suite, key, direct), 0, aad, plaintext))).toBe(true);
    }
  });
});

describe('AES-256-GCM-SIV of noble', () => {
  it("is node's own, byte for byte, where node has it", (context) => {
    const name = 'aes-256-gcm-siv';
    onlyWhere(context, getCiphers().includes(name), `the OpenSSL inside this Node has no ${name}`);
    fc.assert(
      fc.property(inputs('AES-256-GCM-SIV'), ({ key, nonce, aad, plaintext }) => {
        const theirs = createCipheriv(name as CipherGCMTypes, key, nonce, { authTagLength: 16 });
        theirs.setAAD(aad);
        const frame = Buffer.concat([theirs.update(plaintext), theirs.final(), theirs.getAuthTag()]);
        expect(
          sealed(nobleEngine.create('AES-256-GCM-SIV', key, nonce), 0, aad, plaintext).equals(frame),
        ).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
