import { describe, expect, it } from 'vitest';
import { float16Array } from '../../../scripts/fuzz-native/new-buffers.mjs';
import { codeOf } from '../../reference/failure.js';
import type { NativeCipher } from './addon-here.js';
import { frameCipherClass, nativeCipher, needsAddon } from './addon-here.js';
import { WRONG_BYTES, WRONG_NUMBERS } from './wrong-values.js';

const MEMORY = Buffer.alloc(200, 0xa5);
/** A method with right arguments: in each test one of them is wrong. */
interface Call {
  readonly right: readonly unknown[];
  /** What a cipher does before. */
  readonly before?: (cipher: NativeCipher) => void;
  /** Bytes that the call writes. */
  readonly writes: number;
  /** The place of the output, with its offset behind it: the last two unless told. */
  readonly out?: number;
  /** Lengths that the input in a place cannot have beside the other right arguments. A frame can be sealed of any. */
  readonly impossible?: readonly (readonly [place: number, lengths: readonly number[]])[];
}
const AAD = Buffer.alloc(5);
const CALLS: Readonly<Record<Exclude<keyof NativeCipher, 'wipe'>, Call>> = {
  seal: { right: [0, AAD, Buffer.alloc(32), MEMORY, 0], writes: 48 },
  open: { right: [0, AAD, Buffer.alloc(48), MEMORY, 0], writes: 32, impossible: [[2, [0, 1, 15]]] },
  sealFrames: {
    right: [0, AAD, 16, Buffer.alloc(5), Buffer.alloc(27), MEMORY, 0],
    writes: 64,
    impossible: [
      [3, [0, 4, 6, 15, 16, 17, 21, 37]],
      [4, [0, 1, 15, 16, 28]],
    ],
  },
  openFrames: {
    right: [0, AAD, 16, Buffer.alloc(18), Buffer.alloc(46), MEMORY, 0],
    writes: 32,
    impossible: [
      [3, [0, 17, 19, 31, 32, 33, 50, 82]],
      [4, [0, 1, 15, 16, 32, 47]],
    ],
  },
  startSeal: { right: [0, AAD], writes: 0 },
  startOpen: { right: [0, AAD], writes: 0 },
  update: {
    right: [Buffer.alloc(40), 3, 35, MEMORY, 0],
    before: (cipher) => cipher.startSeal(0, AAD),
    writes: 32,
    impossible: [[0, [0, 2, 3, 34]]],
  },
  finishSeal: {
    right: [Buffer.alloc(40), 3, 35, MEMORY, 0],
    before: (cipher) => cipher.startSeal(0, AAD),
    writes: 48,
    impossible: [[0, [0, 2, 3, 34]]],
  },
  finishOpen: {
    right: [Buffer.alloc(60), 3, 51, MEMORY, 0],
    before: (cipher) => cipher.startOpen(0, AAD),
    writes: 32,
    impossible: [[0, [0, 2, 3, 50]]],
  },
  openAcross: {
    right: [Buffer.alloc(80), 50, MEMORY, 0, 1, AAD, Buffer.alloc(64)],
    before: (cipher) => cipher.startOpen(0, AAD),
    writes: 34,
    out: 2,
    impossible: [
      [0, [0, 1, 49, 131]],
      [6, [0, 1, 13]],
    ],
  },
};
const METHODS = Object.keys(CALLS) as (keyof typeof CALLS)[];
const PIECES = ['update', 'finishSeal', 'finishOpen'] as const;

needsAddon();

/** Calls a method as its table says, with these arguments. */
function callOf(method: keyof typeof CALLS): (args: readonly unknown[]) => unknown {
  return (args) => {
    const cipher = nativeCipher();
    CALLS[method].before?.(cipher);
    return Reflect.apply(cipher[method], cipher, args);
  };
}

describe.each(METHODS)('%s of the addon', (method) => {
  const { right, impossible = [] } = CALLS[method];
  const call = callOf(method);
  const places = (type: 'number' | 'object'): number[] =>
    right.flatMap((argument, place) => (typeof argument === type ? [place] : []));

  it('takes right arguments, and further ones', () => {
    expect(() => call(right)).not.toThrow();
    expect(() => call([...right, 'more', Symbol('more')])).not.toThrow();
  });

  it.each(WRONG_NUMBERS)('refuses %s in the place of any number', (_, wrong) => {
    for (const place of places('number')) refusedWithout(call, right.with(place, wrong));
  });

  it.each(WRONG_BYTES)('refuses %s in the place of any bytes', (_, wrong) => {
    for (const place of places('object')) refusedWithout(call, right.with(place, wrong));
  });

  it('refuses a Float16Array, where there are such', () => {
    const wrong = float16Array(64);
    for (const place of places('object')) refusedWithout(call, right.with(place, wrong));
  });

  it('refuses too few arguments', () => {
    for (let count = 0; count < right.length; count++) refusedWithout(call, right.slice(0, count));
  });

  it('refuses an input of no possible length', () => {
    for (const [place, lengths] of impossible) {
      for (const length of lengths) refusedWithout(call, right.with(place, new Uint8Array(length)));
    }
  });
});

describe.each(METHODS.filter((method) => CALLS[method].writes > 0))('%s of the addon', (method) => {
  it('refuses an output that is too short by one byte, by its length and by the offset', () => {
    const { right, writes, out: place = right.length - 2 } = CALLS[method];
    const call = callOf(method);
    const into = (out: Uint8Array, offset: number) => right.with(place, out).with(place + 1, offset);
    expect(() => call(into(new Uint8Array(writes), 0))).not.toThrow();
    expect(() => call(into(new Uint8Array(writes + 7), 7))).not.toThrow();
    refusedWithout(call, into(new Uint8Array(writes - 1), 0));
    refusedWithout(call, into(new Uint8Array(writes + 7), 8));
    refusedWithout(call, into(new Uint8Array(writes), 2 ** 30));
    refusedWithout(call, into(new Uint8Array(0), 0));
  });
});

describe.each(PIECES)('%s of the addon', (method) => {
  const call = callOf(method);
  const of = (from: number, to: number) => [Buffer.alloc(60), from, to, MEMORY, 0];

  it('takes a piece that ends where its chunk does', () => {
    expect(() => call(of(0, 60))).not.toThrow();
    expect(() => call(of(44, 60))).not.toThrow();
  });

  it.each([
    [0, 61],
    [44, 61],
    [61, 61],
    [61, 77],
    [60, 76],
    [40, 20],
    [1, 0],
    [2 ** 30, 2 ** 30 + 16],
    [0, 2 ** 31],
    [0, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('refuses a piece of 60 bytes that goes from %i to %i', (from, to) => refusedWithout(call, of(from, to)));
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
