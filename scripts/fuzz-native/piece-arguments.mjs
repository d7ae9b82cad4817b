// Arguments for the methods that take a frame piece by piece: mostly those that bring the current frame to its end.
import { Buffer } from 'node:buffer';
import { contents, placeOf, seal } from './expected.mjs';
import { memory } from './memory.mjs';
import { writtenBy } from './pieces.mjs';
import { places } from './places.mjs';

const TAG = 16;
export const FRAMES = [0, 1, 15, 16, 17, 31, 32, 33, 100, 4_096, 16_384, 65_537];
const PIECES = [0, 0, 1, 2, 14, 15, 16, 17, 18, 31, 32, 33, 100, 1_000, 16_384];
/** A longer frame is usually finished next. */
const LONG = 150_000;

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./lives.mjs').Life} Life */

/** If the frame is opened, it is likely a valid one. @param {Life} life @param {number} index @param {Random} random @returns {unknown[]} */
export function startArguments(life, index, random) {
  const aad = memory(random.pick([0, 1, 16, 45]), random);
  life.sealed = seal(life.material, index, contents(aad), random.bytes(random.pick(FRAMES)));
  return [index, aad];
}

/** @param {Life} life @param {Random} random */
export function pieceMethod({ frame }, random) {
  const ending = random.chance(frame !== undefined && frame.taken > LONG ? 0.9 : 0.3);
  if (!ending) return 'update';
  const right = frame?.toSeal ? ['finishSeal'] : ['finishOpen', 'openAcross'];
  return random.pick(random.chance(0.9) ? right : ['finishSeal', 'finishOpen', 'openAcross']);
}

/** @param {Life} life @param {string} method @param {Random} random @returns {unknown[]} */
export function pieceArguments({ frame, sealed }, method, random) {
  const taken = frame?.taken ?? 0;
  const rest = sealed.subarray(taken);
  const size =
    frame?.toSeal === false && method !== 'update' && random.chance(0.8)
      ? rest.length
      : pieceSize(rest.length, random);
  const writes = writtenBy(frame ?? { toSeal: true, taken: 0 }, method, size);
  const offset = random.chance(0.5) ? 0 : random.below(40);
  const short = random.chance(0.08) ? 1 : 0;
  const outSize = Math.max(0, offset + writes - short) + (short === 0 ? random.below(20) : 0);
  const given = places(
    { aad: 0, head: 0, rest: size, out: outSize },
    { start: offset, size: writes },
    random,
  );
  if (frame?.toSeal === false && size > 0) {
    const next = Buffer.from(contents(given.rest));
    next.set(rest.subarray(0, size));
    const bad = random.below(size);
    if (random.chance(0.05)) next.writeUInt8(next.readUInt8(bad) ^ (1 << random.below(8)), bad);
    Uint8Array.prototype.set.call(given.rest, next);
  }
  const [chunk, from] = random.chance(0.5) ? [given.rest, 0] : widened(given.rest, random);
  const [begin, end] = random.chance(0.05) ? beside(from, from + size, random) : [from, from + size];
  return [chunk, begin, end, given.out, offset];
}

/** Sometimes all that is left, or about as much. @param {number} left @param {Random} random */
function pieceSize(left, random) {
  if (random.chance(0.7)) return random.pick(PIECES);
  return Math.max(0, left - random.pick([0, 1, TAG - 1, TAG, TAG + 1]));
}

/** A chunk around a piece; not in Node's pool, where others write beside it. @param {Uint8Array} view @param {Random} random @returns {[chunk: Uint8Array, from: number]} */
function widened(view, random) {
  const { buffer, start, length } = placeOf(view);
  if (buffer === Buffer.allocUnsafe(1).buffer) return [view, 0];
  const before = random.below(Math.min(40, start) + 1);
  const behind = random.below(Math.min(40, buffer.byteLength - start - length) + 1);
  return [new Uint8Array(buffer, start - before, before + length + behind), before];
}

/** Ends that are not those of the piece. @param {number} from @param {number} to @param {Random} random */
function beside(from, to, random) {
  return random.pick([
    [from + 1, to],
    [from, to + 1],
    [from - 1, to],
    [from, to - 1],
    [to, from],
    [to + 50, to + 50],
  ]);
}
