import { describe, expect, test } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import { cachedKeys } from '../../src/keys/cached.js';
import { decrypt, encrypt } from '../../src/streams/one-shot.js';
import { counting } from './counting-provider.js';

const wide = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };

describe('cachedKeys shares a call', () => {
  test('and a failure, which it does not remember', async () => {
    const { provider, calls } = counting();
    let broken = true;
    const keys = cachedKeys(
      {
        ...provider,
        async generate(request) {
          if (!broken) return provider.generate(request);
          calls.generate += 1;
          throw new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'down', { retryable: true });
        },
      },
      wide,
    );
    const results = await Promise.allSettled([encrypt('x', { keys }), encrypt('y', { keys })]);
    expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual(
      Array(2).fill('ERR_SEALPIPE_KEY_UNAVAILABLE'),
    );
    expect(calls.generate).toBe(1);
    broken = false;
    await encrypt('x', { keys });
    expect(calls.generate).toBe(2);
  });

  test('and goes on when one of two waiting streams is aborted', async () => {
    const { provider } = counting();
    const signals: AbortSignal[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const keys = cachedKeys(
      {
        ...provider,
        async generate(request) {
          signals.push(request.signal);
          await gate;
          return provider.generate(request);
        },
      },
      wide,
    );
    const [first, second] = [new AbortController(), new AbortController()];
    const aborted = encrypt('x', { keys, signal: first.signal });
    const served = encrypt('y', { keys, signal: second.signal });
    first.abort(new Error('enough'));
    await expect(aborted).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    release();
    expect(String(await decrypt(await served, { keys }))).toBe('y');
  });

  test('and aborts it when nobody waits any more; the next stream makes a call of its own', async () => {
    const { provider, calls } = counting();
    const signals: AbortSignal[] = [];
    let hang = true;
    const keys = cachedKeys(
      {
        ...provider,
        generate(request) {
          signals.push(request.signal);
          return hang ? new Promise(() => undefined) : provider.generate(request);
        },
      },
      wide,
    );
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => encrypt('x', { keys, signal }));
    for (const controller of controllers) controller.abort();
    await Promise.allSettled(waiting);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    hang = false;
    await encrypt('x', { keys });
    expect(calls.generate).toBe(1);
  });
});
