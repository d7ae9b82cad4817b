import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import type { LimitOptions } from '../../src/session/decrypt-options.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { watched } from '../support/watched-provider.js';

expectQuietProcess();

const three = [1, 2, 3].map((byte) => rawKey({ name: `key ${byte}`, key: Buffer.alloc(32, byte) }));
const sealed = await encrypt('hello', { keys: three, frameSize: 8_192 });
const { preambleSize } = await readHeader(sealed);

async function open(limits: LimitOptions, pieces: readonly Uint8Array[] = [sealed]) {
  const { provider, calls } = watched(three[2]!);
  const { bytes, error } = await outcomeOf(createDecryptStream({ keys: provider, ...limits }), ...pieces);
  return { text: String(bytes), code: error?.code, hint: error?.hint, calls };
}

describe.each([
  ['maxRecipients', 3],
  ['maxFrameSize', 8_192],
  ['maxPreambleSize', preambleSize],
] as const)('%s', (name, exact) => {
  it.each([0, 1, 1e9])('lets pass what is at the limit or under it by %i', async (more) => {
    expect(await open({ [name]: exact + more })).toMatchObject({ text: 'hello', code: undefined });
    expect((await readHeader(sealed, { [name]: exact + more })).preambleSize).toBe(preambleSize);
  });

  it('refuses what is over it by one, before any key call, and names the option', async () => {
    const { text, code, hint, calls } = await open({ [name]: exact - 1 });
    expect([text, code, calls]).toEqual(['', 'ERR_SEALPIPE_LIMIT', []]);
    expect(hint).toContain(`\`${name}\``);
  });

  it('refuses the same when the stream comes byte by byte, in decrypt() and in readHeader()', async () => {
    const limits = { [name]: exact - 1 };
    const bytes = Array.from(sealed, (byte) => Uint8Array.of(byte));
    expect((await open(limits, bytes)).code).toBe('ERR_SEALPIPE_LIMIT');
    const LIMIT = { code: 'ERR_SEALPIPE_LIMIT' };
    await expect(decrypt(sealed, { keys: three, ...limits })).rejects.toMatchObject(LIMIT);
    await expect(readHeader(sealed, limits)).rejects.toMatchObject(LIMIT);
  });
});

it('the sizes of a prologue are refused as soon as the prologue is there', async () => {
  for (const limits of [{ maxFrameSize: 4_096 }, { maxPreambleSize: 200 }]) {
    expect((await open(limits, [sealed.subarray(0, 84)])).code).toBe('ERR_SEALPIPE_LIMIT');
  }
});
