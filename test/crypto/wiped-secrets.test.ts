import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import { hkdf, hkdfExpand, hkdfExtract } from '../../src/crypto/hkdf.js';
import { deriveClaimKey, deriveStreamKeys } from '../../src/crypto/key-schedule.js';
import { nodeEngine } from '../../src/crypto/node-engine.js';
import { Sm4GcmCipher } from '../../src/crypto/sm4-gcm.js';
import { SUITES } from '../../src/suites.js';
import { opened, sealed, servedSuites } from '../reference/served-suites.js';
import { overwritten } from '../support/overwritten.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => first + i);

describe.each(servedSuites())('a frame cipher of $name', ({ suite, engine }) => {
  it("overwrites every copy of its key that lies in Node's memory", async () => {
    const key = bytesOf(SUITES[suite].keySize, 1);
    let cipher: FrameCipher | undefined;
    const wiped = await overwritten(() => {
      cipher = engine.create(suite, key, bytesOf(SUITES[suite].nonceSize, 1));
      cipher.wipe();
    });
    expect(wiped).toContain(hex(key));
    expect(hex(key)).toBe(hex(bytesOf(SUITES[suite].keySize, 1)));
  });
});

describe('a cipher', () => {
  it('of SM4-GCM also overwrites the key of its hash', async () => {
    const key = bytesOf(16, 1);
    const cipher = new Sm4GcmCipher(key, bytesOf(12, 1));
    const hashKey = createCipheriv('sm4-ecb', key, null).update(Buffer.alloc(16));
    expect(await overwritten(() => cipher.wipe())).toEqual([hex(key), hex(hashKey)]);
  });

  it('of node:crypto overwrites the plaintext of a frame that does not verify', async () => {
    const cipher = nodeEngine.create('AES-256-GCM', bytesOf(32, 1), bytesOf(12, 1));
    const frame = sealed(cipher, 0, Buffer.alloc(0), Buffer.from('a secret'));
    frame[frame.length - 1]! ^= 1;
    const wiped = await overwritten(() => {
      expect(opened(cipher, 0, Buffer.alloc(0), frame)).toBeUndefined();
    });
    expect(wiped).toContain(hex(Buffer.from('a secret')));
  });
});

describe('a key derivation', () => {
  const keyMaterial = bytesOf(32, 1);
  const salt = bytesOf(32, 101);
  const info = Buffer.from('info');
  const input = {
    suite: SUITES['AES-256-GCM'],
    salt,
    parameters: bytesOf(4, 1),
    boundBytes: info,
    contextDigest: bytesOf(32, 7),
  };

  it('overwrites every block of its output but not the output', async () => {
    const pseudorandomKey = bytesOf(64, 1);
    const blocks = hex(hkdfExpand(pseudorandomKey, info, 128));
    let output: Uint8Array = Buffer.alloc(0);
    const wiped = await overwritten(() => {
      output = hkdfExpand(pseudorandomKey, info, 100);
    });
    expect(wiped.filter((content) => content !== '')).toEqual([blocks.slice(0, 128), blocks.slice(128)]);
    expect(hex(output)).toBe(blocks.slice(0, 200));
  });

  it.each([
    ['hkdf', () => hkdf(keyMaterial, salt, info, 44)],
    ['deriveStreamKeys', () => deriveStreamKeys(keyMaterial, input)],
    ['deriveClaimKey', () => deriveClaimKey(keyMaterial, input)],
  ])('by %s overwrites its pseudorandom key', async (_, derive) => {
    expect(await overwritten(derive)).toContain(hex(hkdfExtract(salt, keyMaterial)));
  });
});
