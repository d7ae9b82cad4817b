import { describe, expect, it } from 'vitest';
import type { CachedKeysOptions } from '../../src/keys/cache/cached.js';
import { cachedKeys } from '../../src/keys/cache/cached.js';
import { kms } from '../../src/keys/kms/index.js';
import { rawKey } from '../../src/keys/raw.js';
import { createLocalKms } from '../../src/local-kms/index.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { watched } from '../support/watched-provider.js';

expectQuietProcess();

const sealed = await encrypt("alice's data", { keys, encryptionContext: { object: 'alice' } });
const cache: CachedKeysOptions = { maxAge: 1, maxStreams: 1, maxBytes: 1 };
const discovery = { accounts: ['111122223333'] };

/** What takes options, options that it takes, a name that it does not know, and the one that was meant. */
const TAKERS: readonly (readonly [string, (options: never) => unknown, object, string, string])[] = [
  ['encrypt', (options) => encrypt('x', options), { keys }, 'context', 'encryptionContext'],
  ['decrypt', (options) => decrypt(sealed, options), { keys }, 'context', 'encryptionContext'],
  ['createEncryptStream', createEncryptStream, { keys }, 'key', 'keys'],
  ['createDecryptStream', createDecryptStream, { keys }, 'encryptioncontext', 'encryptionContext'],
  ['content', (content) => encrypt('x', { keys, content }), {}, 'typ', 'type'],
  ['readHeader', (options) => readHeader(sealed, options), {}, 'maxRecipient', 'maxRecipients'],
  ['rawKey', rawKey, { name: 'n', key: Buffer.alloc(32) }, 'nam', 'name'],
  ['cachedKeys', (options) => cachedKeys(keys, options), cache, 'ttl', 'maxAge, maxStreams'],
  ['createLocalKms', createLocalKms, {}, 'dir', 'directory'],
  ['kms', kms, { discovery }, 'keyID', 'keyId'],
  ['discovery', (more: object) => kms({ discovery: { ...discovery, ...more } }), {}, 'region', 'regions'],
];

describe.each(TAKERS)('%s', (_, take, legal, name, meant) => {
  const outcome = async (options: object) => {
    const taken = await take(options as never);
    if (typeof taken === 'object' && taken && 'destroy' in taken) (taken.destroy as () => void).call(taken);
  };

  it('refuses an option that it does not know, and says which was meant', async () => {
    for (const value of [{ object: 'bob' }, undefined]) {
      const error = await outcome({ ...legal, [name]: value }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
      expect((error as Error).message).toContain(`knows no option "${name}"`);
      expect((error as Error).message).toContain(meant);
    }
  });

  it('takes what it knows', async () => {
    await outcome(legal);
    await outcome(Object.assign(Object.create(null), legal));
  });
});

it('an option of the other direction is refused before any key call', async () => {
  const { provider, calls } = watched(keys);
  const wrong = { keys: provider, suite: 'AES-256-GCM' } as object as { keys: typeof provider };
  await expect(decrypt(sealed, wrong)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  const other = { keys: provider, maxRecipients: 1 } as object as { keys: typeof provider };
  await expect(encrypt('x', other)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  expect(calls).toEqual([]);
});

it('undefined stands for what is not given, nested options included', async () => {
  const chain = {
    archive: Buffer.alloc(16),
    index: 2 ** 53 - 1,
    previous: Buffer.alloc(32),
    closed: undefined,
  };
  const content = { encoding: undefined, type: undefined };
  const again = await encrypt('x', { keys, chain, content, suite: undefined, confirm: undefined });
  expect(await readHeader(again)).toMatchObject({ chain: { index: 2 ** 53 - 1 }, content: {} });
  kms({ discovery: { ...discovery, partition: undefined, regions: undefined }, keyId: undefined });
  await createLocalKms({ directory: undefined }).close();
});
