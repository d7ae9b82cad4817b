import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { watched } from '../support/watched-provider.js';

expectQuietProcess();

const reason = { why: 'enough' };
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR', cause: reason };
const directions = [
  ['encrypt', createEncryptStream, async () => Buffer.alloc(300_000)],
  ['decrypt', createDecryptStream, () => encrypt(Buffer.alloc(300_000), { keys })],
] as const;

describe.each(directions)('the signal of an %s stream', (_, create, input) => {
  it('aborted before the stream is made: AbortError, and no key call', async () => {
    const { provider, calls } = watched(keys);
    const stream = create({ keys: provider, signal: AbortSignal.abort(reason) });
    const { bytes, error } = await outcomeOf(stream, await input());
    expect(error).toMatchObject(ABORTED);
    expect([bytes.length, calls]).toEqual([0, []]);
  });

  it('aborted in the tick in which the stream is made: AbortError, and no key call', async () => {
    const { provider, calls } = watched(keys);
    const controller = new AbortController();
    const stream = create({ keys: provider, signal: controller.signal });
    const over = outcome(stream);
    controller.abort(reason);
    expect((await over).error).toMatchObject(ABORTED);
    expect(calls).toEqual([]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('aborted in mid-stream: AbortError, no last frame, and no listener stays', async () => {
    const controller = new AbortController();
    const stream = create({ keys, signal: controller.signal });
    const over = outcome(stream);
    stream.write((await input()).subarray(0, 200_000));
    await new Promise((resolve) => stream.once('data', resolve));
    expect(getEventListeners(controller.signal, 'abort').length).toBe(1);
    controller.abort(reason);
    const { error, ended } = await over;
    expect([ended, stream.writableFinished]).toEqual([false, false]);
    expect(error).toMatchObject(ABORTED);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('aborted after the end: nothing happens, and no listener stayed', async () => {
    const controller = new AbortController();
    const stream = create({ keys, signal: controller.signal });
    const { error, ended } = await outcomeOf(stream, await input());
    expect([error, ended]).toEqual([undefined, true]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort(reason);
    await turns();
    expect(stream.errored).toBeNull();
  });

  it('leaves no listener behind when the stream fails', async () => {
    const controller = new AbortController();
    const stream = create({ keys, signal: controller.signal });
    const over = outcome(stream);
    await turns();
    stream.destroy(new Error('mine'));
    await over;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('has one listener for all the streams that have it in common, and ends them all', async () => {
    const controller = new AbortController();
    const streams = Array.from({ length: 30 }, () => create({ keys, signal: controller.signal }));
    const over = streams.map((stream) => outcome(stream));
    await turns();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    streams[0]!.destroy();
    controller.abort(reason);
    const errors = (await Promise.all(over)).map(({ error }) => error);
    expect(errors[0]).toBeUndefined();
    for (const error of errors.slice(1)) expect(error).toMatchObject(ABORTED);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('is not needed to destroy a stream before it began: no key call', async () => {
    const { provider, calls } = watched(keys);
    const stream = create({ keys: provider });
    stream.write(await input());
    const fresh = create({ keys: provider });
    fresh.destroy();
    expect(await outcome(fresh)).toMatchObject({ error: undefined, ended: false });
    stream.destroy();
    await turns();
    expect(calls.length).toBeLessThanOrEqual(1);
  });
});

it('a stream that is sealed until the abort does not open as a whole one', async () => {
  const controller = new AbortController();
  const stream = createEncryptStream({ keys, signal: controller.signal });
  const over = outcome(stream);
  stream.write(Buffer.alloc(65_536 * 3));
  await new Promise((resolve) => stream.once('data', resolve));
  await turns();
  controller.abort(reason);
  const { bytes } = await over;
  expect(bytes.length).toBeGreaterThan(65_536);
  await expect(decrypt(bytes, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
});

it('a reason that is not an error is kept as it is, and so is none', async () => {
  for (const given of ['text', 0, undefined]) {
    const stream = createEncryptStream({ keys, signal: AbortSignal.abort(given) });
    const { error } = await outcome(stream);
    expect(error?.name).toBe('AbortError');
    if (given !== undefined) expect(error?.cause).toBe(given);
  }
});
