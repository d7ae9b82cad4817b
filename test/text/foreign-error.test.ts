import { describe, expect, it } from 'vitest';
import { REDACTED, shownError } from '../../src/text/foreign-error.js';
import { pathsTo, textOf } from '../conformance/secret-search.js';

const SECRET = 'marker-4711';
class VaultError extends Error {
  override readonly name = 'VaultError';
}

/** A function that counts how often anything is asked of what it watches, however deep. */
function watched<T extends object>(target: T): { readonly it: T; count: number } {
  const watch = {
    count: 0,
    it: new Proxy(target, {
      get(from, name) {
        watch.count += 1;
        return Reflect.get(from, name) as unknown;
      },
      getPrototypeOf(from) {
        watch.count += 1;
        return Reflect.getPrototypeOf(from);
      },
    }),
  };
  return watch;
}

describe('an error of other code', () => {
  it('loses its message, its stack and whatever hangs on it', () => {
    const hung = { input: { a: SECRET }, headers: new Map([['token', SECRET]]), body: Buffer.from(SECRET) };
    const error = Object.assign(new Error(`it said ${SECRET}`, { cause: SECRET }), hung, { [SECRET]: 1 });
    const shown = shownError(error);
    expect(pathsTo(shown, SECRET)).toEqual([]);
    expect(textOf(shown)).not.toContain(SECRET);
    expect(shown).toMatchObject({ name: 'Error', message: REDACTED, stack: `Error: ${REDACTED}` });
    expect(Reflect.ownKeys(shown).sort()).toEqual(['cause', 'message', 'stack']);
  });

  it('keeps the name of its class, and no name that it was merely given', () => {
    expect(shownError(new VaultError(SECRET))).toMatchObject({ name: 'VaultError', message: REDACTED });
    expect(shownError(Object.assign(new VaultError('x'), { name: SECRET })).name).toBe('VaultError');
    expect(shownError(Object.assign(new Error('x'), { name: 'MarkerError' })).name).toBe('Error');
    expect(shownError(Object.assign(new Error('x'), { name: 'AbortError' })).name).toBe('AbortError');
    expect(shownError(new DOMException(SECRET, 'TimeoutError'))).toMatchObject({
      name: 'TimeoutError',
      code: 23,
    });
  });

  it('keeps what a failed connection tells of itself', () => {
    const facts = { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: '::1', port: 443 };
    expect(shownError(Object.assign(new Error('no'), facts))).toMatchObject(facts);
    const lookup = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'kms.eu-west-1.amazonaws.com' };
    expect(shownError(Object.assign(new Error('no'), lookup))).toMatchObject(lookup);
    const odd = {
      code: SECRET,
      errno: 1e9,
      syscall: SECRET,
      address: SECRET,
      hostname: SECRET,
      port: SECRET,
    };
    expect(Reflect.ownKeys(shownError(Object.assign(new Error('no'), odd))).sort()).toEqual([
      'message',
      'stack',
    ]);
  });

  it('keeps status, request id and attempts of an answer, and nothing that a body can add', () => {
    const $metadata = {
      httpStatusCode: 400,
      requestId: '0f7b5a5e-1111-4222-8333-0123456789ab',
      attempts: 3,
      totalRetryDelay: 90,
    };
    const added = { syscall: 'connect', address: '10.0.0.1', port: 4711, hostname: SECRET, errno: -111 };
    const error = Object.assign(new Error(SECRET), { $fault: 'client', code: 'ERR_MARKER', ...added });
    const shown = shownError(Object.assign(error, { $metadata: { ...$metadata, cfId: SECRET } }));
    expect(shown).toMatchObject({ $fault: 'client', $metadata });
    expect(pathsTo(shown, SECRET)).toEqual([]);
    expect(Reflect.ownKeys(shown).sort()).toEqual(['$fault', '$metadata', 'message', 'stack']);
    const numbers = { httpStatusCode: '400', requestId: SECRET, attempts: 1.5 };
    expect(shownError(Object.assign(new Error('x'), { $metadata: numbers }))).not.toHaveProperty('$metadata');
  });

  it('keeps as much of its causes and of the errors in it, and no more than sixteen', () => {
    const inner = Object.assign(new VaultError(SECRET), { code: 'ECONNRESET' });
    const shown = shownError(new TypeError(SECRET, { cause: new AggregateError([inner, inner], SECRET) }));
    expect(shown).toMatchObject({ name: 'TypeError', cause: { name: 'AggregateError' } });
    expect((shown.cause as AggregateError).errors).toMatchObject([
      { name: 'VaultError', code: 'ECONNRESET' },
    ]);
    let deep = new Error('the last');
    for (let level = 0; level < 20_000; level++) deep = new Error(`level ${level}`, { cause: deep });
    let levels = 0;
    for (let at: unknown = shownError(deep); at !== undefined; at = (at as Error).cause) levels += 1;
    expect(levels).toBe(8);
    const round = new Error('round');
    round.cause = round;
    expect(shownError(round)).not.toHaveProperty('cause');
  });

  it('may say what is admitted, by whoever knows where it comes from', () => {
    const admission = {
      name: (name: string) => name === 'OddException',
      words: (message: string) => (message.includes('Rate exceeded') ? 'too many requests' : undefined),
    };
    const error = Object.assign(new Error(`${SECRET}: Rate exceeded`), {
      name: 'OddException',
      $fault: 'client',
    });
    expect(shownError(error, admission)).toMatchObject({
      name: 'OddException',
      message: 'too many requests',
    });
    const long = Object.assign(new Error(`Rate exceeded${' '.repeat(5_000)}`), { name: 'X'.repeat(5_000) });
    expect(shownError(long, admission)).toMatchObject({ name: 'Error', message: REDACTED });
  });
});

describe('showing an error', () => {
  const trap = () => {
    throw new Error(SECRET);
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  it.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', SECRET],
    ['a symbol', Symbol(SECRET)],
    ['a function', () => SECRET],
    ['a Buffer', Buffer.from(SECRET)],
    ['a Proxy that throws', new Proxy(new Error('no'), { get: trap, ownKeys: trap, getPrototypeOf: trap })],
    ['a revoked Proxy', revoked.proxy],
    [
      'an error with a revoked list',
      { errors: revoked.proxy, cause: revoked.proxy, $metadata: revoked.proxy },
    ],
    ['accessors that throw', Object.defineProperties({}, { name: { get: trap }, message: { get: trap } })],
    ['texts that are none', { name: Object.create(null), code: Symbol(SECRET), message: 5n }],
    ['an endless list', { errors: { length: 2 ** 32 } }],
  ])('never throws, and shows nothing: %s', (_, error) => {
    const shown = shownError(error);
    expect(Object.getPrototypeOf(shown)).toBe(Error.prototype);
    expect(shown.message).toBe(REDACTED);
    expect(pathsTo(shown, SECRET)).toEqual([]);
  });

  it('never throws where what is admitted does', () => {
    expect(shownError(new Error('x'), { name: trap, words: trap }).message).toBe(REDACTED);
  });

  it('takes steps that do not grow with what it is shown', () => {
    const steps = (size: number) => {
      const watches = Array.from({ length: size }, () => watched(new Error('&'.repeat(size))));
      const errors = watched(watches.map(({ it }) => it));
      shownError(Object.assign(new Error('x'), { errors: errors.it }));
      return watches.reduce((sum, { count }) => sum + count, errors.count);
    };
    expect(steps(2_000)).toBe(steps(20));
    expect(steps(20)).toBeLessThan(400);
  });
});
