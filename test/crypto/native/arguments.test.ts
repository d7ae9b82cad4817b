import { describe, expect, it } from 'vitest';
import { float16Array } from '../../../scripts/fuzz-native/new-buffers.mjs';
import { codeOf } from '../../reference/failure.js';
import { frameCipherClass, nativeCipher, needsAddon } from './addon-here.js';

const MEMORY = Buffer.alloc(200, 0xa5);
/** Right arguments: in each test one of them is wrong. */
const RIGHT: Readonly<Record<'seal' | 'open' | 'sealFrames' | 'openFrames', readonly unknown[]>> = {
  seal: [0, Buffer.alloc(5), Buffer.alloc(32), MEMORY, 0],
  open: [0, Buffer.alloc(5), Buffer.alloc(48), MEMORY, 0],
  sealFrames: [0, Buffer.alloc(5), 16, Buffer.alloc(5), Buffer.alloc(27), MEMORY, 0],
  openFrames: [0, Buffer.alloc(5), 16, Buffer.alloc(18), Buffer.alloc(46), MEMORY, 0],
};
/** Lengths that the input in a place cannot have beside the other right arguments. A frame can be sealed of any. */
const IMPOSSIBLE: Readonly<Record<keyof typeof RIGHT, readonly (readonly [number, readonly number[]])[]>> = {
  seal: [],
  open: [[2, [0, 1, 15]]],
  sealFrames: [
    [3, [0, 4, 6, 15, 16, 17, 21, 37]],
    [4, [0, 1, 15, 16, 28]],
  ],
  openFrames: [
    [3, [0, 17, 19, 31, 32, 33, 50, 82]],
    [4, [0, 1, 15, 16, 32, 47]],
  ],
};
const METHODS = Object.keys(RIGHT) as (keyof typeof RIGHT)[];

const runsCode = (): never => {
  throw new Error('code of the caller was run');
};

const WRONG_NUMBERS: readonly [string, unknown][] = [
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

const WRONG_BYTES: readonly [string, unknown][] = [
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

needsAddon();

describe.each(METHODS)('%s of the addon', (method) => {
  const call = (args: readonly unknown[]): unknown =>
    Reflect.apply(nativeCipher()[method], nativeCipher(), args);
  const places = (type: 'number' | 'object'): number[] =>
    RIGHT[method].flatMap((argument, place) => (typeof argument === type ? [place] : []));

  it('takes right arguments, and further ones', () => {
    expect(() => call(RIGHT[method])).not.toThrow();
    expect(() => call([...RIGHT[method], 'more', Symbol('more')])).not.toThrow();
  });

  it.each(WRONG_NUMBERS)('refuses %s in the place of any number', (_, wrong) => {
    for (const place of places('number')) refusedWithout(call, RIGHT[method].with(place, wrong));
  });

  it.each(WRONG_BYTES)('refuses %s in the place of any bytes', (_, wrong) => {
    for (const place of places('object')) refusedWithout(call, RIGHT[method].with(place, wrong));
  });

  it('refuses a Float16Array, where there are such', () => {
    const wrong = float16Array(64);
    for (const place of places('object')) refusedWithout(call, RIGHT[method].with(place, wrong));
  });

  it('refuses too few arguments', () => {
    for (let count = 0; count < RIGHT[method].length; count++) {
      refusedWithout(call, RIGHT[method].slice(0, count));
    }
  });

  it('refuses an output that is too short by one byte, by its length and by the offset', () => {
    const size = { seal: 48, open: 32, sealFrames: 64, openFrames: 32 }[method];
    const end = RIGHT[method].length;
    const into = (out: Uint8Array, offset: number) => [...RIGHT[method].slice(0, end - 2), out, offset];
    expect(() => call(into(new Uint8Array(size), 0))).not.toThrow();
    expect(() => call(into(new Uint8Array(size + 7), 7))).not.toThrow();
    refusedWithout(call, into(new Uint8Array(size - 1), 0));
    refusedWithout(call, into(new Uint8Array(size + 7), 8));
    refusedWithout(call, into(new Uint8Array(size), 2 ** 30));
    refusedWithout(call, into(new Uint8Array(0), 0));
  });

  it('refuses an input of no possible length', () => {
    for (const [place, lengths] of IMPOSSIBLE[method]) {
      for (const length of lengths) refusedWithout(call, RIGHT[method].with(place, new Uint8Array(length)));
    }
  });
});

describe('the constructor of the addon', () => {
  const make = (args: readonly unknown[]): unknown => Reflect.construct(frameCipherClass(), args);
  const right = ['AES-256-GCM', new Uint8Array(32), new Uint8Array(12)];

  it.each([
    ...WRONG_BYTES,
    ...[0, 11, 13, 16, 31, 33].map((n) => [`${n} bytes`, new Uint8Array(n)] as const),
  ])('refuses %s as key and as nonce', (_, wrong) => {
    refusedWithout(make, right.with(1, wrong as Uint8Array<ArrayBuffer>));
    refusedWithout(make, right.with(2, wrong as Uint8Array<ArrayBuffer>));
  });

  it.each(['', 'aes-256-gcm', 'AES-256-GCM\0', 'AES-256-GCM\0x', 'SM4-GCM', 'A'.repeat(10_000)])(
    'refuses the suite %j',
    (suite) => refusedWithout(make, right.with(0, suite)),
  );

  it('refuses a key of another suite', () => refusedWithout(make, right.with(0, 'AES-128-GCM')));
});

/** The call throws, as one of ours, and nothing was written. */
function refusedWithout(call: (args: readonly unknown[]) => unknown, args: readonly unknown[]): void {
  MEMORY.fill(0xa5);
  expect(codeOf(() => call(args))).toBe('ERR_SEALPIPE_OPTIONS');
  expect(MEMORY.every((byte) => byte === 0xa5)).toBe(true);
}
