// Memory of every kind that JavaScript can hand to the addon, and values that are no memory at all.
import { Buffer } from 'node:buffer';
import { float16Array, growable, resizable, webAssemblyMemory } from './new-buffers.mjs';

class OwnBytes extends Uint8Array {}
const PAGE = 4_096;

/** @typedef {import('./random.mjs').Random} Random */

/** @type {Record<string, (size: number, random: Random) => Uint8Array>} every kind that can hold `size` bytes */
const KINDS = {
  heap: (size) => new Uint8Array(size),
  buffer: (size) => Buffer.allocUnsafeSlow(size),
  slice: (size, random) => {
    const before = random.below(70);
    return new Uint8Array(before + size + random.below(70)).subarray(before, before + size);
  },
  pooled: (size) => Buffer.from('s'.repeat(size)),
  subclass: (size) => new OwnBytes(size),
  liar: (size) => Object.defineProperty(new Uint8Array(size), 'length', { get: runsCode }),
  renamed: (size) => Object.defineProperty(new Uint8Array(size), Symbol.toStringTag, { value: 'Int8Array' }),
  unrooted: (size) => Object.setPrototypeOf(new Uint8Array(size), null),
  shared: (size) => new Uint8Array(new SharedArrayBuffer(size + 3), 3, size),
  growable: (size) => {
    const shared = growable(size, size + PAGE);
    const view = new Uint8Array(shared);
    if (size % 2 === 0) shared.grow(size + 10);
    return size % 2 === 0 ? new Uint8Array(shared, 10) : view;
  },
  tracking: (size) => {
    const buffer = resizable(size + PAGE, size + 2 * PAGE);
    const view = new Uint8Array(buffer);
    buffer.resize(size);
    return view;
  },
  // The pages behind the last one of a resizable buffer cannot be touched.
  atTheEdge: (size) => {
    const pages = Math.ceil((size + 1) / PAGE) * PAGE;
    return new Uint8Array(resizable(pages, pages + 4 * PAGE), pages - size, size);
  },
  webAssembly: (size, random) => {
    const buffer = webAssemblyMemory(Math.ceil((size + 1) / 65_536));
    const from = random.chance(0.5) ? buffer.byteLength - size : 0;
    return new Uint8Array(buffer, from, size);
  },
};

/** @type {readonly ((size: number) => unknown)[]} values that are not bytes, or that have become empty */
const WRONG = [
  (size) => detached(size),
  (size) => outOfBounds(size),
  (size) => new Uint8ClampedArray(size),
  (size) => new Int8Array(size),
  (size) => new Uint16Array(size),
  (size) => new Float64Array(size),
  (size) => new BigUint64Array(size),
  float16Array,
  (size) => new DataView(new ArrayBuffer(size)),
  (size) => new ArrayBuffer(size),
  (size) => new SharedArrayBuffer(size),
  (size) => new Proxy(new Uint8Array(size), {}),
  () => Object.create(Uint8Array.prototype),
  (size) => ({ length: size, byteLength: size, byteOffset: 0, buffer: new ArrayBuffer(size) }),
  (size) => Array.from({ length: Math.min(size, 9) }),
  (size) => 'x'.repeat(Math.min(size, 9)),
  () => Symbol('bytes'),
  () => undefined,
  () => null,
  () => 7,
  () => () => {},
];

/** @param {number} size @param {Random} random @returns {Uint8Array} filled at random */
export function memory(size, random) {
  const view = random.pick(Object.values(KINDS))(size, random);
  random.fill(view);
  return view;
}

/** @param {number} size @param {Random} random @returns {unknown} */
export function notMemory(size, random) {
  return random.pick(WRONG)(size);
}

/** Values that are not numbers, numbers that are not valid here, and numbers that are too large by one. */
export const WRONG_NUMBERS = [
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 32,
  2 ** 31,
  2 ** 30 + 1,
  2 ** 53,
  2 ** 64,
  -(2 ** 31),
  Number.MIN_VALUE,
  '0',
  0n,
  null,
  undefined,
  true,
  [],
  Symbol('number'),
  { valueOf: runsCode },
  new Number(0),
];

/** @returns {never} */
function runsCode() {
  throw new Error('the addon ran code of its caller');
}

/** @param {number} size */
function detached(size) {
  const view = new Uint8Array(size);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

/** @param {number} size */
function outOfBounds(size) {
  const buffer = resizable(size + PAGE, size + PAGE);
  const view = new Uint8Array(buffer, PAGE, size);
  buffer.resize(PAGE - 1);
  return view;
}
