import { afterEach, describe, expect, it } from 'vitest';
import { readOptions } from '../src/options.js';

interface Options {
  readonly size?: number | undefined;
  readonly encryptionContext?: object | undefined;
}
const NAMES = { size: true, encryptionContext: true } as const;
const read = (options: unknown) => readOptions<Options>('it()', options, NAMES);
const refused = (message: RegExp) =>
  expect.objectContaining({
    name: 'TypeError',
    code: 'ERR_SEALPIPE_OPTIONS',
    message: expect.stringMatching(message),
  });

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, 'size');
  Reflect.deleteProperty(Object.prototype, 'polluted');
});

describe('options', () => {
  it.each([
    [{ context: {} }, /^it\(\) knows no option "context"\. Did you mean "encryptionContext"\?$/],
    [{ Size: 1 }, /"Size"\. Did you mean "size"/],
    [{ encryption_context: 1 }, /Did you mean "encryptionContext"/],
    [{ colour: undefined }, /"colour"\. It takes size, encryptionContext$/],
    [['a'], /knows no option "0"/],
    [JSON.parse('{"__proto__": 1}'), /knows no option "__proto__"/],
    [Object.create({ context: {} }), /knows no option "context"/],
    [{ ['x\u202e"'.repeat(100)]: 1 }, /^it\(\) knows no option "x\\u\{202e\}\\"x.{0,3000}…"\. It takes/],
    [undefined, /takes an object of options/],
    [null, /takes an object of options/],
    ['size', /takes an object of options/],
    [() => undefined, /takes an object of options/],
  ])('are refused: case %#', (options, message) => expect(() => read(options)).toThrow(refused(message)));

  it('that are undefined are not given', () => {
    expect(read({ size: undefined })).toEqual({});
    expect('size' in read({ size: undefined })).toBe(false);
    expect(read({ size: 0, encryptionContext: undefined })).toEqual({ size: 0 });
    expect(read(Object.assign(Object.create({ size: 7 }), { size: undefined }))).toEqual({});
  });

  it('are read once each, from a getter, a class, an object of defaults or a proxy', () => {
    let reads = 0;
    const counted = {
      get size() {
        reads += 1;
        return reads;
      },
    };
    class Given {
      readonly encryptionContext = {};
      get size() {
        reads += 1;
        return reads;
      }
      unrelated(): void {}
    }
    const lazy = new Proxy({}, { get: (_, name) => (name === 'size' ? ++reads : undefined) });
    for (const options of [counted, new Given(), Object.create(counted), new Proxy(counted, {}), lazy]) {
      reads = 0;
      expect(read(options).size).toBe(1);
      expect(reads).toBe(1);
    }
  });

  it('are taken from an object without a prototype, and from one that inherits from such', () => {
    const bare = Object.assign(Object.create(null), { size: 3 });
    expect(read(bare)).toEqual({ size: 3 });
    expect(read(Object.create(bare))).toEqual({ size: 3 });
  });

  it('are not taken from Object.prototype, and what is there by accident stops nothing', () => {
    Object.assign(Object.prototype, { size: 9, polluted: true });
    expect(Object.hasOwn(read({}), 'size')).toBe(false);
    expect(Object.entries(read({ size: 4 }))).toEqual([['size', 4]]);
  });

  it('pass on what a getter throws', () => {
    const broken = {
      get size(): number {
        throw new Error('broken');
      },
    };
    expect(() => read(broken)).toThrow('broken');
  });
});
