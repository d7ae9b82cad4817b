// What the methods that take a frame piece by piece must do, worked out without the addon: which frame is under way,
// what is held back of it, and what node:crypto writes.
import { Buffer } from 'node:buffer';
import { bytes, contents, DATA_MAX, integer, opening, placeOf, sealing, touch } from './expected.mjs';

const TAG = 16;

/** @typedef {import('./expected.mjs').Material} Material */
/** @typedef {import('./expected.mjs').Outcome} Outcome */
/**
 * A frame that is under way: node:crypto has taken all that the addon was given, except what is held back.
 *
 * @typedef {{ toSeal: true, cipher: import('node:crypto').CipherGCM, taken: number }} SealedFrame
 * @typedef {{ toSeal: false, cipher: import('node:crypto').DecipherGCM, taken: number, held: Buffer }} OpenedFrame
 * @typedef {SealedFrame | OpenedFrame} Frame
 */

/**
 * @param {Material} material
 * @param {Frame | undefined} frame the one that is under way
 * @param {string} method
 * @param {unknown[]} args
 * @returns {Outcome | undefined} undefined: it must throw, and change nothing
 */
export function expectedOfPiece(material, frame, method, args) {
  if (method === 'openAcross') return crossed(material, frame, args);
  return method.startsWith('start') ? started(material, method, args) : continued(frame, method, args);
}

/** @param {Material} material @param {Frame | undefined} frame @param {unknown[]} args @returns {Outcome | undefined} */
function crossed(material, frame, [chunk, cut, out, offset, index, aad, next]) {
  if (!bytes(chunk) || !bytes(aad) || !bytes(next) || !integer(index, 2 ** 32 - 1)) return undefined;
  const place = placeOf(chunk);
  if (!integer(cut, place.length) || !bytes(out) || !integer(offset, DATA_MAX)) return undefined;
  if (frame === undefined || frame.toSeal || frame.taken + cut < TAG) return undefined;
  const target = { ...placeOf(out), length: writtenBy(frame, 'finishOpen', cut) };
  if (offset + target.length > placeOf(out).length) return undefined;
  target.start += offset;
  const begun = { ...placeOf(next), length: Math.max(0, place.length - cut - TAG) };
  if (begun.length > placeOf(next).length) return undefined;
  const read = [place, placeOf(aad)];
  if (touch(target, begun) || read.some((other) => touch(target, other) || touch(begun, other)))
    return undefined;
  const rest = contents(chunk).subarray(cut);
  const ended = add(frame, contents(chunk).subarray(0, cut));
  const { value } = finish(frame);
  const outcome = { value, at: target.start, bytes: ended, frame: undefined };
  if (!value) return outcome;
  const following = started(material, 'startOpen', [index, aad])?.frame;
  if (following === undefined) throw new Error('a start with right arguments');
  const also = { view: next, at: begun.start, bytes: add(following, rest) };
  return { ...outcome, frame: following, also };
}

/** @param {Material} material @param {string} method @param {unknown[]} args @returns {Outcome | undefined} */
function started(material, method, [index, aad]) {
  if (!integer(index, 2 ** 32 - 1) || !bytes(aad)) return undefined;
  /** @type {Frame} */
  const frame =
    method === 'startSeal'
      ? { toSeal: true, cipher: sealing(material, index, contents(aad)), taken: 0 }
      : { toSeal: false, cipher: opening(material, index, contents(aad)), taken: 0, held: Buffer.alloc(0) };
  return { value: undefined, at: 0, bytes: Buffer.alloc(0), frame };
}

/** @param {Frame | undefined} frame @param {string} method @param {unknown[]} args @returns {Outcome | undefined} */
function continued(frame, method, [chunk, from, to, out, offset]) {
  if (!bytes(chunk) || !bytes(out) || !integer(offset, DATA_MAX)) return undefined;
  const { buffer, start, length } = placeOf(chunk);
  if (!integer(from, length) || !integer(to, length) || from > to) return undefined;
  if (frame === undefined || method === (frame.toSeal ? 'finishOpen' : 'finishSeal')) return undefined;
  if (frame.taken + to - from > DATA_MAX) return undefined;
  if (method === 'finishOpen' && frame.taken + to - from < TAG) return undefined;
  const size = writtenBy(frame, method, to - from);
  const target = { ...placeOf(out), length: size };
  if (offset + size > placeOf(out).length) return undefined;
  target.start += offset;
  if (touch(target, { buffer, start: start + from, length: to - from })) return undefined;
  const after = add(frame, contents(chunk).subarray(from, to));
  if (method === 'update') return { value: undefined, at: target.start, bytes: after, frame };
  const { value, tag } = finish(frame);
  return { value, at: target.start, bytes: Buffer.concat([after, tag]), frame: undefined };
}

/**
 * How many bytes a call writes if it takes `size` bytes.
 *
 * @param {Pick<Frame, 'toSeal' | 'taken'>} frame
 * @param {string} method
 * @param {number} size
 */
export function writtenBy({ toSeal, taken }, method, size) {
  if (toSeal) return size + (method === 'update' ? 0 : TAG);
  return Math.max(0, taken + size - TAG) - Math.max(0, taken - TAG);
}

/** @param {Frame} frame @param {Buffer} piece @returns {Buffer} what is written */
function add(frame, piece) {
  frame.taken += piece.length;
  if (frame.toSeal) return frame.cipher.update(piece);
  const behind = Buffer.concat([frame.held, piece]);
  const ready = Math.max(0, behind.length - TAG);
  frame.held = behind.subarray(ready);
  return frame.cipher.update(behind.subarray(0, ready));
}

/** @param {Frame} frame @returns {{ value: boolean | undefined, tag: Buffer }} */
function finish(frame) {
  try {
    if (frame.toSeal) {
      frame.cipher.final();
      return { value: undefined, tag: frame.cipher.getAuthTag() };
    }
    frame.cipher.setAuthTag(frame.held).final();
    return { value: true, tag: Buffer.alloc(0) };
  } catch {
    return { value: false, tag: Buffer.alloc(0) };
  }
}
