import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../../src/crypto/aead.js';
import { RandomOpener } from '../../../src/frames/openers/random-opener.js';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { FixedSalvage } from '../../../src/sealed/recovery/fixed-salvage.js';
import { verify } from '../../../src/sealed/verification/verify.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { HeldSource } from '../../../src/sources/held-source.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { patterned } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';

const F = 4_096;
const UNIT = F + 16;
const plaintext = patterned(F + 7);
const sealed = await encrypt(plaintext, { keys, frameSize: F });
const { preambleSize } = await readHeader(sealed);
const frame = sealed.subarray(preambleSize, preambleSize + UNIT);

/** A source like a sparse file: its first frame comes again at this index, and after it there are zeros. */
function sparse(index: number) {
  const again = preambleSize + index * UNIT;
  return {
    size: async () => again + 3 * UNIT,
    read: async (start: number, end: number) => {
      const bytes = Buffer.alloc(end - start);
      if (start < sealed.length) bytes.set(sealed.subarray(start, end));
      if (start <= again && end >= again + UNIT) bytes.set(frame, again - start);
      return bytes;
    },
  };
}

describe.each(['native', 'node'] as const)('a frame with an index that no stream has (%s)', (engine) => {
  it.each([2 ** 32 - 1, 2 ** 32, 2 ** 33])('%i is not opened', async (index) => {
    await using reader = await openSealed(sparse(index), { keys, engine });
    expect((await reader.read(0, F)).equals(plaintext.subarray(0, F))).toBe(true);
    await expect(reader.read(index * F, index * F + 10)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_LIMIT',
    });
    await expect(reader.size()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LIMIT' });
  });

  it('is reported by a sample at the first place that is beyond the bounds', async () => {
    const { fault } = await verify(sparse(2 ** 32), { keys, engine, sample: 1 });
    const frame = 2 ** 32 - 1;
    expect(fault).toMatchObject({ code: 'ERR_SEALPIPE_LIMIT', frame, offset: preambleSize + frame * UNIT });
  });
});

describe('a recovery', () => {
  /** Accepts everything, and records the indexes. */
  const accepting = (opened: number[]): FrameCipher => ({
    open: (index) => opened.push(index) > 0,
    seal: () => undefined,
    wipe: () => undefined,
  });

  it.each([
    [{ maxFrames: 3, maxPlaintext: 2 ** 50 }, 100, [0, 1, 2]],
    [{ maxFrames: 100, maxPlaintext: 2 * F + 9 }, 100, [0, 1]],
    [{ maxFrames: 100, maxPlaintext: 2 * F + 9 }, 3, [0, 1]],
    [{ maxFrames: 100, maxPlaintext: 5 * F + 9 }, 26, [0, 1, 2, 3, 4]],
  ])('opens no frame beyond the bounds %o', async (bounds, rest, indexes) => {
    const opened: number[] = [];
    const opener = new RandomOpener(accepting(opened), { frameSize: F, aad: Buffer.alloc(32) });
    const bytes = Buffer.alloc(5 * UNIT + rest);
    const header = { frameSize: F, preambleSize: 0 } as never;
    const salvage = new FixedSalvage(new HeldSource(bytes), bytes.length, opener, header, bounds);
    const gaps = [];
    for await (const piece of salvage.pieces(new AbortController().signal)) {
      if (piece.kind === 'gap') gaps.push(piece.gap);
    }
    const next = indexes.length;
    expect(opened).toEqual(indexes);
    expect(salvage.fault).toMatchObject({ error: { code: 'ERR_SEALPIPE_LIMIT' }, place: { frame: next } });
    expect(gaps).toMatchObject([{ frame: next, frames: null, sealedBytes: bytes.length - next * UNIT }]);
  });
});
