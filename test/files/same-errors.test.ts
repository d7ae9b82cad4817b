import { describe, expect, it } from 'vitest';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import type { DecryptOptions } from '../../src/session/decrypt-options.js';
import { encryptSettings } from '../../src/session/encrypt-options.js';
import { encrypt } from '../../src/session/one-shot.js';
import { setUpSeal } from '../../src/session/setup/seal-setup.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcomeOf } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { impostor, keys, strangers } from '../support/test-keys.js';
import { MemoryFile } from './memory-file.js';

expectQuietProcess();

const F = 65_536;
const plaintext = patterned(20 * F + 9);
const sealed = await encrypt(plaintext, { keys, encryptionContext: { tenant: 'a' } });
const PREAMBLE = (await readHeader(sealed)).preambleSize;

/** Opens what may be damaged as a file and as a stream: the same error, and the file has all that verified. */
async function expectSame(bytes: Uint8Array, options: Partial<DecryptOptions> = {}) {
  const sink = new MemoryFile();
  const run = new FileDecryption(
    { source: new MemoryFile(bytes), sink },
    { keys, ...options },
    () => undefined,
  );
  const error = await run.run().then(
    () => undefined,
    (thrown) => thrown,
  );
  const stream = await outcomeOf(createDecryptStream({ keys, ...options }), bytes);
  const told = (failure: (Error & { code?: string; atEnd?: boolean }) | undefined) =>
    failure && [failure.name, failure.code, failure.atEnd, failure.message];
  expect(told(error)).toEqual(told(stream.error));
  expect(sink.written.equals(plaintext.subarray(0, sink.written.length))).toBe(true);
  expect(sink.written.length).toBeGreaterThanOrEqual(stream.bytes.length);
  return { code: error?.code, atEnd: error?.atEnd, released: sink.written.length };
}

describe('what is cut', () => {
  it.each([
    0,
    5,
    84,
    PREAMBLE - 1,
    PREAMBLE,
    PREAMBLE + 15,
    PREAMBLE + 16,
    PREAMBLE + F + 15,
    PREAMBLE + F + 16,
    PREAMBLE + 16 * (F + 16),
    PREAMBLE + 16 * (F + 16) + 15,
    PREAMBLE + 16 * (F + 16) + 16,
    sealed.length - 1,
  ])('to %i bytes fails as a stream does, with every whole frame released', async (length) => {
    const { released } = await expectSame(sealed.subarray(0, length));
    expect(released).toBe(F * Math.max(0, Math.floor((length - PREAMBLE) / (F + 16))));
  });
});

describe('what is altered', () => {
  it.each([0, 8, 9, 10, 11, 12, 30, 60, 100, PREAMBLE - 1])('in its preamble, at %i', async (at) => {
    const bytes = Buffer.from(sealed);
    bytes[at]! ^= 0x41;
    expect((await expectSame(bytes)).code).toMatch(/^ERR_SEALPIPE_/);
  });

  it.each([0, 3, 15, 16, 19, 20])('in frame %i', async (frame) => {
    const bytes = Buffer.from(sealed);
    bytes[PREAMBLE + frame * (F + 16) + 5]! ^= 1;
    const { code, atEnd, released } = await expectSame(bytes);
    expect([code, atEnd, released]).toEqual([
      'ERR_SEALPIPE_AUTHENTICATION',
      frame === 20 ? true : undefined,
      frame * F,
    ]);
  });

  it.each([1, 16, F, F + 16, 3 * F])('by %i bytes behind it', async (extra) => {
    const { code } = await expectSame(Buffer.concat([sealed, Buffer.alloc(extra)]));
    expect(code).toBe('ERR_SEALPIPE_AUTHENTICATION');
  });
});

describe('what is not for us', () => {
  it.each([
    ['ERR_SEALPIPE_KEY_MISMATCH', { keys: strangers }],
    ['ERR_SEALPIPE_AUTHENTICATION', { keys: impostor }],
    ['ERR_SEALPIPE_CONTEXT', { encryptionContext: { tenant: 'b' } }],
    ['ERR_SEALPIPE_LIMIT', { maxFrameSize: 4_096 }],
    ['ERR_SEALPIPE_LIMIT', { maxPreambleSize: 1_000 }],
  ])('fails with %s, and nothing is released', async (code, options) => {
    expect(await expectSame(sealed, options)).toMatchObject({ code, released: 0 });
  });

  it('needs its context where that is withheld', async () => {
    const withheld = await encrypt('x', { keys, withholdContext: true });
    expect(await expectSame(withheld)).toMatchObject({ code: 'ERR_SEALPIPE_CONTEXT' });
  });
});

it('a closing segment with plaintext is malformed, and none of it is written', async () => {
  const chain = {
    archive: Buffer.alloc(16, 1),
    index: 3,
    previous: Buffer.alloc(32, 2),
    closed: true,
  } as const;
  const settings = encryptSettings({ keys, chain });
  const setup = await setUpSeal(settings, { plaintextBytes: 1, ended: true }, new AbortController().signal);
  const pieces: Uint8Array[] = [setup.preamble];
  const sealer = new FrameSealer(setup.cipher, setup.layout, (frames) => pieces.push(frames));
  sealer.write(plaintext.subarray(0, 100));
  sealer.finish();
  expect(await expectSame(Buffer.concat(pieces))).toMatchObject({ code: 'ERR_SEALPIPE_FORMAT', released: 0 });
  const closing = await encrypt('', { keys, chain });
  expect(await expectSame(closing)).toMatchObject({ code: undefined });
});
