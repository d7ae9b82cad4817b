// Arguments for the method that ends one frame and begins another.
import { Buffer } from 'node:buffer';
import { contents, placeOf, seal } from './expected.mjs';
import { memory } from './memory.mjs';
import { FRAMES } from './piece-arguments.mjs';
import { writtenBy } from './pieces.mjs';
import { places } from './places.mjs';

const TAG = 16;

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./lives.mjs').Life} Life */

/** Mostly arguments that end the current frame, and begin a valid one. @param {Life} life @param {number} index @param {Random} random @returns {unknown[]} */
export function acrossArguments(life, index, random) {
  const taken = life.frame?.taken ?? 0;
  const aad = memory(random.pick([0, 1, 16, 45]), random);
  life.following = seal(life.material, index, contents(aad), random.bytes(random.pick(FRAMES)));
  const ending = life.sealed.subarray(taken);
  const cut = random.chance(0.8) ? ending.length : random.below(ending.length + 20);
  const rest = random.chance(0.3) ? random.pick([0, 1, 15, 16, 17]) : random.below(life.following.length + 1);
  const writes = writtenBy({ toSeal: false, taken }, 'finishOpen', cut);
  const begun = Math.max(0, rest - TAG);
  const offset = random.chance(0.5) ? 0 : random.below(40);
  const short = random.chance(0.08) ? 1 : 0;
  const outSize = Math.max(0, offset + writes - short) + (short === 0 ? random.below(20) : 0);
  const given = places(
    { aad: 0, head: 0, rest: cut + rest, out: outSize },
    { start: offset, size: writes },
    random,
  );
  const chunk = Buffer.from(contents(given.rest));
  chunk.set(ending.subarray(0, cut));
  chunk.set(life.following.subarray(0, rest), cut);
  const bad = random.below(chunk.length + 1);
  if (bad < chunk.length && random.chance(0.1)) chunk.writeUInt8(chunk.readUInt8(bad) ^ 4, bad);
  Uint8Array.prototype.set.call(given.rest, chunk);
  const next = random.chance(0.85)
    ? memory(Math.max(0, begun - (random.chance(0.05) ? 1 : 0)) + random.below(3), random)
    : beside(random.pick([given.out, given.rest, aad]), begun, random);
  return [given.rest, cut, given.out, offset, index, aad, next];
}

/** Memory next to other memory, or over it. @param {Uint8Array} view @param {number} size @param {Random} random */
function beside(view, size, random) {
  const { buffer, start, length } = placeOf(view);
  const whole = buffer.byteLength;
  const at = random.pick([start - size, start - size + 1, start, start + length - 1, start + length]);
  const from = Math.min(Math.max(0, at), whole);
  if (buffer === Buffer.allocUnsafe(1).buffer) return memory(size, random);
  return new Uint8Array(buffer, from, Math.min(size, whole - from));
}
