import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { patterned } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';
import { overwritten, saved, without } from '../support.js';

const F = 4_096;
const UNIT = F + 16;
const plaintext = patterned(10 * F + 100);
const sealed = await encrypt(plaintext, { keys, frameSize: F });
const { preambleSize } = await readHeader(sealed);
const at = (index: number) => preambleSize + index * UNIT;

describe('recover of the fixed layout', () => {
  it('gives a whole stream and finds nothing missing', async () => {
    const { bytes, report } = await saved(sealed, { digest: 'sha256' });
    expect(bytes.equals(plaintext)).toBe(true);
    expect(report).toEqual({
      complete: true,
      frames: 11,
      plaintextBytes: plaintext.length,
      sealedBytes: sealed.length,
      digest: createHash('sha256').update(plaintext).digest('hex'),
      fault: null,
      gaps: [],
      gapCount: 0,
      stopped: null,
      recipient: { provider: 'raw', key: 'test' },
    });
  });

  it('gives a prefix after a cut, wherever it is', async () => {
    const ends = [0, 1, 15, 16, 17, F, UNIT - 1, UNIT, UNIT + 1].flatMap((n) => [
      at(0) + n,
      at(7) + n,
      at(10) + n,
    ]);
    for (const end of ends.filter((place) => place < sealed.length)) {
      const { bytes, report } = await saved(sealed.subarray(0, end));
      const whole = Math.floor((end - preambleSize) / UNIT);
      expect([end, bytes.equals(plaintext.subarray(0, whole * F))]).toEqual([end, true]);
      expect(report).toMatchObject({
        complete: false,
        frames: whole,
        gaps: [{ frame: whole, frames: null, offset: at(whole), sealedBytes: end - at(whole) }],
      });
      expect(report.fault).toMatchObject({ cutShort: true, frame: whole, offset: at(whole) });
    }
  });

  it('passes over damaged frames, and says which', async () => {
    let damaged = overwritten(sealed, at(2) + 9, Buffer.of(sealed[at(2) + 9]! ^ 0xff));
    damaged = overwritten(damaged, at(5), randomBytes(2 * UNIT));
    const { bytes, report } = await saved(damaged);
    const kept = [plaintext.subarray(0, 2 * F), plaintext.subarray(3 * F, 5 * F), plaintext.subarray(7 * F)];
    expect(bytes.equals(Buffer.concat(kept))).toBe(true);
    expect(report).toMatchObject({
      complete: false,
      frames: 8,
      fault: { code: 'ERR_SEALPIPE_AUTHENTICATION', frame: 2, offset: at(2), cutShort: false },
      gaps: [
        { frame: 2, frames: 1, offset: at(2), sealedBytes: UNIT, plaintextBytes: F },
        { frame: 5, frames: 2, offset: at(5), sealedBytes: 2 * UNIT, plaintextBytes: 2 * F },
      ],
      gapCount: 2,
    });
  });

  it('puts zeros where frames are missing, if that is asked for, and never more than the source has bytes', async () => {
    const damaged = overwritten(sealed, at(2), Buffer.alloc(UNIT));
    const { bytes, report } = await saved(damaged, {}, { zeroFill: true });
    expect(bytes.equals(overwritten(plaintext, 2 * F, Buffer.alloc(F)))).toBe(true);
    expect(report.plaintextBytes).toBe(plaintext.length - F);
    const torn = Buffer.concat([sealed.subarray(0, at(4)), randomBytes(UNIT + 700)]);
    const filled = await saved(torn, {}, { zeroFill: true });
    expect(filled.bytes.equals(Buffer.concat([plaintext.subarray(0, 4 * F), Buffer.alloc(F + 684)]))).toBe(
      true,
    );
    for (const end of [at(4), at(4) + 15]) {
      const { bytes: none } = await saved(sealed.subarray(0, end), {}, { zeroFill: true });
      expect(none.length).toBe(4 * F);
    }
  });

  it.each([1, 15, 16, 5_000, 100_000])('finds the end before %i zeros behind it', async (count) => {
    for (const length of [0, 1, F, 3 * F + 77]) {
      const stream = await encrypt(patterned(length), { keys, frameSize: F });
      const { bytes, report } = await saved(Buffer.concat([stream, Buffer.alloc(count)]));
      expect(bytes.equals(patterned(length))).toBe(true);
      expect(report).toMatchObject({
        complete: true,
        fault: { code: 'ERR_SEALPIPE_AUTHENTICATION' },
        gaps: [{ frames: 0, offset: stream.length, sealedBytes: count, plaintextBytes: 0 }],
      });
    }
  });

  it('finds the end before zeros also if its tag ends with zeros', async () => {
    let stream = await encrypt('the end', { keys, frameSize: F });
    while (stream.at(-1) !== 0) stream = await encrypt('the end', { keys, frameSize: F });
    const { bytes, report } = await saved(Buffer.concat([stream, Buffer.alloc(100)]));
    expect([String(bytes), report.complete]).toEqual(['the end', true]);
    expect(report.gaps).toMatchObject([{ offset: stream.length, sealedBytes: 100 }]);
  });

  it('puts zeros for all of a damaged frame at the end', async () => {
    for (const end of [at(5), at(5) + 15, at(5) + 16]) {
      const torn = overwritten(sealed, at(4) + 7, randomBytes(20)).subarray(0, end);
      const { bytes } = await saved(torn, {}, { zeroFill: true });
      expect(bytes.equals(Buffer.concat([plaintext.subarray(0, 4 * F), Buffer.alloc(F)]))).toBe(true);
    }
  });

  it('takes zeros in place of frames for frames that are missing', async () => {
    const torn = overwritten(sealed, at(6) + 100, Buffer.alloc(sealed.length - at(6) - 100));
    const { bytes, report } = await saved(torn);
    expect(bytes.equals(plaintext.subarray(0, 6 * F))).toBe(true);
    expect(report).toMatchObject({ complete: false, frames: 6, gaps: [{ frame: 6, frames: null }] });
  });

  it('accepts a frame at its own place alone', async () => {
    const { bytes, report } = await saved(without(sealed, at(3), at(4)));
    expect(bytes.equals(plaintext.subarray(0, 3 * F))).toBe(true);
    expect(report).toMatchObject({ complete: false, frames: 3 });
  });
});
