import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SealpipeError } from '../../../src/errors.js';
import type { CachedKeysOptions } from '../../../src/keys/cache/cached.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import type { KeyProvider } from '../../../src/keys/provider.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { altered } from '../../support/altered-provider.js';
import { expectQuietProcess } from '../../support/quiet-process.js';
import { keys as base } from '../../support/test-keys.js';
import { isWiped } from '../../support/watched-provider.js';
import { stopClock } from './still-clock.js';

expectQuietProcess();
stopClock();

const wide: CachedKeysOptions = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };
const legal = { provider: 'a.b', key: 'k', wrapped: Buffer.alloc(1) };

/** Memory that was given away: it has no length any more. */
function detached(): Uint8Array {
  const bytes = new Uint8Array(32);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const noAnswer: readonly [what: string, answer: () => unknown][] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a string', () => 'garbage'],
  ['a number', () => 7],
  ['an array of numbers', () => Array(32).fill(1)],
  ['an empty object', () => ({})],
  ['memory that was given away', detached],
];

const generated: readonly [what: string, answer: () => unknown][] = [
  ...noAnswer,
  ['a data key that is text', () => ({ dataKey: 'x'.repeat(32), recipient: legal })],
  ['a data key that was given away', () => ({ dataKey: detached(), recipient: legal })],
  ['no data key', () => ({ recipient: legal })],
  ['a data key that is too short', () => ({ dataKey: Buffer.alloc(31, 1), recipient: legal })],
  ['a data key that is too long', () => ({ dataKey: Buffer.alloc(1_025, 1), recipient: legal })],
  ['no recipient', () => ({ dataKey: Buffer.alloc(32, 1) })],
  ['null for a recipient', () => ({ dataKey: Buffer.alloc(32, 1), recipient: null })],
  ...(
    [
      ['a provider name that is not legal', { provider: 'No!' }],
      ['an empty key name', { key: '' }],
      ['a key name that is too long', { key: 'k'.repeat(2_049) }],
      ['a key name that is no text', { key: '\ud800' }],
      ['nothing wrapped', { wrapped: Buffer.alloc(0) }],
      ['too much wrapped', { wrapped: Buffer.alloc(6_145) }],
      ['far too much wrapped', { wrapped: Buffer.alloc(100_000) }],
      ['a wrapped key that was given away', { wrapped: detached() }],
      ['a symbol for a name', { provider: Symbol('a') }],
      ['a function for a wrapped key', { wrapped: () => 1 }],
    ] as const
  ).map(([what, field]): [string, () => unknown] => [
    what,
    () => ({ dataKey: Buffer.alloc(32, 1), recipient: { ...legal, ...field } }),
  ]),
];

const failures: readonly [what: string, error: unknown][] = [
  ['an error', new Error('mine')],
  ['an error of ours', new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no')],
  ['what only looks like one', { code: 'ERR_SEALPIPE_AUTHENTICATION' }],
  ['an AbortError, although nobody aborted', Object.assign(new Error('x'), { code: 'ABORT_ERR' })],
  ['a string', 'text'],
  ['nothing', undefined],
];

/** What a stream says of a provider, as it is and behind a cache; and the same of several streams at once. */
async function verdicts(provider: KeyProvider, use: (keys: KeyProvider) => Promise<unknown>) {
  const told = (run: Promise<unknown>) =>
    run.then(
      () => 'it went well',
      ({ name, code, message, cause }) => ({ name, code, message, cause }),
    );
  const cached = cachedKeys(provider, wide);
  return {
    bare: await told(use(provider)),
    cached: [...(await Promise.all([told(use(cached)), told(use(cached))])), await told(use(cached))],
    misses: cached.misses,
  };
}

describe('behind a cache, what the provider generates', () => {
  const seal = (keys: KeyProvider) => encrypt('x', { keys });

  test.each(generated)('%s, is refused as without it, and not kept', async (_, answer) => {
    const answers: unknown[] = [];
    const provider = altered(base, {
      generate: async () => {
        answers.push(answer());
        return answers.at(-1);
      },
    });
    const { bare, cached, misses } = await verdicts(provider, seal);
    expect(bare).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    for (const one of cached)
      expect({ ...(one as object), cause: undefined }).toEqual({ ...(bare as object), cause: undefined });
    expect(misses, 'one call for two streams at once, and one for the next').toBe(2);
    for (const given of answers) {
      const dataKey = (given as { dataKey?: unknown } | null | undefined)?.dataKey;
      if (dataKey instanceof Uint8Array && dataKey.length > 0) expect(isWiped(dataKey)).toBe(true);
    }
  });

  test.each(failures)('fails with %s as without it', async (_, error) => {
    const provider = altered(base, { generate: () => Promise.reject(error) });
    const { bare, cached, misses } = await verdicts(provider, seal);
    expect(cached).toEqual([bare, bare, bare]);
    expect(misses).toBe(2);
  });
});

describe('behind a cache, what the provider unwraps', () => {
  const open = async (keys: KeyProvider) => decrypt(await encrypt('x', { keys: base }), { keys });

  test.each([
    ...noAnswer,
    ['a data key that is too short', () => randomBytes(31)],
    ['a data key that is too long', () => randomBytes(1_025)],
  ])('%s, does not open the stream, as without it, and is not kept', async (_, answer) => {
    const sealed = await encrypt('x', { keys: base });
    const answers: unknown[] = [];
    const provider = altered(base, {
      unwrap: async () => {
        answers.push(answer());
        return answers.at(-1);
      },
    });
    const { bare, cached, misses } = await verdicts(provider, (keys) => decrypt(sealed, { keys }));
    expect(bare).toMatchObject({ name: 'SealpipeError', code: 'ERR_SEALPIPE_AUTHENTICATION' });
    for (const one of cached)
      expect(one).toMatchObject({ name: 'SealpipeError', code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect(misses).toBe(2);
    for (const given of answers) {
      if (given instanceof Uint8Array && given.length > 0) expect(isWiped(given)).toBe(true);
    }
  });

  test.each(failures)('fails with %s as without it', async (_, error) => {
    const provider = altered(base, { unwrap: () => Promise.reject(error) });
    const { bare, cached } = await verdicts(provider, open);
    expect(cached).toEqual([bare, bare, bare]);
  });
});

describe('a wrong key that the provider unwrapped once', () => {
  /** Unwraps to another key `wrong` times, and rightly from then on. */
  const stumbling = (wrong: number) => {
    let calls = 0;
    const provider = altered(base, {
      unwrap: async (...args: Parameters<KeyProvider['unwrap']>) => {
        calls += 1;
        return calls > wrong ? base.unwrap(...args) : randomBytes(32);
      },
    });
    return { provider, calls: () => calls };
  };

  test('serves no later stream than it would without the cache', async () => {
    const sealed = await encrypt('hello', { keys: base });
    const { provider, calls } = stumbling(2);
    const keys = cachedKeys(provider, wide);
    for (const wrong of [1, 2]) {
      await expect(decrypt(sealed, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
      expect(calls()).toBe(wrong);
    }
    for (const _ of [1, 2]) expect(String(await decrypt(sealed, { keys }))).toBe('hello');
    expect(calls()).toBe(3);
  });

  test('is wiped then', async () => {
    const sealed = await encrypt('hello', { keys: base });
    const { provider } = stumbling(1);
    const keys = cachedKeys(provider, wide);
    const all = await Promise.allSettled([1, 2, 3].map(() => decrypt(sealed, { keys })));
    expect(all.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(String(await decrypt(sealed, { keys }))).toBe('hello');
    expect([keys.misses, keys.hits]).toEqual([2, 2]);
  });

  test('is told from a stream that was altered: a key that once opened one stays', async () => {
    const sealed = await encrypt('hello', { keys: base });
    const altered = Buffer.from(sealed);
    altered[60]! ^= 1;
    const { provider, calls } = stumbling(0);
    const keys = cachedKeys(provider, wide);
    await decrypt(sealed, { keys });
    for (const _ of [1, 2, 3]) {
      await expect(decrypt(altered, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    }
    expect(String(await decrypt(sealed, { keys }))).toBe('hello');
    expect(calls()).toBe(1);
  });
});

test('a wrapped key that was opened for a short key does not pass for a long one', async () => {
  const keys = cachedKeys(base, wide);
  const { keyRequest } = await import('../../conformance/key-request.js');
  const recipient = await base.wrap(randomBytes(16), keyRequest({ dataKeyBytes: 16 }));
  expect(await keys.unwrap(recipient, keyRequest({ dataKeyBytes: 16 }))).toHaveLength(16);
  await expect(keys.unwrap(recipient, keyRequest({ dataKeyBytes: 32 }))).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_AUTHENTICATION',
  });
});
