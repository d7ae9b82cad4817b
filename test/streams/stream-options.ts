import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { keys } from '../support/test-keys.js';

/** An option's name, a value as text, the options that hold it, and the class of the error. */
export type Refusal = readonly [name: string, shown: string, options: object, kind: ErrorConstructor];

/** Values that an option does not take. */
export function refusals(name: string, kind: ErrorConstructor, values: readonly unknown[]): Refusal[] {
  return values.map((value) => [name, shown(value), { [name]: value }, kind] as const);
}

/** What both directions refuse. */
export function describeStreamOptions(what: string, create: (options: never) => Duplex): void {
  const make = (options: unknown) => create(options as never);

  describe(`${what}, as a stream,`, () => {
    it.each([
      ...refusals('engine', TypeError, ['Node', 'openssl', '', 1, null]),
      ...refusals('signal', TypeError, [{}, 'x', null, new AbortController(), new EventTarget()]),
      ...refusals('keys', TypeError, [
        undefined,
        null,
        [],
        {},
        'key',
        [keys, null],
        [[keys]],
        { ...keys, id: 'x' },
      ]),
      ...refusals('keys', RangeError, [Array(33).fill(keys)]),
      ...refusals('readableHighWaterMark', TypeError, ['1', null, 1n]),
      ...refusals('readableHighWaterMark', RangeError, [-1, 0.5, NaN, Infinity]),
      ...refusals('writableHighWaterMark', TypeError, ['1', null, 1n]),
      ...refusals('writableHighWaterMark', RangeError, [-1, 0.5, NaN, Infinity]),
    ])('refuses %s: %s', (name, _, options, kind) => {
      const refusal = expect.objectContaining({ name: kind.name, code: 'ERR_SEALPIPE_OPTIONS' });
      expect(() => make({ keys, ...options })).toThrow(refusal);
      expect(() => make({ keys, ...options })).toThrow(`\`${name}\``);
    });

    it.each([undefined, null, 1, 'options'])('refuses %s for options', (options) => {
      const refusal = expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
      expect(() => make(options)).toThrow(refusal);
    });

    it('takes undefined for whatever may be left out', () => {
      const names = [
        'engine',
        'signal',
        'readableHighWaterMark',
        'writableHighWaterMark',
        'encryptionContext',
      ];
      const stream = make({ keys, ...Object.fromEntries(names.map((name) => [name, undefined])) });
      expect([stream.readableHighWaterMark, stream.writableHighWaterMark]).toEqual([65_536, 65_536]);
      stream.destroy();
    });

    it('takes high-water marks', () => {
      const stream = make({ keys, readableHighWaterMark: 5, writableHighWaterMark: 7 });
      expect([stream.readableHighWaterMark, stream.writableHighWaterMark]).toEqual([5, 7]);
      stream.destroy();
    });
  });
}

function shown(value: unknown): string {
  return inspect(value, { compact: true, breakLength: Infinity, maxStringLength: 20, depth: 1 }).slice(0, 80);
}
