import { describe, expect, it } from 'vitest';
import { contextTypeError, SealpipeError } from '../../src/errors.js';
import { cachedKeys } from '../../src/keys/cache/cached.js';
import type { KeyProvider, KeyRequest } from '../../src/keys/provider.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys, strangers } from '../support/test-keys.js';

expectQuietProcess();

const mine = new Error('mine');
const coded = Object.assign(new Error('mine'), { code: 'ECONNRESET' });
const throwing = (error: unknown) => () => {
  throw error;
};
const rejecting = (error: unknown) => () => Promise.reject(error);

const failures: readonly [what: string, call: () => unknown, cause: unknown][] = [
  ['throws an error before it returns a promise', throwing(mine), mine],
  ['rejects with an error', rejecting(mine), mine],
  ['rejects with an error that has a code', rejecting(coded), coded],
  ['rejects with a string', rejecting('text'), 'text'],
  ['rejects with null', rejecting(null), null],
  ['rejects with nothing', rejecting(undefined), undefined],
  [
    'rejects with what only looks like one of our errors',
    rejecting({ code: 'ERR_SEALPIPE_AUTHENTICATION' }),
    { code: 'ERR_SEALPIPE_AUTHENTICATION' },
  ],
  // biome-ignore lint/suspicious/noThenProperty: a thenable that throws is what this is about
  ['answers a thenable that throws', () => ({ then: throwing(mine) }), mine],
];

describe.each(['generate', 'wrap', 'unwrap'] as const)('a provider whose %s', (method) => {
  it.each(failures)('%s is unavailable, with that as cause', async (_, call, cause) => {
    const { bytes, error } = await use(method, call);
    expect(error).toBeInstanceOf(SealpipeError);
    expect(error?.code).toBe('ERR_SEALPIPE_KEY_UNAVAILABLE');
    expect(error?.cause).toEqual(cause);
    expect(bytes.length).toBe(0);
  });

  it.each([
    new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no'),
    new SealpipeError('ERR_SEALPIPE_KEY_NOT_FOUND', 'no'),
    new SealpipeError('ERR_SEALPIPE_TIMEOUT', 'no', { retryable: true }),
    contextTypeError('no'),
  ])('rejects with an error of ours fails with that very error: %s', async (error) => {
    expect((await use(method, rejecting(error))).error).toBe(error);
  });

  it('rejects with an AbortError of its own, although nobody aborted, is unavailable', async () => {
    const own = Object.assign(new Error('mine'), { name: 'AbortError', code: 'ABORT_ERR' });
    const { error } = await use(method, rejecting(own));
    expect([error?.code, error?.cause]).toEqual(['ERR_SEALPIPE_KEY_UNAVAILABLE', own]);
  });

  it('gets a request that it cannot change, and a signal that is aborted at the end', async () => {
    let request: Parameters<KeyProvider['generate']>[0] | undefined;
    await use(method, (...args: unknown[]) => {
      request = args.at(-1) as typeof request;
      return Promise.reject(mine);
    });
    expect(Object.isFrozen(request?.encryptionContext)).toBe(true);
    expect(Object.getPrototypeOf(request?.encryptionContext)).toBeNull();
    expect([request?.dataKeyBytes, request?.signal.aborted]).toEqual([32, true]);
  });
});

const garbage: readonly [what: string, answer: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'garbage'],
  ['a number', 7],
  ['an array of numbers', Array(32).fill(1)],
  ['an empty object', {}],
  ['memory that was given away', detached()],
];

describe('a provider that answers garbage', () => {
  it.each([
    ...garbage,
    ['a data key that is text', { dataKey: 'x'.repeat(32), recipient: {} }],
    ['a data key without a recipient', { dataKey: Buffer.alloc(32, 1) }],
    ['a data key for null', { dataKey: Buffer.alloc(32, 1), recipient: null }],
  ])('to generate, %s, fails the stream with a TypeError, and nothing leaves', async (_, answer) => {
    const { bytes, error } = await use('generate', async () => answer);
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(bytes.length).toBe(0);
  });

  it.each([
    ...garbage,
    ['a provider name that is not legal', { provider: 'No!', key: 'k', wrapped: Buffer.alloc(1) }],
    ['an empty key name', { provider: 'a.b', key: '', wrapped: Buffer.alloc(1) }],
    ['a key name that is too long', { provider: 'a.b', key: 'k'.repeat(2_049), wrapped: Buffer.alloc(1) }],
    ['a key name that is no text', { provider: 'a.b', key: '\ud800', wrapped: Buffer.alloc(1) }],
    ['nothing wrapped', { provider: 'a.b', key: 'k', wrapped: Buffer.alloc(0) }],
    ['too much wrapped', { provider: 'a.b', key: 'k', wrapped: Buffer.alloc(6_145) }],
    ['a symbol for a name', { provider: Symbol('a'), key: 'k', wrapped: Buffer.alloc(1) }],
    ['a function for a wrapped key', { provider: 'a.b', key: 'k', wrapped: () => 1 }],
  ])('to wrap, %s, fails the stream with a TypeError, and nothing leaves', async (_, answer) => {
    const { bytes, error } = await use('wrap', async () => answer);
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(bytes.length).toBe(0);
  });

  it.each(garbage)('to unwrap, %s, does not open the stream', async (_, answer) => {
    const { bytes, error } = await use('unwrap', async () => answer);
    expect(error).toMatchObject({ name: 'SealpipeError', code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect(bytes.length).toBe(0);
  });
});

describe('a data key that was wiped before the stream derived its keys', () => {
  const reused = {
    dataKey: Buffer.alloc(32, 1),
    recipient: { provider: 'a.b', key: 'k', wrapped: Buffer.alloc(1) },
  };
  const once = async () => ({ ...reused, dataKey: Buffer.alloc(32, 1) });

  it.each([
    ['generate returns the memory of an earlier stream', altered(keys, { generate: async () => reused })],
    [
      'generate returns the memory of an earlier stream to cached keys',
      cachedKeys(altered(keys, { generate: async () => reused }), {
        maxAge: 60_000,
        maxStreams: 1,
        maxBytes: 2 ** 40,
      }),
    ],
  ])('fails the stream if %s', async (_, provider) => {
    reused.dataKey.fill(1);
    const first = await outcomeOf(createEncryptStream({ keys: provider }), Buffer.from('x'));
    expect(first.error).toBeUndefined();
    const { bytes, error } = await outcomeOf(createEncryptStream({ keys: provider }), Buffer.from('x'));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(bytes.length).toBe(0);
  });

  it('fails the stream if another provider wipes it as it wraps it', async () => {
    const wiping = altered(strangers, {
      wrap: async (dataKey: Uint8Array, request: KeyRequest) => {
        const recipient = await strangers.wrap(dataKey, request);
        dataKey.fill(0);
        return recipient;
      },
    });
    const { bytes, error } = await outcomeOf(
      createEncryptStream({ keys: [altered(keys, { generate: once }), wiping] }),
      Buffer.from('x'),
    );
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(bytes.length).toBe(0);
  });
});

describe('a provider whose matches', () => {
  it('claims a recipient that is not its own is called, and the stream does not open', async () => {
    const liar = altered(strangers, { matches: () => true });
    const { error } = await outcomeOf(createDecryptStream({ keys: liar }), await encrypt('x', { keys }));
    expect(error?.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
  });

  it('denies its own recipient is not asked', async () => {
    const shy = altered(keys, { matches: () => false });
    const { error } = await outcomeOf(createDecryptStream({ keys: shy }), await encrypt('x', { keys }));
    expect(error?.code).toBe('ERR_SEALPIPE_KEY_MISMATCH');
  });

  it.each([
    ['an error', mine],
    ['nothing', undefined],
  ])('throws %s is unavailable, and the other providers are still tried', async (_, thrown) => {
    const broken = altered(strangers, { matches: throwing(thrown) });
    const sealed = await encrypt('hello', { keys });
    const { bytes, error } = await outcomeOf(createDecryptStream({ keys: broken }), sealed);
    expect([bytes.length, error?.code]).toEqual([0, 'ERR_SEALPIPE_KEY_UNAVAILABLE']);
    expect(error?.cause).toBe(thrown);
    const both = await outcomeOf(createDecryptStream({ keys: [broken, keys] }), sealed);
    expect(String(both.bytes)).toBe('hello');
  });
});

/** Runs a stream in which one method of one provider is put in place of its own. */
async function use(method: 'generate' | 'wrap' | 'unwrap', call: (...args: unknown[]) => unknown) {
  if (method === 'generate') return outcome(createEncryptStream({ keys: altered(keys, { generate: call }) }));
  if (method === 'wrap') {
    return outcome(createEncryptStream({ keys: [keys, altered(strangers, { wrap: call })] }));
  }
  return outcomeOf(
    createDecryptStream({ keys: altered(keys, { unwrap: call }) }),
    await encrypt('hello', { keys }),
  );
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(32);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}
