// What a call of the addon must do, worked out without the addon: by the rules of its arguments, and by node:crypto.
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { types } from 'node:util';

const TAG = 16;
export const DATA_MAX = 2 ** 30;
const getters = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(Uint8Array.prototype));

/** @typedef {{ suite: string, key: Uint8Array, nonce: Uint8Array }} Material */
/** @typedef {import('./pieces.mjs').Frame} Frame */
/**
 * The answer of a call, what it writes (`bytes` at `at` of the buffer behind `out`, and behind another view), and the
 * frame that is under way then.
 *
 * @typedef {{ value: unknown, at: number, bytes: Uint8Array, frame: Frame | undefined, also?: Also }} Outcome
 * @typedef {{ view: Uint8Array, at: number, bytes: Uint8Array }} Also
 */

/** The length and place that a view really has, whatever its properties say. @param {Uint8Array} view */
export function placeOf(view) {
  /** @param {'buffer' | 'byteOffset' | 'byteLength'} name */
  const get = (name) => getters[name]?.get?.call(view);
  return { buffer: get('buffer'), start: get('byteOffset'), length: get('byteLength') };
}

/** A copy. @param {Uint8Array} view */
export function contents(view) {
  const { buffer, start, length } = placeOf(view);
  return length === 0 ? Buffer.alloc(0) : Buffer.from(Buffer.from(buffer, start, length));
}

/**
 * @param {Material} material
 * @param {Frame | undefined} frame the one that is under way
 * @param {string} method
 * @param {unknown[]} args
 * @returns {Outcome | undefined} undefined: it must throw, and change nothing
 */
export function expected(material, frame, method, args) {
  const many = method.endsWith('Frames');
  const toSeal = method.startsWith('seal');
  const [index, aad] = args;
  const [frameSize, head] = many ? args.slice(2) : [undefined, new Uint8Array(0)];
  const [rest, out, offset] = args.slice(many ? 4 : 2);
  if (!integer(index, 2 ** 32 - 1) || !integer(offset, DATA_MAX)) return undefined;
  if (!bytes(aad) || !bytes(head) || !bytes(rest) || !bytes(out)) return undefined;
  if (many && (!integer(frameSize, DATA_MAX) || frameSize === 0)) return undefined;
  const source = Buffer.concat([contents(head), contents(rest)]);
  const from = many ? Number(frameSize) + (toSeal ? 0 : TAG) : source.length;
  if (!toSeal && from < TAG) return undefined;
  const count = many ? source.length / from : 1;
  if (!Number.isInteger(count) || index + count > 2 ** 32) return undefined;
  if (many && placeOf(head).length >= from) return undefined;
  const to = toSeal ? from + TAG : from - TAG;
  const target = { ...placeOf(out), length: count * to };
  if (offset + target.length > placeOf(out).length) return undefined;
  target.start += offset;
  const inPlace = !many && target.buffer === placeOf(rest).buffer && target.start === placeOf(rest).start;
  const read = inPlace ? [aad] : [aad, head, rest];
  if (read.some((view) => touch(target, placeOf(view)))) return undefined;
  const after = contents(out).subarray(offset, offset + target.length);
  let opened = 0;
  for (let i = 0; i < count; i++) {
    const piece = source.subarray(i * from, i * from + from);
    const whole = (toSeal ? seal : open)(material, index + i, contents(aad), piece);
    after.set(whole ?? new Uint8Array(to), i * to);
    if (whole === undefined) break;
    opened += 1;
  }
  const value = toSeal ? undefined : many ? opened : opened === 1;
  return { value, at: target.start, bytes: after, frame: count > 0 ? undefined : frame };
}

/** @param {unknown} value @param {number} max @returns {value is number} */
export function integer(value, max) {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

/** @param {unknown} value @returns {value is Uint8Array} */
export function bytes(value) {
  return types.isUint8Array(value) && placeOf(value).length <= DATA_MAX;
}

/** @typedef {{ buffer: unknown, start: number, length: number }} Place */
/** @param {Place} a @param {Place} b */
export function touch(a, b) {
  if (a.buffer !== b.buffer || a.length === 0 || b.length === 0) return false;
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** What node:crypto seals one frame with. @param {Material} material @param {number} index @param {Uint8Array} aad */
export function sealing({ suite, key, nonce }, index, aad) {
  const cipher = createCipheriv(nameOf(suite), key, nonceOf(nonce, index), { authTagLength: TAG });
  return cipher.setAAD(aad);
}

/** What node:crypto opens one frame with. @param {Material} material @param {number} index @param {Uint8Array} aad */
export function opening({ suite, key, nonce }, index, aad) {
  const cipher = createDecipheriv(nameOf(suite), key, nonceOf(nonce, index), { authTagLength: TAG });
  return cipher.setAAD(aad);
}

/** @param {Material} material @param {number} index @param {Uint8Array} aad @param {Uint8Array} plaintext */
export function seal(material, index, aad, plaintext) {
  const cipher = sealing(material, index, aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @param {Material} material @param {number} index @param {Uint8Array} aad @param {Uint8Array} sealed */
function open(material, index, aad, sealed) {
  const end = sealed.length - TAG;
  const cipher = opening(material, index, aad).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, end)), cipher.final()]);
  } catch {
    return undefined;
  }
}

/** @param {string} suite @returns {import('node:crypto').CipherGCMTypes} */
function nameOf(suite) {
  return /** @type {import('node:crypto').CipherGCMTypes} */ (suite.toLowerCase());
}

/** @param {Uint8Array} base @param {number} index */
function nonceOf(base, index) {
  const nonce = Buffer.from(base);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ index) >>> 0, 8);
  return nonce;
}
