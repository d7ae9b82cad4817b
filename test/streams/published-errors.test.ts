import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { QUOTINGS } from '../conformance/quotings.js';
import { pathsTo } from '../conformance/secret-search.js';
import { altered } from '../support/altered-provider.js';
import { outcome } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys, strangers } from '../support/test-keys.js';

expectQuietProcess();

const SECRET = 'marker of the plaintext 4711';
const heard: { error?: unknown }[] = [];
const hear = (message: unknown) => void heard.push({ ...(message as object) });
const nothing = () => undefined;
const listeners = { start: nothing, end: nothing, asyncStart: nothing, asyncEnd: nothing, error: hear };
const errors = () => heard.flatMap(({ error }) => (error === undefined ? [] : [error]));

beforeEach(() => {
  heard.length = 0;
  subscribe('sealpipe:stream', hear);
  tracingChannel('sealpipe:key').subscribe(listeners);
});
afterEach(() => {
  unsubscribe('sealpipe:stream', hear);
  tracingChannel('sealpipe:key').unsubscribe(listeners);
});

const failing = (error: unknown) =>
  altered(keys, { generate: () => Promise.reject(error), unwrap: () => Promise.reject(error) });
const rejection = (promise: Promise<unknown>) => promise.then(nothing, (error: unknown) => error);

describe('an error on the diagnostics channels', () => {
  it.each(QUOTINGS)(
    'of a key provider that quotes as %s shows none of it, and its caller has it',
    async (_, quote) => {
      const thrown = Object.assign(new TypeError(quote(SECRET)), {
        code: 'ECONNRESET',
        [quote(SECRET)]: SECRET,
      });
      const error = (await rejection(encrypt('x', { keys: failing(thrown) }))) as Error;
      expect(error.cause).toBe(thrown);
      expect(errors()).toMatchObject([
        { name: 'TypeError', code: 'ECONNRESET', message: '[redacted]' },
        { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', cause: { name: 'TypeError', code: 'ECONNRESET' } },
      ]);
      expect(pathsTo(heard, quote(SECRET))).toEqual([]);
    },
  );

  it('of a source, of confirm and of an abort shows what it is, and not what it says', async () => {
    const source = Object.assign(new Error(`ENOENT: ${SECRET}`), {
      code: 'ENOENT',
      syscall: 'open',
      path: SECRET,
    });
    const stream = createEncryptStream({ keys });
    setImmediate(() => stream.destroy(source));
    expect((await outcome(stream)).error).toBe(source);
    await rejection(encrypt('x', { keys, confirm: () => Promise.reject(new Error(SECRET)) }));
    await rejection(encrypt('x', { keys, signal: AbortSignal.abort(SECRET) }));
    expect(errors()).toMatchObject([
      { code: 'ENOENT', syscall: 'open', message: '[redacted]' },
      { code: 'ERR_SEALPIPE_CONFIRM', cause: { message: '[redacted]' } },
      { name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted' },
    ]);
    expect(pathsTo(heard, SECRET)).toEqual([]);
  });

  it('of this library is the very error that its caller gets', async () => {
    const error = await rejection(decrypt(await encrypt('x', { keys }), { keys: strangers }));
    expect(errors()).toEqual([error]);
    expect(errors()[0]).toBe(error);
  });

  it('keeps code and words of a SealpipeError, and nothing that was hung on it', async () => {
    const details = { cause: new Error(SECRET), retryable: true };
    const denied = new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'The vault is sealed', details);
    await rejection(encrypt('x', { keys: failing(Object.assign(denied, { request: SECRET })) }));
    const seen = { code: 'ERR_SEALPIPE_KEY_DENIED', message: 'The vault is sealed', retryable: true };
    expect(errors()).toMatchObject([seen, seen]);
    expect(errors()[0]).toBeInstanceOf(SealpipeError);
    expect(pathsTo(heard, SECRET)).toEqual([]);
  });

  it('is told whatever it is', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const thrown of [null, undefined, Symbol(SECRET), proxy, { code: 'ERR_SEALPIPE_X', cause: proxy }]) {
      const error = await rejection(encrypt('x', { keys: failing(thrown) }));
      expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
    }
    expect(heard).toHaveLength(10);
  });
});
