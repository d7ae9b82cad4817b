import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import type { SuiteName } from '../../src/suites.js';
import { SUITES } from '../../src/suites.js';
import { servedSuites } from '../reference/served-suites.js';
import { sharedVectors } from '../support/shared-vectors.js';

interface AeadTest {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface AeadGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
  readonly tests: readonly AeadTest[];
}

/** The file of a suite's vectors, and how many of them at least are for it. */
const FILES: Readonly<Partial<Record<SuiteName, readonly [file: string, valid: number, invalid: number]>>> = {
  'AES-256-GCM': ['aes_gcm_test.json', 30, 20],
  'AES-128-GCM': ['aes_gcm_test.json', 30, 20],
  'CHACHA20-POLY1305': ['chacha20_poly1305_test.json', 200, 40],
  'AES-256-GCM-SIV': ['aes_gcm_siv_test.json', 50, 30],
};
/** What lies around a frame, and in the memory that a plaintext goes to. */
const FILL = 0xa5;

/** The same bytes, at an address that no word is aligned to. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(bytes.length + 9).fill(FILL);
  memory.set(bytes, 3);
  return memory.subarray(3, 3 + bytes.length);
}

/** What a cipher does with one vector, where that is wrong. */
function faults(cipher: FrameCipher, test: AeadTest): string[] {
  const [aad, msg, ct, tag] = [test.aad, test.msg, test.ct, test.tag].map((hex) =>
    unaligned(Buffer.from(hex, 'hex')),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const found: string[] = [];
  const say = (what: string) => found.push(`vector ${test.tcId}: ${what}`);
  const frame = unaligned(Buffer.concat([ct, tag]));
  const out = Buffer.alloc(ct.length + 8, FILL);
  const detached = cipher.openDetached?.(0, aad, frame);
  if (test.result === 'invalid') {
    if (cipher.open(0, aad, frame, out, 5)) say('was opened');
    const place = out.subarray(5, 5 + ct.length);
    if (!place.every((byte) => byte === FILL) && !place.every((byte) => byte === 0)) say('left a plaintext');
    if ([...out.subarray(0, 5), ...out.subarray(5 + ct.length)].some((byte) => byte !== FILL))
      say('wrote over its bounds');
    if (detached !== undefined) say('was opened, detached');
    return found;
  }
  if (!cipher.open(0, aad, frame, out, 5)) say('was not opened');
  if (!out.subarray(5, 5 + msg.length).equals(msg)) say('was opened wrongly');
  if (
    out.subarray(0, 5).some((byte) => byte !== FILL) ||
    out.subarray(5 + msg.length).some((byte) => byte !== FILL)
  ) {
    say('was opened over its bounds');
  }
  if (cipher.openDetached && !(detached && Buffer.from(detached).equals(msg)))
    say('was opened wrongly, detached');
  const seal = Buffer.alloc(frame.length + 8, FILL);
  cipher.seal(0, aad, msg, seal, 5);
  if (!seal.subarray(5, 5 + frame.length).equals(frame)) say('was sealed wrongly');
  if (
    seal.subarray(0, 5).some((byte) => byte !== FILL) ||
    seal.subarray(5 + frame.length).some((byte) => byte !== FILL)
  ) {
    say('was sealed over its bounds');
  }
  const parts = cipher.sealDetached?.(0, aad, msg);
  if (parts && !Buffer.concat([parts.ciphertext, parts.tag]).equals(frame))
    say('was sealed wrongly, detached');
  return found;
}

describe.each(servedSuites().filter(({ suite }) => FILES[suite]))('$name', ({ suite, engine }) => {
  it('does with every Wycheproof vector what it should', (context) => {
    const [file, valid, invalid] = FILES[suite]!;
    const { keySize, nonceSize } = SUITES[suite];
    const tests = sharedVectors<AeadGroup>(context, file)
      .testGroups.filter(
        (group) => group.ivSize === nonceSize * 8 && group.keySize === keySize * 8 && group.tagSize === 128,
      )
      .flatMap((group) => group.tests);
    const counts = { valid: 0, invalid: 0, acceptable: 0 };
    const found: string[] = [];
    for (const test of tests) {
      counts[test.result] += 1;
      const cipher = engine.create(
        suite,
        unaligned(Buffer.from(test.key, 'hex')),
        unaligned(Buffer.from(test.iv, 'hex')),
      );
      found.push(...faults(cipher, test));
    }
    expect(found).toEqual([]);
    expect(counts.valid).toBeGreaterThanOrEqual(valid);
    expect(counts.invalid).toBeGreaterThanOrEqual(invalid);
    expect(counts.acceptable).toBe(0);
  });
});

describe('the engines', () => {
  it('serve every suite that has vectors, AES and ChaCha20 by two of them', () => {
    const names = servedSuites().map(({ name }) => name);
    for (const suite of ['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305']) {
      expect(names).toContain(`${suite} by node`);
      expect(names).toContain(`${suite} by noble`);
    }
    expect(names).toContain('AES-256-GCM-SIV by noble');
    expect(names).toContain('SM4-GCM by node');
  });
});
