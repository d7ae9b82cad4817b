// Random calls of a cipher's methods, each compared with what it must do.
import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import { acrossArguments } from './across-arguments.mjs';
import { contents, expected, placeOf, seal } from './expected.mjs';
import { notMemory, WRONG_NUMBERS } from './memory.mjs';
import { pieceArguments, pieceMethod, startArguments } from './piece-arguments.mjs';
import { expectedOfPiece } from './pieces.mjs';
import { places } from './places.mjs';

const TAG = 16;
const SIZES = [0, 1, 15, 16, 17, 31, 64, 100, 255, 256, 1_000, 4_080, 4_096, 4_097, 16_384, 65_537];
const INDEXES = [0, 1, 255, 256, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 3, 2 ** 32 - 1];
const METHODS = /** @type {const} */ (['seal', 'open', 'sealFrames', 'openFrames']);
const STARTS = /** @type {const} */ (['startSeal', 'startOpen']);

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./expected.mjs').Material} Material */
/** @typedef {import('./lives.mjs').Life} Life */
/** @typedef {import('./places.mjs').Places} Places */

/**
 * Calls one method with arguments that are mostly right.
 *
 * @param {Life} life
 * @param {Random} random
 * @returns {string} what was called and how it ended
 */
export function callOnce(life, random) {
  const piece = random.chance(life.frame === undefined ? 0.1 : 0.8);
  if (piece) return checked(life, ...pieceCall(life, random));
  const method = random.chance(0.35) ? random.pick(STARTS) : random.pick(METHODS);
  const args = method.startsWith('start')
    ? startArguments(life, pickIndex(random), random)
    : argumentsOf(method, life.material, random);
  if (random.chance(0.2)) spoil(args, random);
  return checked(life, method, args);
}

/** @param {Life} life @param {Random} random @returns {[string, unknown[]]} */
function pieceCall(life, random) {
  const method = pieceMethod(life, random);
  const args =
    method === 'openAcross'
      ? acrossArguments(life, pickIndex(random), random)
      : pieceArguments(life, method, random);
  if (random.chance(0.1)) spoil(args, random);
  return [method, args];
}

/** @param {Life} life @param {string} method @param {unknown[]} args @returns {string} */
function checked(life, method, args) {
  const { cipher, material, frame } = life;
  const whole = /^(seal|open)(Frames)?$/.test(method);
  const outcome = (whole ? expected : expectedOfPiece)(material, frame, method, args);
  const buffers = new Set(args.filter(types.isUint8Array).map((view) => placeOf(view).buffer));
  const before = new Map([...buffers].map((buffer) => [buffer, bytesOf(buffer)]));
  let ended;
  try {
    ended = { value: cipher[method](...args) };
  } catch (error) {
    if (!(error instanceof RangeError) || error.message.includes('OpenSSL')) throw error;
    ended = { error: error.message };
  }
  if (outcome === undefined) claim('error' in ended, 'it took wrong arguments', method, args);
  else claim(!('error' in ended) && ended.value === outcome.value, 'another answer', method, args);
  if (outcome !== undefined) {
    life.frame = outcome.frame;
    if (outcome.also !== undefined) life.sealed = life.following;
    const out = /** @type {Uint8Array} */ (method === 'openAcross' ? args[2] : args.at(-2));
    for (const { view, at, bytes } of [{ view: out, ...outcome }, outcome.also ?? []].flat()) {
      if (bytes.length > 0) before.get(placeOf(view).buffer)?.set(bytes, at);
    }
  }
  for (const [buffer, bytes] of before) {
    claim(bytesOf(buffer).equals(bytes), 'other bytes than it has to write', method, args);
  }
  const parts = outcome !== undefined && method.endsWith('Frames') && !isEmpty(args[3]) ? ' with a head' : '';
  const way = whole || frame === undefined ? '' : ` amid ${frame.toSeal ? 'sealing' : 'opening'}`;
  return `${method}${way}${parts} ${outcome === undefined ? 'refused' : String(outcome.value)}`;
}

/** @param {string} method @param {Material} material @param {Random} random @returns {unknown[]} */
function argumentsOf(method, material, random) {
  const many = method.endsWith('Frames');
  const opening = method.startsWith('open');
  const size = random.pick(SIZES);
  const count = many ? random.below(5) : 1;
  const [from, to] = opening ? [size + TAG, size] : [size, size + TAG];
  const whole = Math.max(0, count * from + (random.chance(0.08) ? random.below(41) - 20 : 0));
  const head = many ? Math.min(whole, headSize(from, random)) : 0;
  const offset = random.chance(0.5) ? 0 : random.below(40);
  const short = random.chance(0.08) ? 1 : 0;
  const outSize = Math.max(0, offset + count * to - short) + (short === 0 ? random.below(20) : 0);
  const sizes = { aad: random.pick([0, 1, 16, 45]), head, rest: whole - head, out: outSize };
  const given = places(sizes, { start: offset, size: count * to }, random);
  const index = pickIndex(random);
  if (opening && random.chance(0.8)) forge(given, material, index, size, count);
  if (random.chance(0.15)) flip(random.chance(0.5) ? given.head : given.rest, random);
  const { aad, rest, out } = given;
  return many ? [index, aad, size, given.head, rest, out, offset] : [index, aad, rest, out, offset];
}

/** @param {Random} random */
function pickIndex(random) {
  return random.chance(0.6) ? random.next() : random.pick(INDEXES);
}

/** From nothing to more than a frame, with the tag cut at any place. @param {number} frame @param {Random} random */
function headSize(frame, random) {
  if (random.chance(0.25)) return 0;
  if (random.chance(0.4)) return random.below(frame);
  const ends = [frame - 17, frame - 16, frame - 15, frame - 1, frame - 1, frame, frame + 1];
  return Math.max(0, random.pick([1, 15, 16, 17, ...ends]));
}

/** Fills the input with valid frames, as far as they fit. @param {Places} given @param {Material} material @param {number} index @param {number} size @param {number} count */
function forge({ aad, head, rest }, material, index, size, count) {
  const frames = Array.from({ length: count }, (_, i) =>
    seal(material, (index + i) % 2 ** 32, contents(aad), Buffer.alloc(size, i)),
  );
  const whole = Buffer.concat(frames);
  const cut = placeOf(head).length;
  Uint8Array.prototype.set.call(head, whole.subarray(0, cut));
  Uint8Array.prototype.set.call(rest, whole.subarray(cut, cut + placeOf(rest).length));
}

/** @param {Uint8Array} view @param {Random} random */
function flip(view, random) {
  const { buffer, start, length } = placeOf(view);
  if (length === 0) return;
  const at = new DataView(buffer, start + random.below(length));
  at.setUint8(0, at.getUint8(0) ^ (1 << random.below(8)));
}

/** Replaces an argument with a wrong one, or drops the last ones. @param {unknown[]} args @param {Random} random */
function spoil(args, random) {
  if (random.chance(0.1)) {
    args.length = random.below(args.length);
    return;
  }
  const at = random.below(args.length);
  args[at] =
    typeof args[at] === 'number' ? random.pick(WRONG_NUMBERS) : notMemory(random.pick(SIZES), random);
}

/** A copy outside Node's pool, since the pool may itself be the buffer that is compared. @param {ArrayBuffer} buffer */
function bytesOf(buffer) {
  const copy = Buffer.allocUnsafeSlow(buffer.byteLength);
  if (copy.length > 0) copy.set(new Uint8Array(buffer)); // a detached one has no length, and makes no view
  return copy;
}

/** @param {boolean} holds @param {string} what @param {string} method @param {unknown[]} args */
function claim(holds, what, method, args) {
  if (holds) return;
  const shown = args.map((arg) =>
    types.isUint8Array(arg) ? `bytes ${JSON.stringify(shape(arg))}` : String(arg),
  );
  throw new Error(`${what}: ${method}(${shown.join(', ')})`);
}

/** @param {unknown} view */
function isEmpty(view) {
  return placeOf(/** @type {Uint8Array} */ (view)).length === 0;
}

/** @param {Uint8Array} view */
function shape(view) {
  const { buffer, start, length } = placeOf(view);
  return { start, length, of: buffer.byteLength };
}
