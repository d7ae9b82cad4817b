import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '../../src/keys/provider.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { hanging } from '../support/hanging-provider.js';
import { outcomeOf } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { impostor, keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

const F = 4_096;
const SIZES = [0, 1, F - 1, F, F + 1, 3 * F + 5, 300 * F];

describe.each(['fixed', 'record'] as const)('encrypt() and decrypt() in the %s layout', (layout) => {
  it.each(SIZES)('agree with each other and with the streams on %i bytes', async (size) => {
    const plaintext = patterned(size);
    const sealed = await encrypt(plaintext, { keys, layout, frameSize: F });
    expect((await decrypt(sealed, { keys })).equals(plaintext)).toBe(true);
    expect((await outcomeOf(createDecryptStream({ keys }), sealed)).bytes.equals(plaintext)).toBe(true);
    const stream = createEncryptStream({ keys, layout, frameSize: F });
    const streamed = (await outcomeOf(stream, plaintext)).bytes;
    expect(streamed.length).toBe(sealed.length);
    expect((await decrypt(streamed, { keys })).equals(plaintext)).toBe(true);
  });
});

describe('encrypt()', () => {
  it('takes a string as UTF-8, and bytes of any view', async () => {
    expect(String(await decrypt(await encrypt('zwölf \ufeff', { keys }), { keys }))).toBe('zwölf \ufeff');
    const view = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
    expect(await decrypt(await encrypt(view, { keys }), { keys })).toEqual(Buffer.from([1, 2]));
  });

  it.each([undefined, null, 7, {}, [1], new ArrayBuffer(1), 'lone \ud800'])(
    'refuses %j',
    async (plaintext) => {
      const { provider, calls } = watched(keys);
      await expect(encrypt(plaintext as string, { keys: provider })).rejects.toMatchObject({
        name: 'TypeError',
        code: 'ERR_SEALPIPE_OPTIONS',
      });
      expect(calls).toEqual([]);
    },
  );

  it('never seals one message twice to the same bytes', async () => {
    const [one, two] = await Promise.all([encrypt('hello', { keys }), encrypt('hello', { keys })]);
    expect(one.equals(two)).toBe(false);
    expect(one.subarray(20, 52).equals(two.subarray(20, 52)), 'the salts').toBe(false);
  });

  it('stops waiting for confirm when its signal is aborted', async () => {
    const controller = new AbortController();
    const confirm = () => {
      setImmediate(() => controller.abort('enough'));
      return new Promise(() => undefined);
    };
    const { provider, dataKeys } = watched(keys);
    const sealing = encrypt('hello', { keys: provider, confirm, signal: controller.signal });
    await expect(sealing).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    expect(dataKeys.map(isWiped)).toEqual([true]);
  });

  it.each([
    ['a promise', () => Promise.reject(new Error('no'))],
    ['a function', () => () => Promise.reject(new Error('no'))],
  ])('gives nothing where confirm, %s, rejects', async (_, confirm) => {
    await expect(encrypt('hello', { keys, confirm: confirm() })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CONFIRM',
    });
  });

  it('fails at once if confirm rejects during the key call, which is given up', async () => {
    let given: AbortSignal | undefined;
    const silent = altered(keys, {
      generate: ({ signal }: KeyRequest) => {
        given = signal;
        return new Promise(() => undefined);
      },
    });
    const confirm = turns().then(() => Promise.reject(new Error('no')));
    await expect(encrypt('hello', { keys: silent, confirm })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CONFIRM',
    });
    expect(given?.aborted).toBe(true);
  });

  it('leaves no rejection of confirm unhandled if something else fails first', async () => {
    const confirm = () => turns().then(() => Promise.reject(new Error('no')));
    const broken = altered(keys, { generate: () => Promise.reject(new Error('key')) });
    await expect(encrypt('hello', { keys: broken, confirm: confirm() })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    });
    await expect(encrypt('hello', { keys, confirm: confirm(), expectedLength: 4 })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_LENGTH',
    });
    const signal = AbortSignal.abort('enough');
    await expect(encrypt('hello', { keys, confirm: confirm(), signal })).rejects.toMatchObject({
      code: 'ABORT_ERR',
    });
  });
});

describe('decrypt()', () => {
  it.each([undefined, null, 'text', 7, {}, [1]])('refuses %j', async (sealed) => {
    await expect(decrypt(sealed as unknown as Buffer, { keys })).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
  });

  it.each([
    ['nothing', (_: Buffer) => Buffer.alloc(0), 'ERR_SEALPIPE_TRUNCATED'],
    ['a cut end', (sealed: Buffer) => sealed.subarray(0, -1), 'ERR_SEALPIPE_AUTHENTICATION'],
    [
      'a byte more',
      (sealed: Buffer) => Buffer.concat([sealed, Buffer.alloc(1)]),
      'ERR_SEALPIPE_AUTHENTICATION',
    ],
    ['another file', (_: Buffer) => Buffer.from('hello'), 'ERR_SEALPIPE_FORMAT'],
  ])('gives nothing for %s, not even the frames that are sound', async (_, change, code) => {
    const sealed = change(await encrypt(Buffer.alloc(3 * F + 9), { keys, frameSize: F }));
    await expect(decrypt(sealed, { keys })).rejects.toMatchObject({ code });
  });

  it('refuses with the wrong key', async () => {
    await expect(decrypt(await encrypt('x', { keys }), { keys: impostor })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_AUTHENTICATION',
    });
  });
});

describe.each(['encrypt', 'decrypt'] as const)('the signal of %s()', (direction) => {
  const run = async (provider: typeof keys, signal: AbortSignal) =>
    direction === 'encrypt'
      ? encrypt('hello', { keys: provider, signal })
      : decrypt(await encrypt('hello', { keys }), { keys: provider, signal });

  it('aborted before: AbortError, and no key call', async () => {
    const { provider, calls } = watched(keys);
    await expect(run(provider, AbortSignal.abort('enough'))).rejects.toMatchObject({
      code: 'ABORT_ERR',
      cause: 'enough',
    });
    expect(calls).toEqual([]);
  });

  it('aborted while the key call hangs: AbortError at once, and the late key is wiped', async () => {
    const seen = watched(keys);
    const { provider, asked, answer } = hanging(seen.provider, 'generate', 'unwrap');
    const controller = new AbortController();
    const running = run(provider, controller.signal);
    running.catch(() => undefined);
    await asked;
    controller.abort('enough');
    await expect(running).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    answer();
    await turns();
    expect(seen.dataKeys.map(isWiped)).toEqual([true]);
  });
});
