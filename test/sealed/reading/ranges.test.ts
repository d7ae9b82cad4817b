import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenSealedOptions } from '../../../src/sealed/reading/open-sealed.js';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { countedSource } from '../../support/counted-source.js';
import { outcome } from '../../support/outcome.js';
import { patterned } from '../../support/pieces.js';
import { recordStream } from '../../support/record-stream.js';
import { keys } from '../../support/test-keys.js';

const F = 4_096;
const LENGTHS = [0, 1, F - 1, F, F + 1, 3 * F, 3 * F + 17];

const fixed = (plaintext: Uint8Array) => encrypt(plaintext, { keys, frameSize: F });
const record = (plaintext: Uint8Array) =>
  recordStream([plaintext.subarray(0, 1), plaintext.subarray(1, F + 2), plaintext.subarray(F + 2)], F);

const engines: OpenSealedOptions['engine'][] = ['native', 'node', 'noble'];

describe.each([
  ['fixed', fixed],
  ['record', record],
])('a range of the %s layout', (_, seal) => {
  it.each(LENGTHS)('equals the slice at every boundary of %i bytes', async (length) => {
    const plaintext = patterned(length);
    await using reader = await openSealed(await seal(plaintext), { keys });
    expect(await reader.size()).toBe(length);
    const places = [0, 1, F - 1, F, F + 1, 2 * F, length - 1, length, length + 1, length + F]
      .flatMap((place) => [place, -place])
      .filter((place) => Number.isSafeInteger(place));
    for (const start of places) {
      for (const end of [undefined, ...places]) {
        const range = await reader.read(start, end);
        expect(range.equals(plaintext.subarray(start, end)), `[${start}, ${end})`).toBe(true);
      }
    }
  });

  it.each(engines)('is the same from the engine %s, as a stream, and without a cache', async (engine) => {
    const plaintext = patterned(3 * F + 17);
    const sealed = await seal(plaintext);
    await using reader = await openSealed(sealed, { keys, engine, cacheSize: 0 });
    await fc.assert(
      fc.asyncProperty(fc.nat(4 * F), fc.nat(4 * F), async (start, end) => {
        const { bytes, ended } = await outcome(reader.createReadStream({ start, end }));
        expect(ended).toBe(true);
        expect(bytes.equals(plaintext.subarray(start, end))).toBe(true);
        expect((await reader.read(start, end)).equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('comes whole from many reads at once, of which four are under way', async () => {
    const plaintext = patterned(40 * F + 5);
    const { source, calls } = countedSource(await seal(plaintext));
    const reader = await openSealed(source, { keys });
    const starts = Array.from({ length: 40 }, (_, i) => i * F + 7);
    const ranges = await Promise.all(starts.map((start) => reader.read(start, start + F)));
    for (const [i, range] of ranges.entries()) {
      expect(range.equals(plaintext.subarray(starts[i]!, starts[i]! + F))).toBe(true);
    }
    expect(calls.most).toBeLessThanOrEqual(4);
    await reader.close();
    await reader.close();
    expect(calls).toMatchObject({ size: 1, close: 1 });
  });

  it('has memory to itself', async () => {
    await using reader = await openSealed(await seal(patterned(3 * F)), { keys });
    const first = await reader.read(10, 20);
    first.fill(0);
    expect(await reader.read(10, 20)).toEqual(patterned(3 * F).subarray(10, 20));
    expect(first.buffer.byteLength).toBe(10);
  });
});

describe('a read of the fixed layout', () => {
  it('fetches the frames of the range, in one read, and keeps those of which it used a part', async () => {
    const plaintext = patterned(100 * F);
    const sealed = await fixed(plaintext);
    const { preambleSize } = await readHeader(sealed);
    const { source, reads } = countedSource(sealed);
    await using reader = await openSealed(source, { keys });
    expect(reads).toEqual([[0, 8_192]]);
    const at = (index: number) => preambleSize + index * (F + 16);
    await reader.read(10 * F + 1, 12 * F + 1);
    expect(reads.slice(1)).toEqual([[at(10), at(13)]]);
    await reader.read(10 * F + 5, 10 * F + 9);
    await reader.read(12 * F, 12 * F + 2);
    expect(reads).toHaveLength(2);
    await reader.read(11 * F, 12 * F);
    expect(reads.slice(2)).toEqual([[at(11), at(12)]]);
  });

  it('verifies the last frame before an answer that depends on the length', async () => {
    const sealed = await fixed(patterned(3 * F + 5));
    sealed[sealed.length - 1]! ^= 1;
    await using reader = await openSealed(sealed, { keys });
    const refusal = { code: 'ERR_SEALPIPE_AUTHENTICATION', atEnd: true };
    await expect(reader.size()).rejects.toMatchObject(refusal);
    await expect(reader.read(0)).rejects.toMatchObject(refusal);
    await expect(reader.read(-4)).rejects.toMatchObject(refusal);
    await expect(reader.read(0, 3 * F + 6)).rejects.toMatchObject(refusal);
    await expect(reader.read(4 * F, 5 * F)).rejects.toMatchObject(refusal);
    expect(await reader.read(0, 3 * F)).toEqual(patterned(3 * F));
  });

  it('needs no frame but its own', async () => {
    const sealed = await fixed(patterned(3 * F));
    const { preambleSize } = await readHeader(sealed);
    sealed[preambleSize + F + 16]! ^= 1;
    await using reader = await openSealed(sealed, { keys });
    expect(await reader.read(0, F)).toEqual(patterned(3 * F).subarray(0, F));
    await expect(reader.read(F - 1, F + 1)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    const { bytes, error } = await outcome(reader.createReadStream());
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect(error).not.toHaveProperty('atEnd');
    expect(bytes).toEqual(patterned(3 * F).subarray(0, F));
  });
});
