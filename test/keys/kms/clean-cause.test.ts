import { DisabledException } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { cleanCause } from '../../../src/keys/kms/clean-cause.js';
import { pathsTo } from '../../conformance/secret-search.js';

const SECRET = 'a "secret" value';
const text = (error: unknown) => (error as Error).message;

/** An error as the SDK throws it. */
function sdkError(message: string, response: unknown = { headers: { token: 'session' } }): DisabledException {
  const error = new DisabledException({ message, $metadata: { httpStatusCode: 400, requestId: 'r' } });
  return Object.defineProperty(error, '$response', { value: response, enumerable: false });
}

describe('the cause of an error', () => {
  it.each([
    ['an error', new Error('no')],
    ['an error with a cause', new Error('no', { cause: new TypeError('why') })],
    ['an AggregateError', new AggregateError([new Error('a'), new Error('b')], 'all')],
    ['a string', 'no'],
    ['nothing', undefined],
    ['an object', { message: 'no' }],
  ])('stays the very same where there is nothing to hide: %s', (_, error) => {
    expect(cleanCause(error, [SECRET])).toBe(error);
    expect(cleanCause(error, [])).toBe(error);
  });

  it('loses the answer of the SDK, and keeps its class, name, message, status and stack', () => {
    const error = sdkError('no such thing');
    const cause = cleanCause(error, []) as DisabledException;
    expect(pathsTo(error, 'session')).toEqual(['.$response.headers.token']);
    expect(pathsTo(cause, 'session')).toEqual([]);
    expect(cause).toBeInstanceOf(DisabledException);
    expect(cause).toMatchObject({ name: 'DisabledException', message: 'no such thing', $fault: 'client' });
    expect(cause.$metadata).toEqual({ httpStatusCode: 400, requestId: 'r' });
    expect(cause.stack).toBe(error.stack);
    expect(Object.keys(cause)).toEqual(Object.keys(error));
  });

  it('loses what it quotes of the request, as it is and as JSON writes it', () => {
    for (const quoted of [SECRET, JSON.stringify({ a: SECRET })]) {
      const cause = cleanCause(new Error(`Value '${quoted}' at 'encryptionContext'`), ['', SECRET]);
      expect(text(cause)).toMatch(/^Value '.*\[redacted\].*' at 'encryptionContext'$/);
      expect(pathsTo(cause, 'secret')).toEqual([]);
    }
  });

  it('loses the longer of two secrets, and no parts of words', () => {
    const cause = cleanCause(new Error('42 of arn:1142:key, and 42-17 (x42)'), ['42', '42-17']);
    expect(text(cause)).toBe('[redacted] of arn:1142:key, and [redacted] (x42)');
  });

  it('takes a secret for text and not for a pattern', () => {
    expect(text(cleanCause(new Error('a.c abc [x] $& a/b'), ['a.c', '[x]', '$&', 'a/b']))).toBe(
      '[redacted] abc [redacted] [redacted] [redacted]',
    );
    const signs = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    for (const sign of [...signs, '\ud800', '\u{1f511}', '\u2028']) {
      const secret = ` ${sign}${sign} `;
      expect(text(cleanCause(new Error(`<${secret}>`), [secret]))).toBe('<[redacted]>');
    }
  });

  it('is cleaned down to the last cause, and in lists of errors', () => {
    const inner = sdkError(`it said ${SECRET}`);
    const cause = cleanCause(new Error('outer', { cause: new AggregateError([inner], 'all') }), [SECRET]);
    expect(pathsTo(cause, 'session')).toEqual([]);
    expect(pathsTo(cause, 'secret')).toEqual([]);
    const { errors } = (cause as Error).cause as AggregateError;
    expect(errors).toEqual([expect.objectContaining({ message: 'it said [redacted]' })]);
  });

  it('loses every object that is hung on it, whatever it holds', () => {
    const hung = {
      input: { context: { a: SECRET } },
      request: new URL('https://host.example'),
      headers: new Map([['token', 'session']]),
      body: Buffer.from('session'),
      retry: () => 'session',
    };
    const error = Object.assign(new Error('odd'), hung, {
      errno: -111,
      syscall: 'connect',
      odd: Symbol('x'),
    });
    const cause = cleanCause(error, []) as Error;
    expect(cause).not.toBe(error);
    expect(cause).toMatchObject({ message: 'odd', errno: -111, syscall: 'connect', odd: error.odd });
    for (const name of Object.keys(hung)) expect(cause).not.toHaveProperty(name);
  });

  it('loses a property whose name tells a secret, but none that every error has', () => {
    const error = Object.assign(new Error('no'), { [`x ${SECRET}`]: 1, [Symbol(SECRET)]: 1, code: 'E' });
    const cause = cleanCause(error, [SECRET, 'message', 'code', 'stack']) as Error;
    expect(Reflect.ownKeys(cause).sort()).toEqual(['code', 'message', 'stack']);
  });

  it('keeps of the metadata what is primitive, as it is', () => {
    const metadata = { requestId: SECRET, httpStatusCode: 400, request: { token: 'session' } };
    const error = Object.assign(new Error('no'), { $metadata: metadata });
    expect(cleanCause(error, [SECRET])).toHaveProperty('$metadata', {
      requestId: SECRET,
      httpStatusCode: 400,
    });
  });

  it('loses a secret that its name or its class says', () => {
    class Odd extends Error {
      readonly #quoted = SECRET;
      get quoted(): string {
        return this.#quoted;
      }
      override get message(): string {
        return `it said ${this.#quoted}`;
      }
    }
    const cause = cleanCause(new Odd(), [SECRET]) as Odd;
    expect(cause).toBeInstanceOf(Odd);
    expect(cause).toMatchObject({ message: 'it said [redacted]', quoted: '[redacted]' });
    const named = Object.assign(new Error('no'), { name: SECRET });
    expect(cleanCause(named, [SECRET])).toHaveProperty('name', '[redacted]');
  });

  it('may be a DOMException, and is one afterwards', () => {
    const error = new DOMException('the value of node', 'TimeoutError');
    const cause = cleanCause(error, ['node']) as DOMException;
    expect(cause).toBeInstanceOf(DOMException);
    expect(cause).toMatchObject({ name: 'TimeoutError', message: 'the value of [redacted]', code: 23 });
    expect(cause.stack).not.toContain('value of node');
    expect(cleanCause(error, ['other'])).toBe(error);
    expect(cleanCause(error, ['TimeoutError'])).toMatchObject({ code: 23 });
  });

  it('loses the causes that lie too deep', () => {
    let error = new Error('the last');
    for (let level = 0; level < 20_000; level++) error = new Error(`level ${level}`, { cause: error });
    const messages: string[] = [];
    for (let at = cleanCause(error, []); at !== undefined; at = (at as Error).cause) messages.push(text(at));
    expect(messages).toEqual(Array.from({ length: 8 }, (_, level) => `level ${19_999 - level}`));
  });

  it.each([
    ['a Buffer', Buffer.from('session'), 'What was thrown is no error and is not shown'],
    ['a function', () => 'session', 'What was thrown is no error and is not shown'],
    [
      'an instance of a class',
      Object.assign(new URL('a:b'), { message: `it said ${SECRET}`, code: 'E', token: 'session' }),
      'it said [redacted]',
    ],
    [
      'a Proxy that throws',
      new Proxy(new Error('no'), {
        ownKeys: () => {
          throw new Error('trapped');
        },
      }),
      'no',
    ],
  ])('is an error of our own where it was %s', (_, thrown, message) => {
    const cause = cleanCause(thrown, [SECRET]);
    expect(Object.getPrototypeOf(cause)).toBe(Error.prototype);
    expect(cause).toHaveProperty('message', message);
    expect(pathsTo(cause, 'session')).toEqual([]);
  });

  it('keeps its name and code, by which it is told from others, whatever the context says', () => {
    const error = Object.assign(sdkError('no'), { code: 'ECONNRESET' });
    expect(cleanCause(error, ['DisabledException', 'ECONNRESET'])).toMatchObject({
      name: 'DisabledException',
      code: 'ECONNRESET',
    });
  });

  it('may be its own cause', () => {
    const error = sdkError('round');
    Object.assign(error, { cause: error });
    const cause = cleanCause(error, []) as Error;
    expect(pathsTo(cause, 'session')).toEqual([]);
    expect(cause.cause).toBe(cause);
    const plain = Object.assign(new Error('round'), { cause: undefined as unknown });
    plain.cause = plain;
    expect(cleanCause(plain, [SECRET])).toBe(plain);
  });

  it('may have a property that throws', () => {
    const error = Object.defineProperty(sdkError('odd'), 'trap', {
      get: () => {
        throw new Error('trapped');
      },
      enumerable: true,
    });
    const cause = cleanCause(error, []);
    expect(cause).toHaveProperty('message', 'odd');
    expect(cause).not.toHaveProperty('trap');
  });
});
