import type { CipherGCMTypes } from 'node:crypto';
import { createCipheriv, getCiphers } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickEngine } from '../../src/crypto/engines.js';
import { Sm4GcmCipher } from '../../src/crypto/sm4-gcm.js';
import { opened, sealed } from '../reference/served-suites.js';
import { onlyWhere } from '../support/prerequisite.js';

const hex = (literal: string) => Buffer.from(literal.replaceAll(' ', ''), 'hex');

/** RFC 8998, appendix A.1. */
const RFC = {
  key: hex('0123456789ABCDEFFEDCBA9876543210'),
  nonce: hex('00001234567800000000ABCD'),
  aad: hex('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2'),
  plaintext: hex(
    'AAAAAAAAAAAAAAAA BBBBBBBBBBBBBBBB CCCCCCCCCCCCCCCC DDDDDDDDDDDDDDDD EEEEEEEEEEEEEEEE FFFFFFFFFFFFFFFF EEEEEEEEEEEEEEEE AAAAAAAAAAAAAAAA',
  ),
  ciphertext: hex(
    '17F399F08C67D5EE19D0DC9969C4BB7D 5FD46FD3756489069157B282BB200735 D82710CA5C22F0CCFA7CBF93D496AC15 A56834CBCF98C397B4024A2691233B8D',
  ),
  tag: hex('83DE3541E4C2B58177E065A9BF7B62EC'),
};

const ours = (key: Uint8Array, nonce: Uint8Array) => new Sm4GcmCipher(key, nonce);
const picked = (key: Uint8Array, nonce: Uint8Array) => pickEngine('SM4-GCM').create('SM4-GCM', key, nonce);

describe.each([
  ['of our own', ours],
  ['of the engine that is picked', picked],
] as const)('SM4-GCM %s', (_, create) => {
  it('is that of RFC 8998', () => {
    const cipher = create(RFC.key, RFC.nonce);
    const frame = Buffer.concat([RFC.ciphertext, RFC.tag]);
    expect(sealed(cipher, 0, RFC.aad, RFC.plaintext).equals(frame)).toBe(true);
    expect(opened(cipher, 0, RFC.aad, frame)!.equals(RFC.plaintext)).toBe(true);
  });

  it('refuses the vector with any bit of it turned, and gives nothing out', () => {
    const cipher = create(RFC.key, RFC.nonce);
    const frame = Buffer.concat([RFC.ciphertext, RFC.tag]);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      frame[bit >> 3]! ^= 1 << (bit & 7);
      const out = Buffer.alloc(frame.length - 16, 0x77);
      expect(cipher.open(0, RFC.aad, frame, out, 0)).toBe(false);
      expect(out.every((byte) => byte === 0x77)).toBe(true);
      frame[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(opened(cipher, 0, RFC.aad.subarray(1), frame)).toBeUndefined();
    expect(opened(cipher, 1, RFC.aad, frame)).toBeUndefined();
  });
});

describe('SM4-GCM of our own', () => {
  it('counts its blocks up to the last bits of the counter', () => {
    // 70,000 blocks carry from the low 16 bits of the counter into the next ones.
    const plaintext = Buffer.alloc(70_000 * 16, 3);
    const cipher = ours(RFC.key, RFC.nonce);
    const frame = sealed(cipher, 2 ** 32 - 2, RFC.aad, plaintext);
    expect(opened(cipher, 2 ** 32 - 2, RFC.aad, frame)!.equals(plaintext)).toBe(true);
  });

  it("is node's own, byte for byte, where node has it", (context) => {
    onlyWhere(context, getCiphers().includes('sm4-gcm'), 'the OpenSSL inside this Node has no sm4-gcm');
    const cases = fc.record({
      key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }),
      aad: fc.uint8Array({ maxLength: 70 }),
      plaintext: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(cases, ({ key, nonce, aad, plaintext }) => {
        const theirs = createCipheriv('sm4-gcm' as CipherGCMTypes, key, nonce, { authTagLength: 16 });
        theirs.setAAD(aad);
        const frame = Buffer.concat([theirs.update(plaintext), theirs.final(), theirs.getAuthTag()]);
        expect(sealed(ours(key, nonce), 0, aad, plaintext).equals(frame)).toBe(true);
      }),
    );
  });
});
