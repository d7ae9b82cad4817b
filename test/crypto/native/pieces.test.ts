import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/sample.js';
import { NATIVE_SUITES, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';
import { openInPieces, sealInPieces, TAG } from './piece-by-piece.js';

const AAD = Buffer.from('associated data');
const INDEX = 3;
const SIZES = [0, 1, 15, 16, 17, 31, 32, 33, 48, 100, 4_096];

/** Where something changes in a frame of `size` bytes, from its beginning and from its end. */
function placesIn(size: number): number[] {
  const near = [0, 1, 15, 16, 17, 31, 32, 33];
  const places = new Set([...near, ...near.map((place) => size - place)]);
  return [...places].filter((place) => place >= 0 && place <= size).sort((a, b) => a - b);
}

/** Every one of these places alone, and every two in order, the same one twice too. */
function cutsOf(size: number): number[][] {
  const places = placesIn(size);
  const pairs = places.flatMap((a) => places.filter((b) => b >= a).map((b) => [a, b]));
  return [[], ...places.map((place) => [place]), ...pairs];
}

needsAddon();

describe.each(NATIVE_SUITES)('a frame that the addon takes piece by piece on %s', (suite) => {
  const sealedOf = (size: number): Buffer => sealedByNode(suite, INDEX, AAD, someBytes(size));

  it.each(SIZES)('is sealed as at once, wherever it is cut (%i bytes)', (size) => {
    const cipher = nativeCipher(suite);
    const [bytes, expected] = [someBytes(size), sealedOf(size)];
    for (const cuts of cutsOf(size)) {
      const sealed = sealInPieces(cipher, { index: INDEX, aad: AAD, bytes, cuts });
      expect(sealed.equals(expected), `cut at ${cuts}`).toBe(true);
    }
  });

  it.each(SIZES)('is opened as at once, wherever it is cut (%i bytes)', (size) => {
    const cipher = nativeCipher(suite);
    const [bytes, expected] = [sealedOf(size), someBytes(size)];
    for (const cuts of cutsOf(bytes.length)) {
      const opened = openInPieces(cipher, { index: INDEX, aad: AAD, bytes, cuts });
      expect(opened !== false && opened.equals(expected), `cut at ${cuts}`).toBe(true);
    }
  });

  it('is sealed and opened in any pieces, at any index', () => {
    const cipher = nativeCipher(suite);
    const frames = fc
      .record({
        index: fc.nat({ max: 2 ** 32 - 1 }),
        aad: fc.uint8Array({ maxLength: 40 }),
        text: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.nat({ max: 70_000 }).map(someBytes)),
        parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      })
      .map(({ parts, ...frame }) => ({ ...frame, parts: parts.sort((a, b) => a - b) }));
    const property = fc.property(frames, ({ index, aad, text, parts }) => {
      const sealed = sealedByNode(suite, index, aad, text);
      const cutsIn = (size: number): number[] => parts.map((part) => Math.round(part * size));
      const frame = { index, aad, bytes: text, cuts: cutsIn(text.length) };
      expect(sealInPieces(cipher, frame).equals(sealed)).toBe(true);
      const opened = openInPieces(cipher, { ...frame, bytes: sealed, cuts: cutsIn(sealed.length) });
      expect(opened !== false && opened.equals(text)).toBe(true);
    });
    fc.assert(property, { numRuns: runs(150) });
  });

  it('is sealed and opened byte by byte', () => {
    const cipher = nativeCipher(suite);
    const everywhere = (size: number): number[] => Array.from({ length: size + 1 }, (_, at) => at);
    const [text, sealed] = [someBytes(80), sealedOf(80)];
    const frame = { index: INDEX, aad: AAD };
    expect(sealInPieces(cipher, { ...frame, bytes: text, cuts: everywhere(80) }).equals(sealed)).toBe(true);
    expect(openInPieces(cipher, { ...frame, bytes: sealed, cuts: everywhere(96) })).toEqual(text);
  });

  it('is refused with any byte altered, in whatever piece', () => {
    const cipher = nativeCipher(suite);
    const opened: string[] = [];
    for (const size of [0, 1, 20]) {
      const sealed = sealedOf(size);
      for (const cuts of cutsOf(size + TAG)) {
        for (let bad = 0; bad < size + TAG; bad++) {
          const bytes = Buffer.from(sealed);
          bytes[bad]! ^= 0x10;
          const frame = { index: INDEX, aad: AAD, bytes, cuts };
          if (openInPieces(cipher, frame) !== false) opened.push(`cut at ${cuts}, byte ${bad}`);
        }
      }
    }
    expect(opened).toEqual([]);
  });

  it('is refused cut short, longer, in another order, at another index and with other associated data', () => {
    const cipher = nativeCipher(suite);
    const sealed = sealedOf(60);
    const opens = (bytes: Buffer, index = INDEX, aad: Uint8Array = AAD): boolean =>
      openInPieces(cipher, { index, aad, bytes, cuts: [20, 40] }) !== false;
    expect(opens(sealed)).toBe(true);
    for (const shorter of [1, 16, 36]) expect(opens(sealed.subarray(0, -shorter))).toBe(false);
    expect(opens(Buffer.concat([sealed, Buffer.alloc(1)]))).toBe(false);
    const [first, second, third] = [sealed.subarray(0, 20), sealed.subarray(20, 40), sealed.subarray(40)];
    expect(opens(Buffer.concat([second, first, third]))).toBe(false);
    expect(opens(Buffer.concat([first, first, third]))).toBe(false);
    expect(opens(Buffer.concat([first, third]))).toBe(false);
    expect(opens(sealed, INDEX + 1)).toBe(false);
    expect(opens(sealed, INDEX, AAD.subarray(1))).toBe(false);
    expect(opens(sealed)).toBe(true);
  });
});
