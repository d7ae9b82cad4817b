import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { hanging } from '../support/hanging-provider.js';
import { outcome, outcomeOf, PROMPTLY, timeToClose } from '../support/outcome.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = Buffer.alloc(70_000, 'x');
const no = new Error('the source died');
const LAYOUTS = ['fixed', 'record'] as const;

describe.each(LAYOUTS)('confirm, in the %s layout', (layout) => {
  it.each([
    ['a promise that has resolved', () => Promise.resolve()],
    ['a promise that resolves with false', () => Promise.resolve(false)],
    ['a promise that resolves late', () => new Promise((resolve) => setTimeout(resolve, 20))],
    ['a function', () => () => undefined],
    ['a function that answers false', () => () => false],
    ['a function that answers a promise', () => () => Promise.resolve()],
  ])('as %s seals the last frame', async (_, make) => {
    const stream = createEncryptStream({ keys, layout, confirm: make() });
    const { bytes, error, ended } = await outcomeOf(stream, plaintext);
    expect([error, ended]).toEqual([undefined, true]);
    expect((await decrypt(bytes, { keys })).equals(plaintext)).toBe(true);
  });

  it.each([
    ['a promise that has rejected', () => Promise.reject(no)],
    ['a promise that rejects late', () => new Promise((_, reject) => setTimeout(reject, 20, no))],
    [
      'a function that throws',
      () => () => {
        throw no;
      },
    ],
    ['a function whose promise rejects', () => () => Promise.reject(no)],
    ['a function whose promise rejects late', () => () => turns().then(() => Promise.reject(no))],
  ])('as %s withholds the last frame', async (_, make) => {
    const stream = createEncryptStream({ keys, layout, confirm: make() });
    const { bytes, error, ended } = await outcomeOf(stream, plaintext);
    expect(error).toMatchObject({ name: 'SealpipeError', code: 'ERR_SEALPIPE_CONFIRM', cause: no });
    expect(ended).toBe(false);
    const refused = await decrypt(bytes, { keys }).catch((reason) => reason);
    expect(['ERR_SEALPIPE_TRUNCATED', 'ERR_SEALPIPE_AUTHENTICATION']).toContain(refused.code);
    if (refused.code === 'ERR_SEALPIPE_AUTHENTICATION') expect(refused.atEnd).toBe(true);
  });

  it('also withholds the last frame of an empty plaintext', async () => {
    const stream = createEncryptStream({ keys, layout, confirm: () => Promise.reject(no) });
    const { bytes, error } = await outcomeOf(stream);
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    await expect(decrypt(bytes, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });
});

describe('confirm as a function', () => {
  it('is called once, after the last byte was taken and before the last frame', async () => {
    const seen: number[][] = [];
    const confirm = () => void seen.push([stream.bytesIn, stream.framesOut]);
    const stream = createEncryptStream({ keys, confirm });
    const over = outcome(stream);
    stream.write(plaintext);
    await turns();
    expect(seen).toEqual([]);
    stream.end('tail');
    expect((await over).error).toBeUndefined();
    expect(seen).toEqual([[70_004, 1]]);
  });

  it('is not called for a stream that fails before its end', async () => {
    let calls = 0;
    const stream = createEncryptStream({ keys, confirm: () => void calls++ });
    const over = outcome(stream);
    stream.write(plaintext);
    await turns();
    stream.destroy(no);
    await over;
    expect(calls).toBe(0);
  });

  it('that never answers does not keep destroy() waiting', async () => {
    const stream = createEncryptStream({ keys, confirm: () => new Promise(() => undefined) });
    const over = outcomeOf(stream, plaintext);
    await turns(10);
    stream.destroy();
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect((await over).ended).toBe(false);
  });

  it.each(['resolve', 'reject'] as const)('may %s after destroy(): nothing happens', async (how) => {
    const answer = { resolve: (_?: unknown): void => undefined, reject: (_?: unknown): void => undefined };
    const confirm = () => new Promise((resolve, reject) => Object.assign(answer, { resolve, reject }));
    const stream = createEncryptStream({ keys, confirm });
    const over = outcomeOf(stream, plaintext);
    await turns(10);
    stream.destroy();
    const { bytes, error } = await over;
    answer[how](no);
    await turns();
    expect([error, stream.bytesOut]).toEqual([undefined, bytes.length]);
  });

  it('may destroy the stream itself', async () => {
    const stream = createEncryptStream({ keys, confirm: () => void stream.destroy(no) });
    expect(await outcomeOf(stream, plaintext)).toMatchObject({ error: no, ended: false });
  });
});

describe('confirm as a promise', () => {
  it('fails the stream as soon as it rejects, with nothing written and the source still open', async () => {
    const stream = createEncryptStream({ keys, confirm: Promise.reject(no) });
    expect((await outcome(stream)).error).toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM', cause: no });
  });

  it('fails the stream even while the key call hangs', async () => {
    const { provider } = hanging(keys, 'generate');
    const stream = createEncryptStream({ keys: provider, confirm: Promise.reject(no) });
    expect((await outcome(stream)).error).toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
  });

  it('may reject after the stream was destroyed', async () => {
    let reject = (_: unknown): void => undefined;
    const confirm = new Promise((_, refuse) => {
      reject = refuse;
    });
    const stream = createEncryptStream({ keys, confirm });
    stream.destroy();
    expect((await outcome(stream)).error).toBeUndefined();
    reject(no);
    await turns();
    expect(stream.errored).toBeNull();
  });

  it('may be any thenable, and is asked once', async () => {
    let asked = 0;
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what this test is about
      then: (resolve: (value: unknown) => void) => {
        asked++;
        resolve(undefined);
      },
    };
    const confirm = lazy as unknown as PromiseLike<unknown>;
    expect((await outcomeOf(createEncryptStream({ keys, confirm }), plaintext)).ended).toBe(true);
    expect(asked).toBe(1);
    await encrypt(plaintext, { keys, confirm });
    expect(asked).toBe(2);
  });
});
