import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { overwritten } from '../support/overwritten.js';

const provider = rawKey({ name: 'a', key: Buffer.alloc(32, 1) });
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const SECRET = Buffer.from(dataKey).toString('hex');
const request = (signal = new AbortController().signal): KeyRequest => ({
  encryptionContext: {},
  contextBytes: Buffer.alloc(4),
  dataKeyBytes: 32,
  signal,
});
/** The key-encryption key and its nonce are derived together, in 44 bytes. */
const derived = (wiped: readonly string[]) => wiped.filter((content) => content.length === 2 * 44);

describe('a raw key wipes', () => {
  it('what it derives to wrap a data key, but not the data key of its caller', async () => {
    const wiped = await overwritten(() => provider.wrap(dataKey, request()));
    expect(derived(wiped)).toHaveLength(1);
    expect(Buffer.from(dataKey).toString('hex')).toBe(SECRET);
  });

  it('what it derives to unwrap a data key, and its copy of the data key', async () => {
    const recipient = await provider.wrap(dataKey, request());
    let unwrapped: Uint8Array = Buffer.alloc(0);
    const wiped = await overwritten(async () => {
      unwrapped = await provider.unwrap(recipient, request());
    });
    expect(derived(wiped)).toHaveLength(1);
    expect(wiped).toContain(SECRET);
    expect(Buffer.from(unwrapped).toString('hex')).toBe(SECRET);
  });

  it('what it decrypted of a wrapped key that was altered', async () => {
    const { wrapped, ...recipient } = await provider.wrap(dataKey, request());
    const altered = Buffer.from(wrapped);
    altered[altered.length - 1]! ^= 1;
    const wiped = await overwritten(() =>
      expect(provider.unwrap({ ...recipient, wrapped: altered }, request())).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_AUTHENTICATION',
      }),
    );
    expect(derived(wiped)).toHaveLength(1);
    expect(wiped).toContain(SECRET);
  });

  it('a data key that it generated and could not wrap', async () => {
    const wiped = await overwritten(() =>
      expect(provider.generate(request(AbortSignal.abort()))).rejects.toMatchObject({ code: 'ABORT_ERR' }),
    );
    expect(wiped.filter((content) => content.length === 2 * 32 && !/^0*$/.test(content))).toHaveLength(1);
  });
});
