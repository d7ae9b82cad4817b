import { describe, expect, test } from 'vitest';
import type { StreamHeader } from '../../../src/format/stream-header.js';
import type { CachedKeysOptions } from '../../../src/keys/cache/cached.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import type { KeyProvider } from '../../../src/keys/provider.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { createDecryptStream } from '../../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../../src/streams/encrypt-stream.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { keyRequest } from '../../conformance/key-request.js';
import { altered } from '../../support/altered-provider.js';
import { outcomeOf } from '../../support/outcome.js';
import { keys as base } from '../../support/test-keys.js';

const wide: CachedKeysOptions = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };
const encryptionContext = { tenant: '42' };

/** Overwrites every byte and replaces every field that can be reached. */
function spoil(value: unknown): void {
  if (value instanceof Uint8Array) {
    value.fill(0xee);
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      const inner = (value as Record<string, unknown>)[key];
      spoil(inner);
      if (typeof inner !== 'object') Reflect.set(value, key, 'spoilt');
    }
  }
}

describe('what one user of cached keys spoils', () => {
  test('of a data key and its recipient, the others do not see', async () => {
    const keys = cachedKeys(base, wide);
    const request = () => keyRequest({ context: encryptionContext });
    const together = await Promise.all([keys.generate(request()), keys.generate(request())]);
    const before = together.map(({ dataKey, recipient }) => [
      Buffer.from(dataKey),
      Buffer.from(recipient.wrapped),
    ]);
    expect(before[0]).toEqual(before[1]);
    spoil(together[0]);
    const later = await keys.generate(request());
    for (const { dataKey, recipient } of [together[1]!, later]) {
      expect([Buffer.from(dataKey), Buffer.from(recipient.wrapped)]).toEqual(before[1]);
      expect(recipient).toMatchObject({ provider: 'raw', key: 'test' });
      expect(await base.unwrap(recipient, request())).toEqual(dataKey);
    }
  });

  test('of what the provider keeps of its answer, no stream sees', async () => {
    const answers: unknown[] = [];
    const provider = altered(base, {
      generate: async (request: Parameters<KeyProvider['generate']>[0]) => {
        const made = await base.generate(request);
        answers.push(made);
        return made;
      },
    });
    const keys = cachedKeys(provider, wide);
    await encrypt('x', { keys });
    spoil(answers);
    expect(String(await decrypt(await encrypt('y', { keys }), { keys: base }))).toBe('y');
  });

  test('of the recipient and the context that it asked with, the cache does not see', async () => {
    const keys = cachedKeys(base, wide);
    const sealed = await encrypt('x', { keys: base, encryptionContext });
    const [recipient] = (await readHeader(sealed)).recipients;
    const request = keyRequest({ context: encryptionContext });
    const dataKey = await keys.unwrap(recipient!, request);
    spoil(recipient);
    spoil(request.contextBytes);
    spoil(dataKey);
    expect(String(await decrypt(sealed, { keys }))).toBe('x');
    expect([keys.misses, keys.hits]).toEqual([1, 1]);
  });
});

describe.each([
  ['a provider', () => base],
  ['cached keys', () => cachedKeys(base, wide)],
])('a listener of %s that spoils the header of its stream', (_, make) => {
  test('changes nothing of what this and other streams seal', async () => {
    const keys = make();
    const sealed: Buffer[] = [];
    for (const _ of [1, 2, 3]) {
      const stream = createEncryptStream({ keys, encryptionContext, chain: link, content: { type: 'a/b' } });
      stream.once('header', spoil);
      sealed.push((await outcomeOf(stream, Buffer.from('hello'))).bytes);
    }
    for (const bytes of sealed) {
      expect(String(await decrypt(bytes, { keys: base, encryptionContext }))).toBe('hello');
      const header = await readHeader(bytes);
      expect(header).toMatchObject({ suite: 'AES-256-GCM', encryptionContext, content: { type: 'a/b' } });
      expect(Buffer.from(header.chain!.archive)).toEqual(link.archive);
    }
    expect([...link.archive]).toEqual(Array(16).fill(1));
  });

  test('changes nothing of what this and other streams open', async () => {
    const keys = make();
    const sealed = await encrypt('hello', { keys: base, encryptionContext });
    const before = Buffer.from(sealed);
    for (const _ of [1, 2, 3]) {
      const stream = createDecryptStream({ keys, encryptionContext });
      const headers: StreamHeader[] = [];
      stream.once('header', (header) => {
        headers.push(header);
        spoil(header);
      });
      const { bytes, error } = await outcomeOf(stream, sealed);
      expect([String(bytes), error, headers.length]).toEqual(['hello', undefined, 1]);
    }
    expect(sealed.equals(before)).toBe(true);
  });
});

const link = { archive: Buffer.alloc(16, 1), index: 0, previous: Buffer.alloc(32) };
