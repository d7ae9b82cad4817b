import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { sealedSize } from '../../src/format/sizes.js';
import { rawKey } from '../../src/keys/raw.js';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';

const keys = rawKey({ name: 'backup', key: new Uint8Array(32).fill(7) });

async function envelopeSize(sealed: Buffer): Promise<number> {
  const { preambleSize } = await readHeader(sealed);
  expect(preambleSize).toBe(84 + sealed.readUInt32BE(12) + sealed.readUInt32BE(16));
  return sealed.readUInt32BE(16);
}

describe('the padding of an envelope', () => {
  it('is there by default, and if it is asked for', async () => {
    for (const options of [{}, { envelopePadding: true }, { envelopePadding: undefined }]) {
      expect(await envelopeSize(await encrypt('hello', { keys, ...options }))).toBe(1_024);
    }
  });

  it('can be switched off, at once and in a stream: the preamble is small, and the stream opens', async () => {
    const options: EncryptOptions = {
      keys,
      envelopePadding: false,
      encryptionContext: { purpose: 'greeting' },
    };
    const stream = createEncryptStream(options);
    stream.end('hello');
    for (const sealed of [await encrypt('hello', options), await buffer(stream)]) {
      expect(await envelopeSize(sealed)).toBe(128);
      expect(sealed).toHaveLength(sealedSize(5, await readHeader(sealed)));
      expect((await decrypt(sealed, { keys })).toString()).toBe('hello');
    }
  });

  it.each([null, 0, 1, 'false', {}])('is a boolean, not %j', (envelopePadding) => {
    const options = { keys, envelopePadding } as unknown as EncryptOptions;
    const misuse = expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(() => createEncryptStream(options)).toThrow(misuse);
  });
});
