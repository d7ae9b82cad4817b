import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CobblestoneGroup, CobblestoneOutcome, CobblestoneTest } from '../reference/cobblestone.js';
import { openCobblestone, openRaw } from '../reference/cobblestone.js';
import { sharedVectors } from '../support/shared-vectors.js';

const SIZES = ['128', '256'] as const;
const fileOf = (size: string) => `c2sp_chunked_encryption_aes_${size}_gcm_test.json`;
const sha512 = (bytes: Uint8Array) => createHash('sha512').update(bytes).digest('hex');
const NOTHING = sha512(Buffer.alloc(0));

/** What is wrong with the outcome of a vector. */
function faults(test: CobblestoneTest, { plaintext, end }: CobblestoneOutcome): string[] {
  const head = test.flags.includes('HeaderFailure');
  const found: string[] = [];
  if (test.result === 'valid' && end !== 'whole') found.push(`ended with ${end}`);
  if (test.result === 'invalid' && head !== (end === 'refused at the head')) found.push(`ended with ${end}`);
  if (test.result === 'invalid' && end === 'whole') found.push('was taken for whole');
  if (
    !['whole', 'refused at the head', 'ERR_SEALPIPE_AUTHENTICATION', 'ERR_SEALPIPE_TRUNCATED'].includes(end)
  )
    found.push(end);
  // A valid vector names its message, one with PartialPlaintext the longest prefix, and any other releases nothing.
  const named = test.result === 'valid' || test.flags.includes('PartialPlaintext');
  const expected = named ? [test.msgLength, test.msgSha512] : [0, NOTHING];
  if (plaintext.length !== expected[0] || sha512(plaintext) !== expected[1])
    found.push(`released ${plaintext.length} bytes`);
  return found.map((fault) => `vector ${test.tcId} (${test.comment}): ${fault}`);
}

const CHUNKS = [
  ['whole', 2 ** 30],
  ['in chunks of 64 KiB', 65_536],
  ['in chunks that end nowhere', 10_007],
] as const;

describe.each(SIZES)('the Cobblestone vectors with AES-%s-GCM', (size) => {
  for (const [how, chunkSize] of CHUNKS) {
    it(`open or fail as they must, having released the longest prefix: ${how}`, (context) => {
      const [group] = sharedVectors<CobblestoneGroup>(context, fileOf(size)).testGroups;
      expect(group!.sha).toBe('SHA-512');
      expect(group!.tests).toHaveLength(35);
      expect(group!.tests.flatMap((test) => faults(test, openCobblestone(group!, test, chunkSize)))).toEqual(
        [],
      );
    });
  }

  it('open or fail as they must in raw mode, with the key and the nonce that they name', (context) => {
    const [group] = sharedVectors<CobblestoneGroup>(context, fileOf(size)).testGroups;
    const tests = group!.tests.filter(({ aeadKey }) => aeadKey !== undefined);
    expect(tests.length).toBeGreaterThanOrEqual(24);
    expect(tests.flatMap((test) => faults(test, openRaw(group!, test, 65_536)))).toEqual([]);
  });

  it('that are short come byte by byte as well', (context) => {
    const [group] = sharedVectors<CobblestoneGroup>(context, fileOf(size)).testGroups;
    const tests = group!.tests.filter(({ msgLength = 0 }) => msgLength < 100_000);
    expect(tests.length).toBeGreaterThanOrEqual(30);
    expect(tests.flatMap((test) => faults(test, openCobblestone(group!, test, 1)))).toEqual([]);
  });
});
