import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PreambleReader } from '../../../src/format/preamble.js';
import { parseAcknowledgement, parseCheckpoint } from '../../../src/logs/archive/checkpoint.js';
import { checkSegment, segmentContent } from '../../../src/logs/archive/segment-content.js';
import { SegmentDigest } from '../../../src/logs/archive/segment-digest.js';
import {
  isArchiveName,
  isTemporaryName,
  openName,
  parseSegmentName,
  sealedName,
  temporaryName,
} from '../../../src/logs/archive/segment-name.js';
import { hasZstd } from '../../../src/logs/units/coding.js';
import { keptVectors, readFamily } from '../../vectors/files.js';
import { inPieces } from '../../vectors/splits.js';

describe('the name of a segment', () => {
  it('says its index, whether it is open, and its times', () => {
    const range = { first: 1_767_225_600_000, last: 1_767_229_199_999 };
    expect(parseSegmentName(openName(7))).toEqual({
      name: '000000000007.open',
      index: 7,
      open: true,
      range: null,
    });
    const name = '000000000007-1767225600000-1767229199999.sealed';
    expect(sealedName(7, range)).toBe(name);
    expect(parseSegmentName(name)).toEqual({ name, index: 7, open: false, range });
    expect(parseSegmentName(sealedName(0, { first: 0, last: 0 }))?.range).toBeNull();
    expect(parseSegmentName(openName(10 ** 12 - 1))?.index).toBe(999_999_999_999);
    expect(() => openName(10 ** 12)).toThrow(RangeError);
  });

  it.each([
    '7.open',
    '0000000000007.open',
    '000000000007.opened',
    '000000000007.open.bak',
    '000000000007-1.sealed',
    '000000000007-01-2.sealed',
    '000000000007-2-1.sealed',
    '000000000007--1-2.sealed',
    '000000000007-1-9007199254740992.sealed',
    '000000000007-1-2.sealed\n',
    temporaryName(7, '0123456789abcdef'),
  ])('is not %j', (name) => {
    expect(parseSegmentName(name)).toBeUndefined();
  });

  it('is told from a temporary one, and an archive from any folder', () => {
    expect(isTemporaryName(temporaryName(7, '0123456789abcdef'))).toBe(true);
    expect(isTemporaryName(openName(7))).toBe(false);
    expect(['0'.repeat(32), '0'.repeat(31), 'A'.repeat(32)].map(isArchiveName)).toEqual([true, false, false]);
  });
});

describe('the digest of a segment', () => {
  const digests = new Map(
    readFamily('chain').vectors.flatMap(({ name, segmentDigest }) =>
      segmentDigest === undefined ? [] : [[name, segmentDigest] as const],
    ),
  );

  it('is that of the published vectors, however the bytes come', () => {
    const vectors = keptVectors().filter(({ name }) => digests.has(name));
    expect(vectors.length).toBeGreaterThan(3);
    for (const { name, stream } of vectors) {
      for (const size of [1, 7, 97, 4_096]) {
        const digest = new SegmentDigest();
        for (const piece of inPieces(stream, size)) digest.update(piece);
        expect(digest.digest().toString('hex')).toBe(digests.get(name));
        const { preamble } = new PreambleReader().take(stream, 0);
        expect(digest.offset).toBe(stream.length - preamble!.header.preambleSize);
      }
    }
  });

  it('can be asked for on the way, from the end of the preamble on', () => {
    const { stream } = keptVectors().find(({ name }) => digests.has(name))!;
    const size = new PreambleReader().take(stream, 0).preamble!.header.preambleSize;
    const digest = new SegmentDigest();
    digest.update(stream.subarray(0, size - 1));
    expect(() => digest.digest()).toThrow();
    digest.update(stream.subarray(size - 1, size));
    const [before, again] = [digest.digest(), digest.digest()];
    expect(before).toEqual(again);
    digest.update(stream.subarray(size));
    expect(digest.digest()).not.toEqual(before);
  });
});

describe('checkpoints and acknowledgements', () => {
  const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  const hex = (length: number): fc.Arbitrary<string> =>
    fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => Buffer.from(bytes).toString('hex'));

  it('are read as they were written', () => {
    const any = fc.record({
      archive: hex(16),
      index: number,
      offset: number,
      digest: hex(32),
      records: number,
      closed: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (checkpoint) => {
        expect(parseCheckpoint(JSON.stringify(checkpoint))).toEqual(checkpoint);
        expect(parseCheckpoint({ ...checkpoint, more: 1 })).toEqual(checkpoint);
        const { index, offset, records } = checkpoint;
        expect(parseAcknowledgement(`${JSON.stringify(checkpoint)}\n`)).toEqual({
          index,
          offset,
          records,
        });
      }),
    );
  });

  const right = {
    archive: 'a'.repeat(32),
    index: 1,
    offset: 2,
    digest: 'b'.repeat(64),
    records: 3,
    closed: false,
  };
  it.each([
    '',
    'null',
    '[]',
    '{',
    null,
    7,
    { ...right, archive: 'A'.repeat(32) },
    { ...right, archive: 'a'.repeat(31) },
    { ...right, digest: 'b'.repeat(63) },
    { ...right, index: -1 },
    { ...right, offset: 1.5 },
    { ...right, records: '3' },
    { ...right, closed: undefined },
  ])('are not %j', (given) => {
    expect(() => parseCheckpoint(given)).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_FORMAT' }));
  });
});

describe('what a preamble says of a segment', () => {
  const { stream } = keptVectors().find(
    ({ name, layout }) => name.startsWith('chain/') && layout === 'record',
  )!;
  const header = {
    ...new PreambleReader().take(stream, 0).preamble!.header,
    chain: { archive: new Uint8Array(16), index: 0, previous: new Uint8Array(32) },
  };
  const codeOf = (change: object): unknown => {
    try {
      return checkSegment({ ...header, content: segmentContent('gzip'), ...change }).coding;
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };
  const type = 'application/vnd.sealpipe.log; version=1';
  it.each([
    ['gzip', {}, 'gzip'],
    ['no compression', { content: segmentContent('stored') }, 'stored'],
    ['zstd', { content: segmentContent('zstd') }, hasZstd ? 'zstd' : 'ERR_SEALPIPE_UNSUPPORTED'],
    ['another compression', { content: { type, encoding: 'br' } }, 'ERR_SEALPIPE_UNSUPPORTED'],
    ['another version', { content: { type: type.replace('1', '2') } }, 'ERR_SEALPIPE_UNSUPPORTED'],
    ['another type', { content: { type: 'text/plain' } }, 'ERR_SEALPIPE_FORMAT'],
    ['no type', { content: {} }, 'ERR_SEALPIPE_FORMAT'],
    ['no content', { content: undefined }, 'ERR_SEALPIPE_FORMAT'],
    ['the fixed layout', { layout: 'fixed' }, 'ERR_SEALPIPE_FORMAT'],
    ['no chain', { chain: undefined }, 'ERR_SEALPIPE_FORMAT'],
  ])('with %s', (_, change, outcome) => {
    expect(codeOf(change)).toBe(outcome);
  });
});
