import type { FrameForge } from '../frame-forge.js';
import { flipped } from '../frame-forge.js';
import type { FrameCase } from './frame-cases.js';
import { NOTHING, pick, piece } from './frame-cases.js';
import { A, B, bad, missing, ok, trailing, Z } from './record-case.js';

const F = 4_096;

const FULL = piece('full', F);
const MANY = piece('bytes', 300);

/** FORMAT 6 and 7, record layout: whole frames. */
export const RECORD_CASES: readonly FrameCase[] = [
  ok('three', 'Three frames', [A, B, Z], (forge) => forge.sealAll(A, B, Z)),
  ok('full-and-final', 'A final frame that is full', [FULL], (forge) => forge.sealAll(FULL)),
  ok('full-not-final', 'A full frame, and an empty final one', [FULL], (forge) =>
    forge.sealAll(FULL, NOTHING),
  ),
  ok('empty-final', 'An empty final frame', [A], (forge) => forge.sealAll(A, NOTHING)),
  ok('300-frames-of-1-byte', '300 frames of one byte: two bytes of the nonce change', [MANY], (forge) =>
    forge.sealAll(...Array.from({ length: 300 }, (_, i) => MANY.subarray(i, i + 1))),
  ),
  bad('frame-256-as-frame-0', 'Frame 256 in the place of frame 0', [], (forge) => [
    forge.seal(256, A),
    forge.seal(1, Z, { final: true }),
  ]),
  bad('frame-0-as-frame-256', 'Frame 0 in the place of frame 256', [MANY.subarray(0, 256)], (forge) => [
    ...Array.from({ length: 256 }, (_, i) => forge.seal(i, MANY.subarray(i, i + 1))),
    forge.seal(0, Z, { final: true }),
  ]),
  bad('first-ciphertext', 'First byte of ciphertext of the first frame flipped', [], damage(0, 4)),
  bad('first-ciphertext-last', 'Last byte of ciphertext of the first frame flipped', [], damage(0, 33, 0x80)),
  bad('first-tag', 'First byte of the first tag flipped', [], damage(0, 34)),
  bad('first-tag-last', 'Last byte of the first tag flipped', [], damage(0, -1, 0x80)),
  bad('middle-ciphertext', 'A bit of the second of three frames flipped', [A], damage(1, 4)),
  bad('middle-tag', 'A bit of the second of three tags flipped', [A], damage(1, -1)),
  bad('last-ciphertext', 'First byte of ciphertext of the final frame flipped', [A, B], damage(2, 4)),
  bad('last-tag', 'Last byte of the final tag flipped', [A, B], damage(2, -1, 0x80)),
  bad('swapped', 'Two frames of one size exchanged', [], (forge) => pick(forge.sealAll(A, A, Z), 1, 0, 2)),
  bad('swapped-sizes', 'Two frames of two sizes exchanged', [], (forge) =>
    pick(forge.sealAll(A, B, Z), 1, 0, 2),
  ),
  bad('dropped-first', 'The first frame dropped', [], (forge) => pick(forge.sealAll(A, B, Z), 1, 2)),
  bad('dropped-middle', 'The second of three frames dropped', [A], (forge) =>
    pick(forge.sealAll(A, B, Z), 0, 2),
  ),
  bad('doubled', 'The first frame twice', [A], (forge) => pick(forge.sealAll(A, B, Z), 0, 0, 1, 2)),
  bad('final-first', 'The final frame moved to the front', [], (forge) => pick(forge.sealAll(A, Z), 1, 0)),
  trailing('final-doubled', 'The final frame twice', [A, Z], (forge) => pick(forge.sealAll(A, Z), 0, 1, 1)),
  trailing('trailing-byte', 'A zero byte after the final frame', [A, Z], (forge) => [
    ...forge.sealAll(A, Z),
    Buffer.alloc(1),
  ]),
  trailing('trailing-stream', 'A second stream behind the first', [A, Z], (forge, stranger) => [
    ...forge.sealAll(A, Z),
    ...stranger.sealAll(A, Z),
  ]),
  trailing('final-in-the-middle', 'A final frame, and good frames after it', [A, B], (forge) => [
    forge.seal(0, A),
    forge.seal(1, B, { final: true }),
    forge.seal(2, Z, { final: true }),
  ]),
  missing('last-missing', 'No final frame', [A, B], (forge) => pick(forge.sealAll(A, B, Z), 0, 1)),
  missing('nothing', 'No frame at all', [], () => []),
  missing('tag-cut', 'The final tag cut by a byte', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, Z, { final: true }).subarray(0, -1),
  ]),
  missing('final-tag-missing', 'The final tag cut off', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, Z, { final: true }).subarray(0, -16),
  ]),
  bad('index-from-1', 'The indexes begin at 1', [], (forge) => [forge.seal(1, Z, { final: true })]),
  bad('index-jumps', 'Index 2 follows index 0', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(2, Z, { final: true }),
  ]),
  bad('first-of-another', 'The first frame of another stream of this data key', [], (forge, stranger) => [
    stranger.seal(0, A),
    forge.seal(1, Z, { final: true }),
  ]),
  bad('last-of-another', 'The final frame of another stream of this data key', [A], (forge, stranger) => [
    forge.seal(0, A),
    stranger.seal(1, Z, { final: true }),
  ]),
];

/** Flips bits of one byte of one of three frames. */
function damage(frame: number, offset: number, mask = 1): FrameCase['make'] {
  return (forge: FrameForge) =>
    forge.sealAll(A, B, Z).map((bytes, i) => (i === frame ? flipped(bytes, offset, mask) : bytes));
}
