import { describe, expect, it } from 'vitest';
import { codeOf, failure } from '../../reference/failure.js';
import type { NativeCipher } from './addon-here.js';
import { frameCipherClass, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';

const AAD = Buffer.from('associated data');
const ARGUMENTS = ['AES-256-GCM', someBytes(32, 7), someBytes(12, 200)] as const;
const BYTES = Buffer.alloc(24);
const OUT = Buffer.alloc(64);
/** Every method, with arguments that are right on a cipher. */
const CALLS: Readonly<Record<keyof NativeCipher, readonly unknown[]>> = {
  seal: [0, AAD, BYTES, OUT, 0],
  open: [0, AAD, BYTES, OUT, 0],
  sealFrames: [0, AAD, 16, Buffer.alloc(8), BYTES, OUT, 0],
  openFrames: [0, AAD, 16, Buffer.alloc(8), BYTES, OUT, 0],
  startSeal: [0, AAD],
  startOpen: [0, AAD],
  update: [BYTES, 0, 24, OUT, 0],
  finishSeal: [BYTES, 0, 24, OUT, 0],
  finishOpen: [BYTES, 0, 24, OUT, 0],
  openAcross: [BYTES, 20, OUT, 0, 1, AAD, Buffer.alloc(8)],
  wipe: [],
};
const METHODS = Object.keys(CALLS) as (keyof NativeCipher)[];

needsAddon();

const seals = (cipher: NativeCipher): boolean => {
  const out = Buffer.alloc(20);
  cipher.seal(1, AAD, Buffer.from('text'), out, 0);
  return out.equals(sealedByNode('AES-256-GCM', 1, AAD, Buffer.from('text')));
};

describe.each(METHODS)('%s of the addon, called on what is no cipher,', (method) => {
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a number', () => 1],
    ['an object', () => ({})],
    ['bytes', () => new Uint8Array(64)],
    ['the prototype', () => frameCipherClass().prototype],
    ['the class', () => frameCipherClass()],
    ['an object that inherits from a cipher', () => Object.create(nativeCipher())],
    ['an object with the prototype of one', () => Object.create(frameCipherClass().prototype)],
    ['a Proxy of a cipher', () => new Proxy(nativeCipher(), {})],
  ])('%s, throws', (_, receiver) => {
    const error = failure(() => Reflect.apply(nativeCipher()[method], receiver(), CALLS[method]));
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
  });
});

describe('a cipher of the addon', () => {
  it('is not made without new, nor once more of one that is there', () => {
    const FrameCipher = frameCipherClass();
    const apply = (receiver: unknown) => Reflect.apply(FrameCipher, receiver, ARGUMENTS);
    expect(codeOf(() => apply(undefined))).toBe('ERR_SEALPIPE_OPTIONS');
    expect(codeOf(() => apply(nativeCipher()))).toBe('ERR_SEALPIPE_OPTIONS');
  });

  it('can be of a class that extends it, frozen, or given another prototype', () => {
    const FrameCipher = frameCipherClass();
    class Derived extends FrameCipher {}
    class Other {}
    expect(seals(new Derived(...ARGUMENTS))).toBe(true);
    expect(seals(Object.freeze(new FrameCipher(...ARGUMENTS)))).toBe(true);
    const other = Reflect.construct(FrameCipher, ARGUMENTS, Other);
    expect(seals(Object.setPrototypeOf(other, FrameCipher.prototype))).toBe(true);
  });

  it('stays whole where a class calls its constructor twice', () => {
    const reached: boolean[] = [];
    const look = (cipher: NativeCipher) => reached.push(seals(cipher));
    // As text: neither the compiler nor the linter lets a class do this.
    const body = 'super(...args); look(this); super(...args);';
    const define = new Function(
      'Base',
      'args',
      'look',
      `return class extends Base { constructor() { ${body} } }`,
    );
    const Twice = define(frameCipherClass(), ARGUMENTS, look);
    expect(() => new Twice()).toThrow(ReferenceError);
    expect(reached).toEqual([true]);
  });

  it('does nothing more once it is wiped, which can be done again', () => {
    const cipher = nativeCipher();
    expect(seals(cipher)).toBe(true);
    cipher.wipe();
    cipher.wipe();
    Reflect.apply(cipher.wipe, cipher, ['more', {}]);
    OUT.fill(0xa5);
    for (const method of METHODS.filter((name) => name !== 'wipe')) {
      const error = failure(() => Reflect.apply(cipher[method], cipher, CALLS[method]));
      expect(error.message).toContain('wiped');
    }
    expect(OUT.every((byte) => byte === 0xa5)).toBe(true);
  });

  it('keeps no hold of the key and the nonce that it was given', () => {
    const [suite, key, nonce] = [ARGUMENTS[0], Buffer.from(ARGUMENTS[1]), Buffer.from(ARGUMENTS[2])];
    const cipher = new (frameCipherClass())(suite, key, nonce);
    key.fill(0);
    nonce.fill(0);
    expect(seals(cipher)).toBe(true);
  });
});
