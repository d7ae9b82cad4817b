import { describe, expect, it } from 'vitest';
import { decrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { hanging } from '../support/hanging-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const record = { keys, layout: 'record' } as const;
const REFUSED = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
const mine = new Error('mine');

describe('flush() is refused, and the stream is not touched,', () => {
  it('in the fixed layout', async () => {
    const stream = createEncryptStream({ keys });
    const over = outcome(stream);
    stream.write('a');
    await expect(stream.flush()).rejects.toMatchObject(REFUSED);
    stream.end('b');
    const { bytes, ended } = await over;
    expect(ended).toBe(true);
    expect(String(await decrypt(bytes, { keys }))).toBe('ab');
  });

  it('after end()', async () => {
    const stream = createEncryptStream(record);
    const over = outcome(stream);
    stream.end('a');
    await expect(stream.flush()).rejects.toMatchObject(REFUSED);
    const { bytes, error } = await over;
    expect([error, String(await decrypt(bytes, { keys }))]).toEqual([undefined, 'a']);
    await expect(stream.flush()).rejects.toMatchObject(REFUSED);
  });

  it('after destroy()', async () => {
    const stream = createEncryptStream(record);
    stream.destroy();
    await expect(stream.flush()).rejects.toMatchObject(REFUSED);
    expect(await outcome(stream)).toMatchObject({ error: undefined });
  });
});

describe('a flush() that is pending rejects', () => {
  it.each([
    ['destroy()', undefined, { code: 'ERR_STREAM_DESTROYED' }],
    ['destroy(error)', mine, mine],
  ])('at %s, while the key call hangs', async (_, error, expected) => {
    const { provider, asked } = hanging(keys, 'generate');
    const stream = createEncryptStream({ ...record, keys: provider });
    const over = outcome(stream);
    stream.write('a');
    const flushes = [stream.flush(), stream.flush()];
    await asked;
    stream.destroy(error);
    for (const flush of flushes) await expect(flush).rejects.toMatchObject(expected);
    expect((await over).error).toBe(error);
  });

  it('at destroy(), behind a stalled reader', async () => {
    const stream = createEncryptStream({ ...record, readableHighWaterMark: 10 });
    stream.write(Buffer.alloc(100_000));
    const flush = stream.flush();
    await turns(10);
    stream.destroy();
    await expect(flush).rejects.toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });

  it('with the abort of the signal', async () => {
    const controller = new AbortController();
    const { provider, asked } = hanging(keys, 'generate');
    const stream = createEncryptStream({ ...record, keys: provider, signal: controller.signal });
    const over = outcome(stream);
    const flush = stream.flush();
    await asked;
    controller.abort(mine);
    await expect(flush).rejects.toMatchObject({ name: 'AbortError', cause: mine });
    expect((await over).error?.name).toBe('AbortError');
  });

  it('with the failure of the key', async () => {
    const broken = altered(keys, { generate: () => Promise.reject(mine) });
    const stream = createEncryptStream({ ...record, keys: broken });
    const over = outcome(stream);
    await expect(stream.flush()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
    expect((await over).error?.cause).toBe(mine);
  });

  it('with the failure of a write before it', async () => {
    const stream = createEncryptStream({ ...record, expectedLength: 3 });
    const over = outcome(stream);
    stream.write('four');
    await expect(stream.flush()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LENGTH' });
    expect((await over).error?.code).toBe('ERR_SEALPIPE_LENGTH');
  });

  it('when the reader of its frame destroys the stream, or the frame has left', async () => {
    const stream = createEncryptStream(record);
    stream.on('data', () => {
      if (stream.framesOut > 0) stream.destroy();
    });
    stream.write('a');
    await stream.flush().catch((error) => expect(error.code).toBe('ERR_STREAM_DESTROYED'));
    expect(stream.destroyed).toBe(true);
  });
});

it('nobody needs to look at a flush() that fails', async () => {
  const fixed = createEncryptStream({ keys });
  void fixed.flush();
  const stream = createEncryptStream(record);
  void stream.flush();
  stream.destroy();
  void stream.flush();
  const ended = createEncryptStream(record);
  const over = outcomeOf(ended);
  void ended.flush();
  fixed.destroy();
  await turns();
  expect((await over).ended).toBe(true);
});
