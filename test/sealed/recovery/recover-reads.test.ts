import { describe, expect, it } from 'vitest';
import { FrameLength } from '../../../src/frames/frame-length.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { countedSource } from '../../support/counted-source.js';
import { recordStream } from '../../support/record-stream.js';
import { keys } from '../../support/test-keys.js';
import { saved } from '../support.js';

/** The first read of a recovery, for the preamble. */
const HEAD = 8_192;
const MIB = 1_048_576;

/** What a recovery reads of these bytes, and how many of them it examines for length words. */
async function cost(bytes: Buffer) {
  const { source, reads } = countedSource(bytes);
  const { at } = FrameLength.prototype;
  let examined = 0;
  FrameLength.prototype.at = function (...place) {
    examined += 1;
    return at.apply(this, place);
  };
  try {
    const { report } = await saved(source);
    const read = reads.reduce((sum, [start, end]) => sum + end - start, 0);
    return { read, reads: reads.length, examined, report };
  } finally {
    FrameLength.prototype.at = at;
  }
}

/** Lines of 80 bytes, of which every second is damaged `at` this byte of its frame. */
async function damagedLines(count: number, frameSize: number, at: number): Promise<Buffer> {
  const sealed = await recordStream(
    Array.from({ length: count }, (_, i) => Buffer.alloc(80, i)),
    frameSize,
  );
  const { preambleSize } = await readHeader(sealed);
  for (let i = 0; i < count; i += 2) sealed[preambleSize + i * 100 + at]! ^= 0x55;
  return sealed;
}

describe('a recovery reads everything once, however many frames are damaged', () => {
  it.each([4_096, MIB])('of records in frames of up to %i bytes whose contents are damaged', async (F) => {
    const sealed = await damagedLines(2_000, F, 40);
    const { read, reads, examined, report } = await cost(sealed);
    expect(report).toMatchObject({ frames: 1_001, gapCount: 1_000, stopped: null });
    expect(read).toBeLessThanOrEqual(sealed.length + HEAD);
    expect(reads).toBeLessThanOrEqual(sealed.length / MIB + 3);
    expect(examined).toBeLessThan(4 * sealed.length);
  });

  it('of records whose length words are damaged, until the work of the cipher ends it', async () => {
    const sealed = await damagedLines(600, 4_096, 0);
    const { read, examined, report } = await cost(sealed);
    expect(report.gapCount).toBeGreaterThan(20);
    expect(read).toBeLessThanOrEqual(sealed.length + HEAD);
    expect(examined).toBeLessThan(4 * sealed.length);
  });

  it('of bytes that all look like length words', async () => {
    const sealed = await damagedLines(20, 4_096, 40);
    const hostile = Buffer.concat([sealed, Buffer.alloc(200_000, Buffer.of(0, 0, 0, 9))]);
    const { read, report } = await cost(hostile);
    expect(report).toMatchObject({ frames: 11, gapCount: 11 });
    expect(read).toBeLessThanOrEqual(hostile.length + HEAD);
  });

  it.each([0, 1, 16, 3_000, 70_000])('of the fixed layout, and %i zeros behind it', async (zeros) => {
    for (const F of [4_096, 65_536]) {
      const sealed = await encrypt(Buffer.alloc(300_000, 1), { keys, frameSize: F });
      const { preambleSize } = await readHeader(sealed);
      for (let at = preambleSize; at < sealed.length; at += 2 * (F + 16)) sealed[at]! ^= 1;
      const bytes = Buffer.concat([sealed, Buffer.alloc(zeros)]);
      const { read, reads } = await cost(bytes);
      // Once more, before the zeros, at most a frame and a tag: the last frame is opened at each of its possible ends.
      expect(read).toBeLessThanOrEqual(bytes.length + HEAD + (zeros === 0 ? 0 : F + 32));
      expect(reads).toBeLessThanOrEqual(bytes.length / MIB + 4);
    }
  });
});
