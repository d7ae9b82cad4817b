// Where the memory of one call lies: apart, joined, or over one another at every border that could be off by one.
import { placeOf } from './expected.mjs';
import { memory } from './memory.mjs';

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {{ aad: number, head: number, rest: number, out: number }} Sizes */
/** @typedef {{ start: number, size: number }} Written where `out` is written */
/** @typedef {{ aad: Uint8Array, head: Uint8Array, rest: Uint8Array, out: Uint8Array }} Places */

/**
 * @param {Sizes} sizes in bytes
 * @param {Written} written
 * @param {Random} random
 * @returns {Places} filled at random
 */
export function places(sizes, written, random) {
  const lie = random.below(10);
  if (lie < 3) return overlapping(sizes, written, random);
  if (lie < 6) return joined(sizes, random);
  return {
    aad: memory(sizes.aad, random),
    head: memory(sizes.head, random),
    rest: memory(sizes.rest, random),
    out: memory(sizes.out, random),
  };
}

/** The head right before the rest, as one chunk that was cut in two. @param {Sizes} sizes @param {Random} random @returns {Places} */
function joined(sizes, random) {
  const whole = placeOf(memory(sizes.head + sizes.rest, random));
  return {
    aad: memory(sizes.aad, random),
    head: new Uint8Array(whole.buffer, whole.start, sizes.head),
    rest: new Uint8Array(whole.buffer, whole.start + sizes.head, sizes.rest),
    out: memory(sizes.out, random),
  };
}

/** All in one buffer. @param {Sizes} sizes @param {Written} written @param {Random} random @returns {Places} */
function overlapping(sizes, written, random) {
  const before = Math.max(sizes.aad, sizes.head, sizes.rest) + 1;
  const room = before + sizes.out + before;
  const whole = placeOf(memory(room, random));
  const begin = before + written.start;
  const end = begin + written.size;
  /** @param {number} size */
  const beside = (size) => {
    const at = random.pick([
      begin,
      begin,
      begin - 1,
      begin + 1,
      begin - size,
      begin - size + 1,
      end,
      end - 1,
      0,
    ]);
    const start = Math.min(Math.max(0, at), room - size);
    return new Uint8Array(whole.buffer, whole.start + start, size);
  };
  return {
    aad: random.chance(0.3) ? beside(sizes.aad) : memory(sizes.aad, random),
    head: random.chance(0.7) ? beside(sizes.head) : memory(sizes.head, random),
    rest: random.chance(0.7) ? beside(sizes.rest) : memory(sizes.rest, random),
    out: new Uint8Array(whole.buffer, whole.start + before, sizes.out),
  };
}
