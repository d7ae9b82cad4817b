import { describe, expect, it } from 'vitest';
import type { Recipient } from '../../src/format/stream-header.js';
import type { KeyRequest } from '../../src/keys/provider.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { SHRINKING } from '../support/shrinking.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = patterned(2_600_000);
const changed = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
const ENGINES = ['native', 'node', 'noble'] as const;
const LAYOUTS = ['fixed', 'record'] as const;
const ways = ENGINES.flatMap((engine) =>
  LAYOUTS.flatMap((layout) => SHRINKING.map((shrinking) => ({ engine, layout, ...shrinking }))),
);

describe.each(ways)('a chunk that is $way, with the $engine engine in the $layout layout,', (how) => {
  const { engine, layout, make, shrink } = how;
  // The noble engine is slow.
  const bytes = engine === 'noble' ? plaintext.subarray(0, 1_300_000) : plaintext;

  it('is refused while it is sealed, and the stream never looks whole', async () => {
    const stream = createEncryptStream({ keys, engine, layout });
    const over = outcome(stream);
    const chunk = make(bytes);
    stream.once('header', () => stream.on('data', () => stream.framesOut > 0 && shrinkOnce()));
    const shrinkOnce = () => chunk.length === bytes.length && shrink(chunk);
    stream.end(chunk);
    const { error, ended, bytes: sealed } = await over;
    expect(error).toMatchObject(changed);
    expect(ended).toBe(false);
    await expect(decrypt(sealed, { keys })).rejects.toMatchObject({ cutShort: true });
  });

  it('is refused while it is opened, and what left is the beginning', async () => {
    const sealed = await encrypt(bytes, { keys, engine, layout });
    const stream = createDecryptStream({ keys, engine });
    const over = outcome(stream);
    const chunk = make(sealed);
    stream.once('data', () => shrink(chunk));
    // The first bytes apart: the key call is over by then.
    stream.write(sealed.subarray(0, 100_000));
    stream.write(chunk.subarray(100_000));
    stream.end();
    const got = await over;
    expect(got.error).toMatchObject(changed);
    expect(got.ended).toBe(false);
    expect(got.bytes.equals(bytes.subarray(0, got.bytes.length))).toBe(true);
  });
});

describe.each(SHRINKING.slice(0, 2))('a chunk that is $way before its turn', ({ make, shrink }) => {
  it.each(LAYOUTS)('fails an encrypt stream in the %s layout', async (layout) => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    const chunk = make(Buffer.from('a line that must not be lost'));
    stream.write('before');
    stream.end(chunk);
    shrink(chunk);
    const { error, ended, bytes } = await over;
    expect(error).toMatchObject(changed);
    expect(ended).toBe(false);
    await expect(decrypt(bytes, { keys })).rejects.toMatchObject({ cutShort: true });
  });

  it('fails a decrypt stream', async () => {
    const sealed = await encrypt('hello', { keys });
    const stream = createDecryptStream({ keys });
    const over = outcome(stream);
    const chunk = make(sealed.subarray(90));
    stream.write(sealed.subarray(0, 90));
    stream.end(chunk);
    shrink(chunk);
    expect(await over).toMatchObject({ error: changed, ended: false });
  });

  it('fails a decrypt stream that waits for its key', async () => {
    const chunk = make(await encrypt('hello', { keys }));
    const stream = createDecryptStream({ keys: slow(() => shrink(chunk)) });
    const over = outcome(stream);
    stream.end(chunk);
    expect(await over).toMatchObject({ error: changed, ended: false });
  });

  it('is not taken for a message by encrypt() or decrypt()', async () => {
    const message = make(Buffer.from('hello'));
    const sealing = encrypt(message, { keys: slow(() => shrink(message)) });
    await expect(sealing).rejects.toMatchObject(changed);
    const sealed = make(await encrypt('hello', { keys }));
    const opening = decrypt(sealed, { keys: slow(() => shrink(sealed)) });
    await expect(opening).rejects.toMatchObject(changed);
  });
});

it('a chunk whose length may still change is refused, although it has not changed', async () => {
  const { make } = SHRINKING.at(-1)!;
  const refused = { ...changed, message: expect.stringContaining('write a copy of it') };
  const sealing = createEncryptStream({ keys });
  expect(await outcomeOf(sealing, make(Buffer.from('hello')))).toMatchObject({
    error: refused,
    ended: false,
  });
  const opening = createDecryptStream({ keys });
  const sealed = make(await encrypt('hello', { keys }));
  expect(await outcomeOf(opening, sealed)).toMatchObject({ error: refused, ended: false });
});

it('a chunk may lose its memory once all of its bytes are sealed', async () => {
  const [{ make, shrink } = SHRINKING[0]!] = SHRINKING;
  const chunk = make(plaintext.subarray(0, 1_048_576));
  const stream = createEncryptStream({ keys });
  const over = outcome(stream);
  stream.on('data', () => stream.framesOut === 16 && chunk.length > 0 && shrink(chunk));
  stream.end(chunk);
  const { bytes, ended } = await over;
  expect(ended).toBe(true);
  expect((await decrypt(bytes, { keys })).equals(plaintext.subarray(0, 1_048_576))).toBe(true);
});

/** The keys, which are told of each call before they answer. */
function slow(told: () => void): typeof keys {
  return altered(keys, {
    generate: (request: KeyRequest) => keys.generate(request).finally(told),
    unwrap: (recipient: Recipient, request: KeyRequest) => keys.unwrap(recipient, request).finally(told),
  });
}
