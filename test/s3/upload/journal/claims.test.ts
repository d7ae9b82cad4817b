import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { deriveClaimKey } from '../../../../src/crypto/key-schedule.js';
import { Claims } from '../../../../src/s3/upload/journal/claims.js';
import { SUITES } from '../../../../src/suites.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

it('the claim key is that of FORMAT 5', () => {
  const input = {
    suite: SUITES['AES-256-GCM'],
    salt: Buffer.alloc(32, 1),
    parameters: Buffer.from([1, 1, 16, 0]),
    boundBytes: Buffer.from('bound'),
    contextDigest: sha256(Buffer.alloc(4)),
  };
  const dataKey = Buffer.alloc(32, 9);
  const info = Buffer.concat([
    Buffer.from('sealpipe/1\0'),
    input.parameters,
    sha256(input.boundBytes),
    input.contextDigest,
    Buffer.from('claim'),
  ]);
  const expected = Buffer.from(hkdfSync('sha512', dataKey, input.salt, info, 32));
  expect(deriveClaimKey(dataKey, input).equals(expected)).toBe(true);
});

it('a claim is an HMAC over the part, its length and its plaintext', () => {
  const key = Buffer.alloc(32, 3);
  const pieces = [Buffer.from('plain'), Buffer.from('text')];
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from([0, 0, 0, 0, 0, 0, 0, 9]), ...pieces]);
  const expected = createHmac('sha256', key).update(bytes).digest();
  const claims = new Claims(Buffer.from(key));
  expect(claims.of(7, pieces).equals(expected)).toBe(true);
  expect(claims.of(7, [Buffer.concat(pieces)]).equals(expected)).toBe(true);
  expect(claims.of(8, pieces).equals(expected)).toBe(false);
});

it('the key of claims is wiped', () => {
  const key = Buffer.alloc(32, 3);
  new Claims(key).wipe();
  expect(key.every((byte) => byte === 0)).toBe(true);
});
