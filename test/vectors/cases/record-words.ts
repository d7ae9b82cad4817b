import { u32 } from '../../../src/bytes.js';
import { reworded } from '../frame-forge.js';
import type { FrameCase } from './frame-cases.js';
import { NOTHING, piece } from './frame-cases.js';
import { A, B, bad, missing, Z } from './record-case.js';

const F = 4_096;
const FINAL = 0x80000000;
const OVER = piece('over', F + 1);

/** FORMAT 6 and 7, record layout: the word at the head of a frame, and what it says. */
export const WORD_CASES: readonly FrameCase[] = [
  missing('word-alone', 'A word and nothing after it', [A], (forge) => [forge.seal(0, A), u32(FINAL + 10)]),
  missing('word-cut', 'Three zero bytes of a word, which any length can follow', [A], (forge) => [
    forge.seal(0, A),
    Buffer.alloc(3),
  ]),
  missing('word-of-f-cut', 'Three bytes of a word that says F', [A], (forge) => [
    forge.seal(0, A),
    u32(F).subarray(0, 3),
  ]),
  bad('word-cut-too-large', 'Three bytes of a word that says more than F, whatever follows', [A], (forge) => [
    forge.seal(0, A),
    u32(F + 256).subarray(0, 3),
  ]),
  bad('word-byte-too-large', 'One byte of a word that says more than F, whatever follows', [A], (forge) => [
    forge.seal(0, A),
    Buffer.of(0x40),
  ]),
  bad('final-bit-cleared', 'Bit 31 of the final word cleared', [A], last(10)),
  bad(
    'final-bit-cleared-empty',
    'Bit 31 of an empty final word cleared: a word of zero',
    [A],
    last(0, NOTHING),
  ),
  bad('final-bit-set', 'Bit 31 of the first word set', [], (forge) => {
    const [first, ...others] = forge.sealAll(A, B, Z);
    return [reworded(first!, FINAL + 30), ...others];
  }),
  bad(
    'final-bit-set-on-what-is-left',
    'The final frame dropped, and bit 31 set on the one before',
    [A],
    (forge) => [forge.seal(0, A), reworded(forge.seal(1, B), FINAL + 20)],
  ),
  bad('length-one-more', 'The final word says a byte more, and a byte was added', [A], (forge) => [
    forge.seal(0, A),
    reworded(forge.seal(1, Z, { final: true }), FINAL + 11),
    Buffer.alloc(1),
  ]),
  bad('length-one-less', 'The first word says a byte less', [], (forge) => {
    const [first, ...others] = forge.sealAll(A, B, Z);
    return [reworded(first!, 29), ...others];
  }),
  missing('length-beyond-the-end', 'The final word says F, and 10 bytes are there', [A], last(FINAL + F)),
  ...[
    ['f-plus-1', F + 1],
    ['f-plus-1-final', FINAL + F + 1],
    ['largest', FINAL - 1],
    ['largest-final', FINAL + FINAL - 1],
    ['bit-30', 2 ** 30],
  ].map(([name, word]) => bad(`word-${name}`, `A word of ${hex(word as number)}`, [A], last(word as number))),
  bad('sealed-f-plus-1', 'A frame of F + 1 bytes, sealed well', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, OVER),
    forge.seal(2, Z, { final: true }),
  ]),
  bad('sealed-f-plus-1-final', 'A final frame of F + 1 bytes, sealed well', [], (forge) =>
    forge.sealAll(OVER),
  ),
  bad('empty-not-final', 'An empty frame that is not final, sealed well', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, NOTHING),
    forge.seal(2, Z, { final: true }),
  ]),
  bad('empty-not-final-first', 'The first frame is empty and not final, sealed well', [], (forge) => [
    forge.seal(0, NOTHING),
    forge.seal(1, Z, { final: true }),
  ]),
  bad('word-not-authenticated', 'The tag covers another word than the one that is written', [], (forge) => [
    reworded(forge.seal(0, Z, { word: 10 }), FINAL + 10),
  ]),
];

/** Two frames, and another word on the final one. */
function last(word: number, plaintext = Z): FrameCase['make'] {
  return (forge) => [forge.seal(0, A), reworded(forge.seal(1, plaintext, { final: true }), word)];
}

function hex(word: number): string {
  return word.toString(16).toUpperCase().padStart(8, '0');
}
