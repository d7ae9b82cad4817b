import { describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { altered } from '../support/altered-provider.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

const named = (name: string, byte: number) => rawKey({ name, key: Buffer.alloc(32, byte) });
const [a, b, c] = [named('a', 1), named('b', 2), named('c', 3)];
const wrongA = named('a', 99);
const wrongB = named('b', 98);

const failing = (base: KeyProvider, error: unknown) => altered(base, { unwrap: () => Promise.reject(error) });
const denied = new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no');
const timedOut = new SealpipeError('ERR_SEALPIPE_TIMEOUT', 'too late');

/** What a stream for a, b and c answers to these keys. */
async function open(...providers: KeyProvider[]) {
  const calls: string[] = [];
  const dataKeys: Uint8Array[] = [];
  const keys = providers.map((provider, i) => {
    const one = watched(provider);
    return altered(one.provider, {
      unwrap: async (...args: Parameters<KeyProvider['unwrap']>) => {
        calls.push(`${i} ${args[0].key}`);
        try {
          return await one.provider.unwrap(...args);
        } finally {
          dataKeys.push(...one.dataKeys.splice(0));
        }
      },
    });
  });
  const stream = createDecryptStream({ keys });
  const { bytes, error } = await outcomeOf(stream, await encrypt('hello', { keys: [a, b, c] }));
  expect(dataKeys.every(isWiped)).toBe(true);
  return { text: String(bytes), error, code: error?.code, calls };
}

describe('a stream for several keys', () => {
  it('names them in order, the first being the one that generated', async () => {
    const { recipients } = await readHeader(await encrypt('', { keys: [a, b, c] }));
    expect(recipients.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['the first', a, 'a'],
    ['the second', b, 'b'],
    ['the last', c, 'c'],
  ])('opens with %s of them alone, in one call', async (_, provider, key) => {
    expect(await open(provider)).toMatchObject({ text: 'hello', error: undefined, calls: [`0 ${key}`] });
  });

  it('goes by the order of the stream, not of the keys', async () => {
    expect(await open(c, b, a)).toMatchObject({ text: 'hello', calls: ['2 a'] });
  });

  it('passes over what is not ours, without a call', async () => {
    expect(await open(named('d', 4), c)).toMatchObject({ text: 'hello', calls: ['1 c'] });
  });

  it('sets aside what does not unwrap, and goes on', async () => {
    expect(await open(wrongA, b)).toMatchObject({ text: 'hello', calls: ['0 a', '1 b'] });
  });

  it('goes on after a failed call', async () => {
    expect(await open(failing(a, denied), b)).toMatchObject({ text: 'hello', calls: ['0 a', '1 b'] });
  });

  it.each([
    ['of illegal length, short', Buffer.alloc(31, 1)],
    ['of illegal length, long', Buffer.alloc(1_025, 1)],
    ['that misses the commitment', Buffer.alloc(32, 1)],
    ['longer than the suite needs, that misses it too', Buffer.alloc(1_024, 1)],
  ])('sets aside a data key %s, and goes on', async (_, key) => {
    const lying = altered(a, { unwrap: async () => Buffer.from(key) });
    expect(await open(lying, b)).toMatchObject({ text: 'hello', calls: ['0 a', '1 b'] });
    expect(await open(lying)).toMatchObject({ text: '', code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });

  it('asks every provider that matches one recipient, in the order of the keys', async () => {
    expect(await open(wrongA, failing(a, denied), a)).toMatchObject({
      text: 'hello',
      calls: ['0 a', '1 a', '2 a'],
    });
  });

  it('opens with a data key that is longer than the suite needs', async () => {
    const dataKey = Buffer.alloc(1_024, 5);
    const long = altered(a, {
      generate: async (request: Parameters<KeyProvider['generate']>[0]) => ({
        dataKey: Buffer.from(dataKey),
        recipient: await a.wrap(dataKey, request),
      }),
    });
    const sealed = await encrypt('hello', { keys: [long, b] });
    for (const keys of [a, b]) {
      expect(String((await outcomeOf(createDecryptStream({ keys }), sealed)).bytes)).toBe('hello');
    }
  });
});

describe('a stream that none of the keys opens', () => {
  it('is a key mismatch where none matches, which names both sides', async () => {
    const { code, calls, error } = await open(named('d', 4), named('e', 5));
    expect([code, calls]).toEqual(['ERR_SEALPIPE_KEY_MISMATCH', []]);
    expect(error?.message).toMatch(/raw "a", raw "b", raw "c".*raw:d, raw:e/);
  });

  it('is an authentication error where all that match are set aside', async () => {
    const { code, error } = await open(wrongA, wrongB, named('d', 4));
    expect(code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect(error?.cause).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect(error).not.toHaveProperty('atEnd');
  });

  it.each([
    ['before', [failing(a, denied), wrongB]],
    ['after', [wrongA, failing(b, denied)]],
  ])('is the failure of a call that came %s one set aside', async (_, providers) => {
    expect((await open(...providers)).error).toBe(denied);
  });

  it('is the first failure of several', async () => {
    expect((await open(failing(b, timedOut), failing(a, denied))).error).toBe(denied);
    expect((await open(failing(a, timedOut), failing(b, denied))).error).toBe(timedOut);
  });

  it('is a mismatch where the provider finds out late that a recipient is not its own', async () => {
    const notMine = new SealpipeError('ERR_SEALPIPE_KEY_MISMATCH', 'not mine');
    expect((await open(failing(a, notMine))).error).toBe(notMine);
    expect((await open(failing(a, notMine), wrongB)).code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect((await open(failing(a, notMine), failing(b, denied))).error).toBe(denied);
    expect(await open(failing(a, notMine), c)).toMatchObject({ text: 'hello' });
  });
});

describe('the same key twice', () => {
  it('is refused for sealing, and nothing leaves', async () => {
    await expect(encrypt('hello', { keys: [a, b, a] })).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    await expect(encrypt('hello', { keys: [a, wrongA] })).rejects.toThrow(/"a"/);
  });

  it('does no harm to opening', async () => {
    expect(await open(a, a)).toMatchObject({ text: 'hello', calls: ['0 a'] });
  });
});
