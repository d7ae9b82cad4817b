import { describe, expect, it } from 'vitest';
import { codeOf, failure } from '../../reference/failure.js';
import type { NativeCipher } from './addon-here.js';
import { NATIVE_SUITES, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';
import { openInPieces, sealInPieces } from './piece-by-piece.js';

const AAD = Buffer.from('associated data');
const NONE = Buffer.alloc(0);
const INDEX = 9;
const TEXT = someBytes(50);
const REFUSED = 'ERR_SEALPIPE_OPTIONS';
/** Where a call writes that is none of the test's business. */
const elsewhere = (): Buffer => Buffer.alloc(200);

needsAddon();

describe.each(NATIVE_SUITES)('a cipher of the addon on %s', (suite) => {
  const sealed = sealedByNode(suite, INDEX, AAD, TEXT);
  const altered = Buffer.from(sealed.map((byte, i) => (i === 30 ? byte ^ 1 : byte)));

  const frame = { index: INDEX, aad: AAD, cuts: [7, 30] };
  const isRight = (cipher: NativeCipher): void => {
    expect(sealInPieces(cipher, { ...frame, bytes: TEXT })).toEqual(sealed);
    expect(openInPieces(cipher, { ...frame, bytes: sealed })).toEqual(TEXT);
    expect(openInPieces(cipher, { ...frame, bytes: altered })).toBe(false);
    const out = Buffer.alloc(sealed.length);
    cipher.seal(INDEX, AAD, TEXT, out, 0);
    expect(out).toEqual(sealed);
  };
  /** None of these calls does anything. */
  const refusesAll = (cipher: NativeCipher, methods: readonly ('update' | 'finishSeal' | 'finishOpen')[]) => {
    const out = Buffer.alloc(200, 0xa5);
    for (const method of methods) {
      for (const to of [0, 10, 40]) {
        const error = failure(() => cipher[method](sealed, 0, to, out, 0));
        expect(error).toMatchObject({ name: 'RangeError', code: REFUSED });
      }
    }
    expect(out.every((byte) => byte === 0xa5)).toBe(true);
  };

  const starts: [string, (cipher: NativeCipher) => void][] = [
    ['to seal', (cipher) => cipher.startSeal(INDEX, AAD)],
    ['to open', (cipher) => cipher.startOpen(INDEX, AAD)],
  ];
  const ends: [string, (cipher: NativeCipher) => void][] = [
    ['seal', (cipher) => cipher.seal(INDEX, AAD, TEXT, elsewhere(), 0)],
    ['open', (cipher) => expect(cipher.open(INDEX, AAD, sealed, elsewhere(), 0)).toBe(true)],
    ['a refused open', (cipher) => expect(cipher.open(INDEX, AAD, altered, elsewhere(), 0)).toBe(false)],
    ['sealFrames', (cipher) => cipher.sealFrames(INDEX, AAD, 25, NONE, TEXT, elsewhere(), 0)],
    [
      'openFrames',
      (cipher) => expect(cipher.openFrames(INDEX, AAD, 50, NONE, sealed, elsewhere(), 0)).toBe(1),
    ],
    [
      'a refused openFrames',
      (cipher) => expect(cipher.openFrames(INDEX, AAD, 50, NONE, altered, elsewhere(), 0)).toBe(0),
    ],
    [
      'a frame that was sealed in pieces',
      (cipher) => expect(sealInPieces(cipher, { ...frame, bytes: TEXT })).toEqual(sealed),
    ],
    [
      'a frame that was opened in pieces',
      (cipher) => expect(openInPieces(cipher, { ...frame, bytes: sealed })).toEqual(TEXT),
    ],
    [
      'a frame that was refused in pieces',
      (cipher) => expect(openInPieces(cipher, { ...frame, bytes: altered })).toBe(false),
    ],
  ];
  const cases = starts.flatMap(([what, start]) => ends.map(([end, act]) => ({ what, start, end, act })));

  it('goes on with no frame where it began none', () => {
    const cipher = nativeCipher(suite);
    refusesAll(cipher, ['update', 'finishSeal', 'finishOpen']);
    isRight(cipher);
  });

  it.each(cases)('does not go on with a frame that it began $what after $end', ({ start, act }) => {
    const cipher = nativeCipher(suite);
    for (const fed of [0, 10, 40]) {
      start(cipher);
      cipher.update(sealed, 0, fed, elsewhere(), 0);
      act(cipher);
      refusesAll(cipher, ['update', 'finishSeal', 'finishOpen']);
      isRight(cipher);
    }
  });

  it.each(starts)('does not go on with a frame that it began %s once it is wiped', (_, start) => {
    const cipher = nativeCipher(suite);
    start(cipher);
    cipher.update(sealed, 0, 20, elsewhere(), 0);
    cipher.wipe();
    refusesAll(cipher, ['update', 'finishSeal', 'finishOpen']);
    expect(failure(() => start(cipher)).message).toContain('wiped');
  });

  it('ends a frame in the direction alone in which it began it, and it goes on right after the other', () => {
    const cipher = nativeCipher(suite);
    const out = Buffer.alloc(sealed.length);
    cipher.startSeal(INDEX, AAD);
    cipher.update(TEXT, 0, 20, out, 0);
    refusesAll(cipher, ['finishOpen']);
    cipher.finishSeal(TEXT, 20, 50, out, 20);
    expect(out).toEqual(sealed);
    cipher.startOpen(INDEX, AAD);
    cipher.update(sealed, 0, 20, out, 0);
    refusesAll(cipher, ['finishSeal']);
    expect(cipher.finishOpen(sealed, 20, 66, out, 4)).toBe(true);
    expect(out.subarray(0, 50)).toEqual(TEXT);
  });

  it('opens no frame of less than a tag, and goes on where more comes', () => {
    const cipher = nativeCipher(suite);
    const empty = sealedByNode(suite, INDEX, AAD, NONE);
    for (const [fed, more] of [
      [0, 0],
      [0, 15],
      [1, 14],
      [15, 0],
    ] as const) {
      cipher.startOpen(INDEX, AAD);
      cipher.update(empty, 0, fed, NONE, 0);
      expect(codeOf(() => cipher.finishOpen(empty, fed, fed + more, NONE, 0))).toBe(REFUSED);
      expect(cipher.finishOpen(empty, fed, 16, NONE, 0)).toBe(true);
    }
  });

  it.each(starts)('gives a frame up that it began %s, and was fed, for the next one', (_, start) => {
    const cipher = nativeCipher(suite);
    for (const fed of [0, 1, 15, 16, 17, 50]) {
      for (const [, next] of starts) {
        start(cipher);
        cipher.update(sealed, 0, fed, elsewhere(), 0);
        next(cipher);
        cipher.update(sealed, 0, fed, elsewhere(), 0);
        isRight(cipher);
      }
      start(cipher);
      cipher.update(sealed, 0, fed, elsewhere(), 0);
      isRight(cipher);
    }
  });
});

describe('a frame that the addon takes piece by piece', () => {
  it('is left as it is by calls with wrong arguments and by runs of no frames', () => {
    const cipher = nativeCipher();
    const sealed = sealedByNode('AES-256-GCM', INDEX, AAD, TEXT);
    const out = Buffer.alloc(sealed.length);
    const disturb = (): void => {
      cipher.sealFrames(0, AAD, 16, NONE, NONE, NONE, 0);
      expect(cipher.openFrames(0, AAD, 16, NONE, NONE, NONE, 0)).toBe(0);
      expect(codeOf(() => cipher.startSeal(2 ** 32, AAD))).toBe(REFUSED);
      expect(codeOf(() => cipher.startOpen(-1, AAD))).toBe(REFUSED);
      expect(codeOf(() => cipher.seal(0, AAD, TEXT, NONE, 0))).toBe(REFUSED);
      expect(codeOf(() => cipher.openFrames(0, AAD, 16, NONE, TEXT, out, 0))).toBe(REFUSED);
      expect(codeOf(() => cipher.update(TEXT, 0, 20, out, out.length))).toBe(REFUSED);
    };
    cipher.startSeal(INDEX, AAD);
    disturb();
    cipher.update(TEXT, 0, 20, out, 0);
    disturb();
    cipher.finishSeal(TEXT, 20, 50, out, 20);
    expect(out).toEqual(sealed);
  });

  it.each(['startSeal', 'startOpen'] as const)('has as many bytes as one at once may have (%s)', (start) => {
    const cipher = nativeCipher();
    const zeros = Buffer.alloc(2 ** 26);
    const out = Buffer.alloc(2 ** 26);
    cipher[start](INDEX, AAD);
    for (let i = 0; i < 16; i++) cipher.update(zeros, 0, zeros.length, out, 0);
    expect(codeOf(() => cipher.update(zeros, 0, 1, out, 0))).toBe(REFUSED);
    const finish = start === 'startSeal' ? 'finishSeal' : 'finishOpen';
    expect(codeOf(() => cipher[finish](zeros, 0, 1, out, 0))).toBe(REFUSED);
    expect(cipher[finish](zeros, 0, 0, out, 0)).toBe(start === 'startSeal' ? undefined : false);
  });
});
