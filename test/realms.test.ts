import { describe, expect, it } from 'vitest';
import { isAbortSignal, isBytes, isError } from '../src/realms.js';
import { foreignBytes, foreignError, StandInController } from './support/realm.js';

describe('bytes', () => {
  it.each([
    ['a Uint8Array', new Uint8Array(3)],
    ['a Buffer', Buffer.alloc(0)],
    ['a Uint8Array of another realm', foreignBytes(Buffer.of(1))],
  ])('are known in %s', (_, value) => expect(isBytes(value)).toBe(true));

  it.each([
    ['an array', [1]],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['other numbers', new Uint16Array(2)],
    ['clamped ones', new Uint8ClampedArray(2)],
    ['what says that it is one', { [Symbol.toStringTag]: 'Uint8Array', length: 1, constructor: Uint8Array }],
    ['what inherits from one', Object.create(new Uint8Array(1))],
    ['nothing', null],
  ])('are not %s', (_, value) => expect(isBytes(value)).toBe(false));
});

describe('an error', () => {
  it.each([
    ['an Error', new RangeError('x')],
    ['a DOMException', new DOMException('x', 'AbortError')],
    ['one of another realm', foreignError('x')],
    ['what has the shape of one', { name: 'AbortError', message: 'x' }],
  ])('is known in %s', (_, value) => expect(isError(value)).toBe(true));

  it.each([
    ['text', 'x'],
    ['nothing', null],
    ['an object', {}],
    ['a function', () => {}],
    ['a message alone', { message: 'x' }],
  ])('is not %s', (_, value) => expect(isError(value)).toBe(false));
});

describe('an AbortSignal', () => {
  it.each([
    ["Node's own", new AbortController().signal],
    ['an aborted one', AbortSignal.abort()],
    ['one of a test environment', new StandInController().signal],
  ])('is known in %s', (_, value) => expect(isAbortSignal(value)).toBe(true));

  it.each([
    ['its controller', new AbortController()],
    ['another EventTarget', new EventTarget()],
    ['a flag', { aborted: false }],
    ['nothing', null],
  ])('is not %s', (_, value) => expect(isAbortSignal(value)).toBe(false));
});
