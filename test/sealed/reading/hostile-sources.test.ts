import { describe, expect, it } from 'vitest';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { recover } from '../../../src/sealed/recovery/recover.js';
import { verify } from '../../../src/sealed/verification/verify.js';
import { encrypt } from '../../../src/session/one-shot.js';
import type { ByteSource } from '../../../src/sources/byte-source.js';
import { outcome, PROMPTLY, timeToClose } from '../../support/outcome.js';
import { patterned } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';

const sealed = await encrypt(patterned(3 * 65_536), { keys });
const honest: ByteSource = {
  size: async () => sealed.length,
  read: async (start, end) => sealed.subarray(start, end),
};

describe('a source that does not keep its word', () => {
  it.each<[string, Partial<ByteSource>, object]>([
    [
      'answers fewer bytes',
      { read: async (s, e) => sealed.subarray(s, e - 1) },
      { code: 'ERR_SEALPIPE_TRUNCATED' },
    ],
    ['answers none', { read: async () => Buffer.alloc(0) }, { code: 'ERR_SEALPIPE_TRUNCATED' }],
    [
      'answers more bytes',
      { read: async (s, e) => sealed.subarray(s, e + 1) },
      { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' },
    ],
    ['answers text', { read: async () => 'x' as never }, { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }],
    ['answers nothing', { read: async () => undefined as never }, { name: 'TypeError' }],
    ['has no size', { size: async () => Number.NaN }, { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }],
    ['has a negative size', { size: async () => -1 }, { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }],
    ['has a size that is too small', { size: async () => 100 }, { code: 'ERR_SEALPIPE_TRUNCATED' }],
    [
      'throws what is no promise',
      {
        read: () => {
          throw new RangeError('mine');
        },
      },
      { name: 'RangeError', message: 'mine' },
    ],
    [
      'rejects with nothing',
      { read: () => Promise.reject() },
      { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' },
    ],
    [
      'rejects with nothing when it is asked for its size',
      { size: () => Promise.reject() },
      { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' },
    ],
  ])('%s', async (_, wrong, refusal) => {
    let closed = 0;
    const close = async () => void (closed += 1);
    await expect(openSealed({ ...honest, ...wrong, close }, { keys })).rejects.toMatchObject(refusal);
    expect(closed).toBe(1);
  });

  it('changes between reads: what it answers then does not verify', async () => {
    let bytes = sealed;
    await using reader = await openSealed(
      { ...honest, read: async (s: number, e: number) => bytes.subarray(s, e) },
      { keys },
    );
    bytes = Buffer.from(sealed).fill(7, 20_000);
    await expect(reader.read(0, 10)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });

  it('rejects with nothing: a stream, a check and a recovery still fail with an error', async () => {
    let isHonest = true;
    const read: ByteSource['read'] = (start, end) =>
      isHonest ? honest.read(start, end, new AbortController().signal) : Promise.reject();
    const refusal = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
    await using reader = await openSealed({ ...honest, read }, { keys });
    isHonest = false;
    expect((await outcome(reader.createReadStream())).error).toMatchObject(refusal);
    isHonest = true;
    const onHeader = () => {
      isHonest = false;
    };
    await expect(verify({ ...honest, read }, { keys, onHeader })).rejects.toMatchObject(refusal);
    isHonest = true;
    await using recovery = await recover({ ...honest, read }, { keys, onHeader });
    expect((await outcome(recovery.createReadStream())).error).toMatchObject(refusal);
    await expect(recovery.report).rejects.toMatchObject(refusal);
  });

  it('never answers: an abort ends the wait for the size, a read and a stream', async () => {
    const never = () => new Promise<never>(() => undefined);
    for (const silent of [
      { ...honest, size: never },
      { ...honest, read: never },
    ]) {
      const controller = new AbortController();
      const opening = openSealed(silent, { keys, signal: controller.signal });
      controller.abort('enough');
      await expect(opening).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    }
    let isSilent = false;
    const read: ByteSource['read'] = async (start, end) => (isSilent ? never() : sealed.subarray(start, end));
    const controller = new AbortController();
    const reader = await openSealed({ ...honest, read }, { keys });
    isSilent = true;
    const stream = reader.createReadStream({ signal: controller.signal });
    const over = outcome(stream);
    controller.abort('enough');
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect((await over).error).toMatchObject({ name: 'AbortError', cause: 'enough' });
    const [pending, abandoned] = [reader.read(0, 1), reader.createReadStream().on('error', () => undefined)];
    abandoned.resume();
    await reader.close();
    await expect(pending).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(await timeToClose(abandoned)).toBeLessThan(PROMPTLY);
  });

  it('answers late: after the abort nobody waits for it, and it does no harm', async () => {
    let answer: (bytes: Uint8Array) => void = () => undefined;
    const late = { ...honest, read: () => new Promise<Uint8Array>((resolve) => (answer = resolve)) };
    const controller = new AbortController();
    const opening = openSealed(late, { keys, signal: controller.signal });
    await new Promise(setImmediate);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'ABORT_ERR' });
    answer(sealed.subarray(0, 8_192));
    await new Promise(setImmediate);
  });
});
