import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { withDeadline } from '../../../../src/keys/kms/calls/deadline.js';
import { kms } from '../../../../src/keys/kms/index.js';
import { keyRequest } from '../../../conformance/key-request.js';
import { eventually } from '../../../support/eventually.js';
import { PROMPTLY } from '../../../support/outcome.js';
import { refusal } from '../fake-service.js';
import { rejection, serviceForTests } from '../service-for-tests.js';

describe('a call that KMS never answers', () => {
  const service = serviceForTests();
  const hanging = async (more = {}) => {
    const keyId = service().kms.createKey();
    const clientConfig = service().clientConfig();
    const sealer = kms({ keyId, clientConfig });
    const { recipient } = await sealer.generate(keyRequest());
    sealer.close();
    const requestHandler = { requestTimeout: 60_000 };
    const provider = kms({ keyId, clientConfig: { ...clientConfig, requestHandler }, ...more });
    service().fault = () => 'hang';
    return { provider, recipient, keyId };
  };
  const untilReceived = (count: number) => eventually(() => expect(service().received).toHaveLength(count));

  it('ends at its deadline, which may be tried again', async () => {
    const { provider, recipient, keyId } = await hanging({ timeout: 400 });
    const since = performance.now();
    const error = await rejection(provider.unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT', retryable: true });
    expect(error.message).toBe(`KMS Decrypt with ${keyId}: no answer from KMS within 400 ms`);
    expect(performance.now() - since).toBeGreaterThanOrEqual(390);
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
    await eventually(async () => expect(await service().connections()).toBe(0));
  });

  it('ends at its deadline also when the answer has begun', async () => {
    const { provider, recipient } = await hanging({ timeout: 400 });
    service().fault = () => 'stall';
    const error = await rejection(provider.unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT', retryable: true });
    await eventually(async () => expect(await service().connections()).toBe(0));
  });

  it('ends at once when the signal is aborted, and drops its connection', async () => {
    const { provider, recipient } = await hanging();
    const controller = new AbortController();
    const pending = rejection(provider.unwrap(recipient, keyRequest({ signal: controller.signal })));
    await untilReceived(2);
    const reason = new Error('enough');
    const since = performance.now();
    controller.abort(reason);
    const error = await pending;
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect(error.cause, 'the very reason, which the SDK loses').toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await eventually(async () => expect(await service().connections()).toBe(0));
  });

  it('is counted by the whole call: the retries of the SDK get no deadline of their own', async () => {
    const { keyId } = await hanging();
    service().fault = () => refusal('ThrottlingException');
    const clientConfig = { ...service().clientConfig(), maxAttempts: 5_000 };
    const provider = kms({ keyId, clientConfig, timeout: 150 });
    const since = performance.now();
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
  });
});

describe('a deadline', () => {
  it.each<[string, () => Promise<string>, boolean]>([
    ['an answer', async () => 'answer', false],
    ['a failure', () => Promise.reject(new Error('no')), false],
    ['an abort', () => new Promise(() => undefined), true],
  ])('leaves no timer behind after %s', async (_, work, aborts) => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    const clear = vi.spyOn(globalThis, 'clearTimeout');
    onTestFinished(() => void vi.restoreAllMocks());
    const controller = new AbortController();
    const deadline = { timeout: 54_321, signal: controller.signal, what: 'a call' };
    const settled = withDeadline(deadline, work, () => undefined).catch(() => undefined);
    const timers = set.mock.results.filter((_, i) => set.mock.calls[i]?.[1] === 54_321);
    if (aborts) controller.abort();
    await settled;
    expect(timers).toHaveLength(1);
    expect(clear).toHaveBeenCalledWith(timers[0]!.value);
  });
});

describe('a client that does not listen to its signal', () => {
  it('is given up all the same, and its late failure is no unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    let fail = (_: Error): void => {};
    const client = {
      send: () => new Promise((_, reject) => (fail = reject)),
      config: { region: () => 'eu-west-1' },
    };
    const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/a';
    const error = await rejection(kms({ keyId, client, timeout: 20 }).generate(keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    fail(new Error('too late'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is not called any more once the call was given up', async () => {
    let answer = (_: string): void => {};
    const send = vi.fn();
    const client = { send, config: { region: () => new Promise<string>((resolve) => (answer = resolve)) } };
    const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/a';
    await rejection(kms({ keyId, client, timeout: 20 }).generate(keyRequest()));
    answer('eu-west-1');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(send).not.toHaveBeenCalled();
  });
});

describe('a key that was made just now', () => {
  const service = serviceForTests();

  it.each(['NotFoundException', 'AccessDeniedException'])(
    'is waited for after %s, when asked',
    async (name) => {
      let left = 2;
      service().fault = () => (left-- > 0 ? refusal(name) : undefined);
      const provider = kms({
        keyId: service().kms.createKey(),
        clientConfig: service().clientConfig(),
        waitForNewKey: 600_000,
      });
      expect((await provider.generate(keyRequest())).dataKey).toHaveLength(32);
      expect(service().received).toHaveLength(3);
    },
  );

  it('is waited for no longer than was said', async () => {
    service().fault = () => refusal('NotFoundException');
    const provider = kms({
      keyId: service().kms.createKey(),
      clientConfig: service().clientConfig(),
      waitForNewKey: 300,
    });
    const since = performance.now();
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
    });
    expect(performance.now() - since).toBeGreaterThanOrEqual(290);
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
  });

  it.each([
    ['NotFoundException', 0],
    ['DisabledException', 5_000],
  ])('is not waited for after %s with waitForNewKey %i', async (name, waitForNewKey) => {
    service().fault = () => refusal(name);
    const clientConfig = service().clientConfig();
    await rejection(
      kms({ keyId: service().kms.createKey(), clientConfig, waitForNewKey }).generate(keyRequest()),
    );
    expect(service().received).toHaveLength(1);
  });

  it('is not waited for once the signal is aborted', async () => {
    service().fault = () => refusal('NotFoundException');
    const controller = new AbortController();
    const keyId = service().kms.createKey();
    const provider = kms({ keyId, clientConfig: service().clientConfig(), waitForNewKey: 60_000 });
    const pending = rejection(provider.generate(keyRequest({ signal: controller.signal })));
    await eventually(() => expect(service().received).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort('enough');
    expect(await pending).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
