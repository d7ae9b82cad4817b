// A sequence of random choices that its seed decides.

/** @typedef {ReturnType<typeof randomFrom>} Random */

/** @param {number} seed an unsigned 32-bit integer */
export function randomFrom(seed) {
  let state = seed >>> 0;
  /** mulberry32 */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  /** @param {number} count */
  const below = (count) => Math.floor((next() / 2 ** 32) * count);
  return {
    next,
    below,
    /** @param {number} probability */
    chance: (probability) => next() / 2 ** 32 < probability,
    /** @template T @param {readonly T[]} all @returns {T} */
    pick: (all) => /** @type {T} */ (all[below(all.length)]),
    /** @param {Uint8Array} view */
    fill: (view) => Uint8Array.prototype.fill.call(view, next() & 0xff),
    /** @param {number} size */
    bytes: (size) => Uint8Array.from({ length: size }, () => next() & 0xff),
  };
}
