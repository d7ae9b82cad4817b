import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../src/streams/read-header.js';
import { keptVectors } from './files.js';

const segments = keptVectors().filter(({ segmentDigest }) => segmentDigest !== undefined);
const named = (name: string) => segments.find((segment) => segment.name === `chain/archive-${name}`)!;

/** FORMAT 8. */
async function digestOf(stream: Uint8Array): Promise<string> {
  const { preambleSize } = await readHeader(stream);
  const boundEnd = 84 + Buffer.from(stream).readUInt32BE(12);
  const parts = [stream.subarray(0, 16), stream.subarray(20, boundEnd), stream.subarray(preambleSize)];
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

describe('the vectors of an archive', () => {
  it('have the digests that they say', async () => {
    expect(segments).toHaveLength(6);
    for (const { stream, segmentDigest } of segments) expect(await digestOf(stream)).toBe(segmentDigest);
  });

  it('name the segment before, a torn one as it was found', async () => {
    const order = ['0', '1', '2-torn', '3', '4-closed'].map(named);
    for (const [i, { stream }] of order.entries()) {
      const { chain } = await readHeader(stream);
      const previous = i === 0 ? '00'.repeat(32) : order[i - 1]!.segmentDigest;
      expect(chain).toMatchObject({ index: i, ...(i === 4 && { closed: true }) });
      expect(Buffer.from(chain!.previous).toString('hex')).toBe(previous);
    }
  });

  it('keep their digest when they are wrapped again', () => {
    const [first, again] = [named('0'), named('0-rewrapped')];
    expect(again.segmentDigest).toBe(first.segmentDigest);
    expect(again.stream.length).not.toBe(first.stream.length);
    expect(again.keys).not.toEqual(first.keys);
  });
});
