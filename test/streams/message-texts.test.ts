import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { altered } from '../support/altered-provider.js';
import { keys } from '../support/test-keys.js';

const rejection = (promise: Promise<unknown>): Promise<Error & { code?: string }> =>
  promise.then(
    () => new Error('it resolved'),
    (error: unknown) => error as Error,
  );

/** A provider that writes a name of its own into the stream. */
const naming = (key: string): KeyProvider => {
  const recipient = { provider: 'a.b', key, wrapped: Buffer.alloc(48, 1) };
  return altered(keys, {
    generate: async () => ({ dataKey: Buffer.alloc(32, 1), recipient }),
    wrap: async () => recipient,
  });
};

describe('what a message says of a stream', () => {
  it('is escaped', async () => {
    const name = 'k\u202e\u2028\u0085\ufe0f"\n';
    const error = await rejection(decrypt(await encrypt('x', { keys: naming(name) }), { keys }));
    expect(error.code).toBe('ERR_SEALPIPE_KEY_MISMATCH');
    expect(error.message).toContain('a.b "k\\u{202e}\\u{2028}\\u{85}\\u{fe0f}\\"\\u{a}"');
    expect(error.message).toMatch(/^[ -~]+$/);
  });

  it('is cut, however many and long the names are', async () => {
    const names = Array.from({ length: 32 }, (_, i) => `${i}${'\u{e0041}'.repeat(440)}`);
    const sealed = await encrypt('x', { keys: names.map(naming) });
    const error = await rejection(decrypt(sealed, { keys: names.map((name) => rawKey({ name, key: KEY })) }));
    expect(error.code).toBe('ERR_SEALPIPE_KEY_MISMATCH');
    expect(error.message.length).toBeLessThan(10_000);
    expect(error.message).toContain('29 more');
    expect(error.message).not.toMatch(/[^ -~…]/);
  });

  it('and of the keys of a caller and their context is escaped and cut, too', async () => {
    const name = `k\u202e${'n'.repeat(1_000)}`;
    const own = rawKey({ name, key: KEY });
    const sealed = await encrypt('x', { keys: own });
    const other = rawKey({ name, key: Buffer.alloc(32, 2) });
    const errors = [
      ((await rejection(decrypt(sealed, { keys: other }))) as Error).cause as Error,
      await rejection(encrypt('x', { keys: [own, own] })),
      await rejection(encrypt('x', { keys, encryptionContext: { [name]: 1 } as never })),
      await rejection(encrypt('x', { keys, encryptionContext: { [name]: '\ud800' } })),
    ];
    for (const { message } of errors) {
      expect(message).toContain(`"k\\u{202e}${'n'.repeat(254)}…"`);
      expect(message.length).toBeLessThan(500);
    }
  });
});

const KEY = Buffer.alloc(32, 1);
