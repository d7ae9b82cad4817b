const runsCode = (): never => {
  throw new Error('code of the caller was run');
};

/** What is no whole number of the addon's, by name. */
export const WRONG_NUMBERS: readonly [string, unknown][] = [
  ['a negative number', -1],
  ['a fraction', 0.5],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['2^32', 2 ** 32],
  ['2^53', 2 ** 53],
  ['2^64', 2 ** 64],
  ['a bigint', 0n],
  ['a string', '0'],
  ['nothing', undefined],
  ['null', null],
  ['a boolean', true],
  ['a symbol', Symbol('zero')],
  ['an object with valueOf', { valueOf: runsCode, toString: runsCode }],
  ['a Number object', Object(0)],
];

/** What is no Uint8Array, by name. */
export const WRONG_BYTES: readonly [string, unknown][] = [
  ['a string', 'bytes'],
  ['an array', [1, 2, 3]],
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an ArrayBuffer', new ArrayBuffer(64)],
  ['a SharedArrayBuffer', new SharedArrayBuffer(64)],
  ['a DataView', new DataView(new ArrayBuffer(64))],
  ['an Int8Array', new Int8Array(64)],
  ['a Uint8ClampedArray', new Uint8ClampedArray(64)],
  ['a Uint16Array', new Uint16Array(64)],
  ['a Float64Array', new Float64Array(64)],
  ['a BigUint64Array', new BigUint64Array(64)],
  ['a Proxy of bytes', new Proxy(new Uint8Array(64), { get: runsCode })],
  ['an object with the prototype of bytes', Object.create(Uint8Array.prototype)],
  ['an object like bytes', { length: 64, byteLength: 64, byteOffset: 0, buffer: new ArrayBuffer(64) }],
];
