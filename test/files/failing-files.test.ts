import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FileEncryption } from '../../src/files/file-encryption.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { runs } from '../support/sample.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';
import { isZero } from '../support/zeros.js';
import type { Behaviour } from './memory-file.js';
import { MemoryFile, systemError } from './memory-file.js';

expectQuietProcess();

const MIB = 1_048_576;
const plaintext = patterned(5 * MIB + 777);
const sealed = await encrypt(plaintext, { keys });
const ignored = () => undefined;
const read = systemError('EIO', 'read');
const write = systemError('ENOSPC', 'write');

const DIRECTIONS = [
  ['encrypt', FileEncryption, plaintext],
  ['decrypt', FileDecryption, sealed],
] as const;

/** Runs one direction between two files in memory to its end. */
async function runOf(direction: 'encrypt' | 'decrypt', reading: Behaviour = {}, writing: Behaviour = {}) {
  const [, Run, content] = DIRECTIONS.find(([name]) => name === direction)!;
  const { provider, dataKeys } = watched(keys);
  const ends = { source: new MemoryFile(content, reading), sink: new MemoryFile(undefined, writing) };
  const run = new Run(ends, { keys: provider }, ignored);
  const error = await run.run().then(
    () => undefined,
    (thrown) => thrown,
  );
  // Nothing is in flight, and nothing stays in memory.
  expect([ends.source.inFlight, ends.sink.inFlight]).toEqual([0, 0]);
  expect(dataKeys.every(isWiped)).toBe(true);
  const blocks = [...ends.source.memory].filter(({ byteLength }) => byteLength > MIB);
  expect(blocks.every((block) => isZero(Buffer.from(block)))).toBe(true);
  expect(run.bytesOut).toBe(ends.sink.written.length);
  return { error, written: ends.sink.written, run };
}

/** What was written is a true beginning of what should have been. */
async function expectBeginning(direction: 'encrypt' | 'decrypt', written: Buffer): Promise<void> {
  if (direction === 'decrypt') {
    expect(written.equals(plaintext.subarray(0, written.length))).toBe(true);
    return;
  }
  const refused = await decrypt(written, { keys }).catch((error) => error);
  expect(['ERR_SEALPIPE_TRUNCATED', 'ERR_SEALPIPE_AUTHENTICATION']).toContain(refused.code);
}

describe.each(['encrypt', 'decrypt'] as const)('%s', (direction) => {
  it.each([0, 1, 2, 3, 4])('fails with the error of read %i, and waits for what is under way', async (at) => {
    const { error, written } = await runOf(direction, { failsAt: at, error: read });
    expect(error).toBe(read);
    await expectBeginning(direction, written);
    // What came before the fault is written.
    if (at === 4) expect(written.length).toBeGreaterThanOrEqual(3 * MIB);
  });

  it.each([0, 1, 2, 3, 4])('fails with the error of write %i', async (at) => {
    const { error, written, run } = await runOf(direction, {}, { failsAt: at, error: write });
    expect(error).toBe(write);
    expect(run.bytesIn).toBeLessThanOrEqual((at + 2) * (MIB + 256) + 2_000);
    await expectBeginning(direction, written);
  });

  it('is right over files that give and take as little as they like', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 6 }),
        async (gives, takes) => {
          fc.pre(gives.some((most) => most > 50_000) && takes.some((most) => most > 50_000));
          const { error, written } = await runOf(direction, { most: gives }, { most: takes });
          expect(error).toBeUndefined();
          const opened = direction === 'decrypt' ? written : await decrypt(written, { keys });
          expect(opened.equals(plaintext)).toBe(true);
        },
      ),
      { numRuns: runs(15) },
    ));

  it('ends with an error and a true beginning whichever operation fails, or as a whole', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 100_000, max: 900_000 }), { minLength: 1, maxLength: 4 }),
        async (failsAt, onRead, most) => {
          const error = onRead ? read : write;
          const outcome = onRead
            ? await runOf(direction, { most, failsAt, error })
            : await runOf(direction, {}, { most, failsAt, error });
          if (outcome.error !== undefined) {
            expect(outcome.error).toBe(error);
            await expectBeginning(direction, outcome.written);
          } else {
            const { written } = outcome;
            expect(
              (direction === 'decrypt' ? written : await decrypt(written, { keys })).equals(plaintext),
            ).toBe(true);
          }
        },
      ),
      { numRuns: runs(25) },
    ));

  it('fails and does not hang over a file that takes nothing', async () => {
    const { error } = await runOf(direction, {}, { most: [100_000, 0] });
    expect(error).toMatchObject({ code: 'EIO', syscall: 'write' });
  });
});
