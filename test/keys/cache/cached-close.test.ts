import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CachedKeysOptions } from '../../../src/keys/cache/cached.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { keyRequest } from '../../conformance/key-request.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { keys as base, strangers } from '../../support/test-keys.js';
import { isWiped } from '../../support/watched-provider.js';
import { counting } from './counting-provider.js';
import { gated } from './gated-provider.js';
import { stopClock } from './still-clock.js';

expectQuietProcess();
stopClock();

const wide: CachedKeysOptions = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };
const CLOSED = {
  name: 'TypeError',
  code: 'ERR_SEALPIPE_OPTIONS',
  message: 'These cached keys have been closed',
};

describe('close', () => {
  test('is what `using` calls', async () => {
    const keys = cachedKeys(base, wide);
    keys[Symbol.dispose]();
    await expect(encrypt('x', { keys })).rejects.toMatchObject(CLOSED);
  });

  test('refuses what comes later, without a call, and may be called again', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, wide);
    const sealed = await encrypt('x', { keys });
    await decrypt(sealed, { keys });
    keys.close();
    keys.close();
    await expect(encrypt('x', { keys })).rejects.toMatchObject(CLOSED);
    await expect(decrypt(sealed, { keys })).rejects.toMatchObject(CLOSED);
    expect(calls).toEqual({ generate: 1, unwrap: 1 });
  });

  test('leaves wrap and matches, which hold no key here, as they are', async () => {
    const keys = cachedKeys(base, wide);
    keys.close();
    const sealed = await encrypt('x', { keys: [strangers, keys] });
    expect(String(await decrypt(sealed, { keys: base }))).toBe('x');
    expect(keys.matches({ provider: 'raw', key: 'test', wrapped: new Uint8Array(1) })).toBe(true);
  });

  test('during a shared call, every stream that had asked gets its key, which is not kept', async () => {
    const { provider, requests, given, open } = gated(base);
    const keys = cachedKeys(provider, wide);
    const sealed = ['a', 'b', 'c'].map((text) => encrypt(text, { keys }));
    await turns();
    keys.close();
    await expect(encrypt('late', { keys })).rejects.toMatchObject(CLOSED);
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([false]);
    open();
    const opened = (await Promise.all(sealed)).map((bytes) => decrypt(bytes, { keys: base }));
    expect((await Promise.all(opened)).map(String)).toEqual(['a', 'b', 'c']);
    expect(given.map(isWiped)).toEqual([true]);
    await expect(encrypt('later', { keys })).rejects.toMatchObject(CLOSED);
  });

  test('during a shared call for opening, does the same', async () => {
    const sealed = await encrypt('x', { keys: base });
    const { provider, given, open } = gated(base);
    const keys = cachedKeys(provider, { ...wide, maxStreams: 2 });
    const opened = [1, 2, 3].map(() => decrypt(sealed, { keys }));
    await turns();
    keys.close();
    open();
    expect((await Promise.all(opened)).map(String)).toEqual(['x', 'x', 'x']);
    expect(given.map(isWiped)).toEqual([true, true]);
  });

  test('leaves a stream that waits the right to give up', async () => {
    const { provider, requests } = gated(base);
    const keys = cachedKeys(provider, wide);
    const controller = new AbortController();
    const asked = keys.generate(keyRequest({ signal: controller.signal }));
    keys.close();
    controller.abort('enough');
    await expect(asked).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true]);
  });
});

test('the timer of a cached key keeps no process alive', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => timers.mockRestore());
  const keys = cachedKeys(base, { ...wide, maxAge: 54_321 });
  await keys.generate(keyRequest());
  // Rounded up, from a clock of fractions.
  const own = timers.mock.results.filter((_, i) => [54_321, 54_322].includes(timers.mock.calls[i]?.[1] ?? 0));
  expect(own.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
  keys.close();
});
