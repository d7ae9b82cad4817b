import { describe, expect, it, vi } from 'vitest';
import type { Recipient } from '../../src/format/stream-header.js';
import { cachedKeys } from '../../src/keys/cache/cached.js';
import type { KeyRequest } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { altered } from '../support/altered-provider.js';
import { hanging } from '../support/hanging-provider.js';
import { outcomeOf } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { foreignBytes, foreignError, StandInController } from '../support/realm.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = patterned(200_000);
const foreign = altered(keys, {
  generate: async (request: KeyRequest) => {
    const { dataKey, recipient } = await keys.generate(request);
    return { dataKey: foreignBytes(dataKey), recipient: foreignRecipient(recipient) };
  },
  wrap: async (dataKey: Uint8Array, request: KeyRequest) =>
    foreignRecipient(await keys.wrap(dataKey, request)),
  unwrap: async (recipient: Recipient, request: KeyRequest) =>
    foreignBytes(await keys.unwrap(recipient, request)),
});
const cache = () => cachedKeys(foreign, { maxAge: 60_000, maxStreams: 9, maxBytes: 2 ** 30 });

function foreignRecipient({ provider, key, wrapped }: Recipient): Recipient {
  return { provider, key, wrapped: foreignBytes(wrapped) };
}

describe.each(['native', 'node', 'noble'] as const)(
  'bytes of another realm, with the %s engine,',
  (engine) => {
    it.each(['fixed', 'record'] as const)('are sealed and opened in the %s layout', async (layout) => {
      const sealed = await encrypt(foreignBytes(plaintext), { keys, layout, engine });
      expect((await decrypt(foreignBytes(sealed), { keys, engine })).equals(plaintext)).toBe(true);
      const seal = createEncryptStream({ keys, layout, engine });
      const streamed = await outcomeOf(seal, foreignBytes(plaintext), foreignBytes(plaintext));
      const opened = await outcomeOf(createDecryptStream({ keys, engine }), foreignBytes(streamed.bytes));
      expect(opened.bytes.equals(Buffer.concat([plaintext, plaintext]))).toBe(true);
    });

    it('are taken from a provider', async () => {
      for (const provider of [foreign, cache()]) {
        const sealed = await encrypt('hello', { keys: [provider, rawOther(provider)], engine });
        expect(String(await decrypt(sealed, { keys: provider, engine }))).toBe('hello');
      }
    });
  },
);

/** A second recipient, whose wrapping is of another realm too. */
function rawOther(like: typeof keys): typeof keys {
  const other = rawKey({ name: 'other', key: foreignBytes(Buffer.alloc(32, 7)) });
  const wrap = async (dataKey: Uint8Array, request: KeyRequest) =>
    foreignRecipient(await other.wrap(dataKey, request));
  return altered(like, { id: other.id, wrap });
}

it('a chain and a header are read from bytes of another realm', async () => {
  const chain = {
    archive: foreignBytes(Buffer.alloc(16, 1)),
    index: 1,
    previous: foreignBytes(Buffer.alloc(32)),
  };
  const sealed = foreignBytes(await encrypt('x', { keys, chain }));
  const pieces = async function* () {
    yield sealed.subarray(0, 50);
    yield sealed.subarray(50);
  };
  for (const source of [sealed, pieces()]) {
    const header = await readHeader(source);
    expect(Buffer.from(header.chain!.archive)).toEqual(Buffer.alloc(16, 1));
  }
});

it('what a provider throws in another realm keeps its code', async () => {
  const failing = (error: Error) => altered(keys, { generate: () => Promise.reject(error) });
  const wrongUse = foreignError('wrong use', {
    code: 'ERR_SEALPIPE_OPTIONS',
    [Symbol.for('sealpipe.misuse')]: true,
  });
  await expect(encrypt('x', { keys: failing(wrongUse) })).rejects.toBe(wrongUse);
  const ours = foreignError('gone', {
    code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
    [Symbol.for('sealpipe.error')]: true,
  });
  await expect(encrypt('x', { keys: failing(ours) })).rejects.toBe(ours);
});

describe('the signal of a test environment', () => {
  it('aborts a stream and a call while the key call hangs, and nothing is left on it', async () => {
    const controller = new StandInController();
    const signal = controller.signal as unknown as AbortSignal;
    const { provider } = hanging(keys, 'generate');
    const stream = createEncryptStream({ keys: provider, signal });
    const over = outcomeOf(stream, Buffer.of(1));
    const call = encrypt('x', { keys: provider, signal });
    call.catch(() => undefined);
    setImmediate(() => controller.abort('enough'));
    expect(await over).toMatchObject({ error: { code: 'ABORT_ERR', cause: 'enough' }, ended: false });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(controller.signal.listening).toBe(0);
  });

  it('serves where its globals have taken the place of the real ones', async () => {
    vi.stubGlobal('AbortController', StandInController);
    vi.stubGlobal('AbortSignal', class {});
    try {
      const { signal } = new AbortController();
      const sealed = await encrypt('hello', { keys: cache(), signal });
      const { bytes } = await outcomeOf(createDecryptStream({ keys: cache(), signal }), sealed);
      expect(String(bytes)).toBe('hello');
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
