import type { FrameForge } from '../frame-forge.js';
import { flipped } from '../frame-forge.js';
import type { FrameCase } from './frame-cases.js';
import { NOTHING, pick, piece } from './frame-cases.js';

const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';
const TRUNCATED = 'ERR_SEALPIPE_TRUNCATED';
const F = 4_096;

/** Plaintexts of frames: two full ones and a last one. */
const A = piece('a', F);
const B = piece('b', F);
const Z = piece('z', 10);

/** FORMAT 6 and 7, fixed layout. */
export const FIXED_CASES: readonly FrameCase[] = [
  ok('two-full', 'Two full frames and a last one', [A, B, Z], (forge) => forge.sealAll(A, B, Z)),
  ok('one-full-empty-last', 'A full frame, and an empty last one', [A], (forge) => forge.sealAll(A, NOTHING)),
  bad('first-ciphertext-first', 'First byte of the first frame flipped', [], damage(0, 0)),
  bad('first-ciphertext-last', 'Last byte of ciphertext of the first frame flipped', [], damage(0, F - 1)),
  bad('first-tag-first', 'First byte of the first tag flipped', [], damage(0, F)),
  bad('first-tag-last', 'Last byte of the first tag flipped', [], damage(0, -1, 0x80)),
  bad('middle-ciphertext', 'A bit of the second of three frames flipped', [A], damage(1, 100, 1, [A, B, Z])),
  bad('middle-tag', 'A bit of the second of three tags flipped', [A], damage(1, -1, 1, [A, B, Z])),
  bad('last-ciphertext', 'First byte of the last frame flipped', [A], damage(1, 0), true),
  bad('last-tag', 'Last byte of the last tag flipped', [A], damage(1, -1, 0x80), true),
  bad(
    'empty-last-tag',
    'A bit of the tag of an empty last frame flipped',
    [A],
    damage(1, 0, 1, [A, NOTHING]),
    true,
  ),
  bad('swapped', 'Two full frames exchanged', [], (forge) => pick(forge.sealAll(A, B, Z), 1, 0, 2)),
  bad('dropped-first', 'The first frame dropped', [], (forge) => pick(forge.sealAll(A, B, Z), 1, 2)),
  bad(
    'dropped-only-full',
    'The first of two frames dropped',
    [],
    (forge) => pick(forge.sealAll(A, Z), 1),
    true,
  ),
  bad(
    'dropped-middle',
    'The second of three frames dropped',
    [A],
    (forge) => pick(forge.sealAll(A, B, Z), 0, 2),
    true,
  ),
  bad('doubled-first', 'The first frame twice', [A], (forge) => pick(forge.sealAll(A, Z), 0, 0, 1)),
  bad('doubled-last', 'The last frame twice', [A], (forge) => pick(forge.sealAll(A, Z), 0, 1, 1), true),
  missing('last-missing', 'No last frame', [A], (forge) => pick(forge.sealAll(A, Z), 0)),
  missing('empty-last-missing', 'No last frame: the plaintext filled the one before', [A], (forge) =>
    pick(forge.sealAll(A, NOTHING), 0),
  ),
  missing('nothing', 'No frame at all', [], () => []),
  missing('15-bytes-of-the-first', '15 bytes of the first frame', [], (forge) => [
    cut(forge.sealAll(Z)[0]!, 15),
  ]),
  missing('15-bytes-of-the-last', '15 bytes of the last frame', [A], (forge) => [
    forge.seal(0, A),
    cut(forge.seal(1, Z), 15),
  ]),
  missing('empty-last-cut', 'The tag of an empty last frame cut by a byte', [A], (forge) => [
    forge.seal(0, A),
    cut(forge.seal(1, NOTHING), 15),
  ]),
  bad(
    '16-bytes-of-the-first',
    '16 bytes of the first frame',
    [],
    (forge) => [cut(forge.seal(0, Z), 16)],
    true,
  ),
  bad(
    'tag-cut',
    'The last tag cut by a byte',
    [A],
    (forge) => [forge.seal(0, A), cut(forge.seal(1, Z), -1)],
    true,
  ),
  bad('full-frame-cut', 'A full frame cut by a byte', [], (forge) => [cut(forge.seal(0, A), -1)], true),
  bad(
    'trailing-byte',
    'A zero byte after the last frame',
    [A],
    (forge) => [...forge.sealAll(A, Z), Buffer.alloc(1)],
    true,
  ),
  bad(
    'trailing-byte-after-empty',
    'A zero byte after an empty last frame',
    [A],
    (forge) => [...forge.sealAll(A, NOTHING), Buffer.alloc(1)],
    true,
  ),
  bad('trailing-stream', 'A second stream behind the first: more than a frame', [], (forge) => [
    ...forge.sealAll(Z),
    ...forge.sealAll(A, Z),
  ]),
  bad('short-in-the-middle', 'A frame of F - 1 bytes that is not the last', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, B.subarray(1)),
    forge.seal(2, B),
    forge.seal(3, Z),
  ]),
  bad('empty-in-the-middle', 'An empty frame that is not the last', [A], (forge) => [
    forge.seal(0, A),
    forge.seal(1, NOTHING),
    forge.seal(2, B),
    forge.seal(3, Z),
  ]),
  bad('frame-of-f-plus-1', 'A frame of F + 1 bytes', [], (forge) => [
    forge.seal(0, Buffer.concat([A, Z.subarray(0, 1)])),
    forge.seal(1, Z),
  ]),
  bad('index-from-1', 'The indexes begin at 1', [], (forge) => [forge.seal(1, Z)], true),
  bad('index-jumps', 'Index 2 follows index 0', [A], (forge) => [forge.seal(0, A), forge.seal(2, Z)], true),
  bad('first-of-another', 'The first frame of another stream of this data key', [], (forge, stranger) => [
    stranger.seal(0, A),
    forge.seal(1, Z),
  ]),
  bad(
    'last-of-another',
    'The last frame of another stream of this data key',
    [A],
    (forge, stranger) => [forge.seal(0, A), stranger.seal(1, Z)],
    true,
  ),
];

type Make = FrameCase['make'];

function ok(name: string, comment: string, released: readonly Buffer[], make: Make): FrameCase {
  return { layout: 'fixed', name, comment, expect: 'success', atEnd: false, released, make };
}

function bad(
  name: string,
  comment: string,
  released: readonly Buffer[],
  make: Make,
  atEnd = false,
): FrameCase {
  return { layout: 'fixed', name, comment, expect: AUTHENTICATION, atEnd, released, make };
}

function missing(name: string, comment: string, released: readonly Buffer[], make: Make): FrameCase {
  return { layout: 'fixed', name, comment, expect: TRUNCATED, atEnd: false, released, make };
}

/** Flips bits of one byte of one frame. */
function damage(frame: number, offset: number, mask = 1, pieces: readonly Buffer[] = [A, Z]): Make {
  return (forge: FrameForge) =>
    forge.sealAll(...pieces).map((bytes, i) => (i === frame ? flipped(bytes, offset, mask) : bytes));
}

function cut(frame: Buffer, end: number): Buffer {
  return frame.subarray(0, end);
}
