import { describe, expect, it } from 'vitest';
import type { KeyProvider, KeyRequest } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { altered } from '../support/altered-provider.js';
import { keys, strangers } from '../support/test-keys.js';

const encryptionContext = { tenant: '42' };
type Generate = Parameters<KeyProvider['generate']>;
type Wrap = Parameters<KeyProvider['wrap']>;
type Unwrap = Parameters<KeyProvider['unwrap']>;

describe('a provider that writes into the context bytes that it was given', () => {
  /** Works as `base`, and overwrites the context bytes after each call. */
  const careless = (base: KeyProvider) => {
    const then = async <T>(request: KeyRequest, work: Promise<T>): Promise<T> => {
      const answer = await work;
      request.contextBytes.fill(0xee);
      return answer;
    };
    return altered(base, {
      generate: (...[request]: Generate) => then(request, base.generate(request)),
      wrap: (...[dataKey, request]: Wrap) => then(request, base.wrap(dataKey, request)),
      unwrap: (...[recipient, request]: Unwrap) => then(request, base.unwrap(recipient, request)),
    });
  };

  it('changes neither the stream nor what the other providers are asked', async () => {
    const sealed = await encrypt('hello', { keys: [careless(keys), careless(strangers)], encryptionContext });
    for (const provider of [keys, strangers, careless(keys)]) {
      expect(String(await decrypt(sealed, { keys: provider, encryptionContext }))).toBe('hello');
    }
  });

  it('changes nothing for the recipients that are tried after it', async () => {
    const [impostor, right] = [9, 1].map((byte) => rawKey({ name: 'a', key: Buffer.alloc(32, byte) }));
    const failing = careless(altered(impostor!, { unwrap: async () => Buffer.alloc(32, 1) }));
    const sealed = await encrypt('hello', { keys: right!, encryptionContext });
    expect(String(await decrypt(sealed, { keys: [failing, right!] }))).toBe('hello');
  });
});

describe('a provider that is asked to unwrap', () => {
  const named = (name: string, byte = 1) => rawKey({ name, key: Buffer.alloc(32, byte) });

  /** Takes every recipient, has none of them opened but by the last call, and notes what it was asked. */
  const trying = (opener: KeyProvider, failures: number) => {
    const requests: KeyRequest[] = [];
    const provider = altered(opener, {
      matches: () => true,
      unwrap: async (...[recipient, request]: Unwrap) => {
        requests.push(request);
        if (requests.length <= failures) return Buffer.alloc(32, 9);
        return opener.unwrap(recipient, request);
      },
    });
    return { provider, requests };
  };

  it('is told how many attempts it has left, and when they began', async () => {
    const sealed = await encrypt('hello', { keys: [named('a'), named('b'), named('c')] });
    const first = trying(named('c'), 2);
    const second = trying(named('c'), 2);
    const before = performance.now();
    await decrypt(sealed, { keys: [second.provider, first.provider] });
    expect(first.requests.map(({ attempts }) => attempts?.left)).toEqual([3, 2]);
    expect(second.requests.map(({ attempts }) => attempts?.left)).toEqual([3, 2, 1]);
    for (const { requests } of [first, second]) {
      const since = new Set(requests.map(({ attempts }) => attempts?.since));
      expect(since.size).toBe(1);
      expect([...since][0]).toBeGreaterThanOrEqual(before);
    }
  });

  it('can see what came of each data key', async () => {
    const sealed = await encrypt('hello', { keys: [named('a'), named('b')] });
    const { provider, requests } = trying(named('b'), 1);
    await decrypt(sealed, { keys: provider });
    expect(requests.map(({ trial }) => trial?.fits)).toEqual([false, true]);
  });
});
