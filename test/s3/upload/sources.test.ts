import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { hanging } from '../../support/hanging-provider.js';
import { patterned } from '../../support/pieces.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { MIB, opened, openUploads, source, stored, upload } from './uploads.js';

const here = fakeForTests();
const SPREAD = [0, 1_000, 65_536, 4 * MIB, 5 * MIB, 6 * MIB, 11 * MIB, 23 * MIB];

async function nothingIsLeft(key = 'k'): Promise<void> {
  expect(stored(here, key)).toBeUndefined();
  expect(openUploads(here)).toBe(0);
}

describe('a source that fails', () => {
  it.each(SPREAD)('with an error after %d bytes leaves no object and no part', async (size) => {
    await expect(upload(here, source(size, 'fails'))).rejects.toThrow('the disk is broken');
    await nothingIsLeft();
  });

  it.each(SPREAD)('by its end without an error after %d bytes leaves no object and no part', async (size) => {
    await expect(upload(here, source(size, 'is destroyed'))).rejects.toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    });
    await nothingIsLeft();
  });

  it.each(SPREAD)('cleanly but early, after %d bytes, never becomes an object', async (size) => {
    const refused = upload(here, source(size), { confirm: () => Promise.reject(new Error('status 1')) });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    await nothingIsLeft();
    const short = upload(here, source(size), { expectedLength: size + 1 });
    await expect(short).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LENGTH' });
    await nothingIsLeft();
  });

  it('leaves the object of last night', async () => {
    await upload(here, source(10));
    const before = stored(here)!;
    const failed = upload(here, source(12 * MIB), {
      overwrite: true,
      confirm: () => Promise.reject(new Error('no')),
    });
    await expect(failed).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    expect(stored(here)!.equals(before)).toBe(true);
    expect(openUploads(here)).toBe(0);
  });

  it('with more than it promised ends at once', async () => {
    await expect(upload(here, source(12 * MIB), { expectedLength: MIB })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_LENGTH',
    });
    await nothingIsLeft();
  });

  it('before anything is read of it ends the upload', async () => {
    here.fake.fault('HeadObject', { kind: 'delay', milliseconds: 200 });
    const body = new Readable({ read: () => undefined });
    const failed = upload(here, body);
    setTimeout(() => body.destroy(new Error('early')), 20);
    await expect(failed).rejects.toThrow('early');
    expect(here.fake.seen.of('PutObject')).toEqual([]);
  });

  it('by a generator that throws leaves nothing', async () => {
    const body = (async function* () {
      yield patterned(12 * MIB);
      throw new Error('no more');
    })();
    await expect(upload(here, body)).rejects.toThrow('no more');
    await nothingIsLeft();
  });

  it('by giving what are no bytes leaves nothing', async () => {
    await expect(upload(here, Readable.from([patterned(10), { a: 1 }]))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    await nothingIsLeft();
  });

  it('by silence, if that is not allowed', async () => {
    const silent = upload(here, source(6 * MIB, 'stalls'), { sourceTimeout: 150 });
    await expect(silent).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    await nothingIsLeft();
  });

  it('is not one that is only slow', async () => {
    const body = Readable.from(
      (async function* () {
        for (let i = 0; i < 4; i++) {
          yield patterned(1_000);
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      })(),
    );
    await upload(here, body, { sourceTimeout: 200 });
    expect((await opened(here)).length).toBe(4_000);
  });
});

describe('an upload that fails', () => {
  it('destroys its source', async () => {
    const body = source(99 * MIB);
    here.fake.fault(
      { on: 'UploadPart', skip: 1, times: 99 },
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
    );
    await expect(upload(here, body)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: false });
    expect(body.destroyed).toBe(true);
    await nothingIsLeft();
  });

  it('destroys its source also if nothing was read of it', async () => {
    const body = source(10);
    await expect(upload(here, body, { bucket: 'no-such-bucket' })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      message: expect.stringMatching(
        /^The bucket does not exist \(S3 PutObject: NoSuchBucket, status 404\)$/,
      ),
    });
    await upload(here, source(1));
    const second = source(10);
    await expect(upload(here, second)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    expect([body.destroyed, second.destroyed, second.readableDidRead]).toEqual([true, true, false]);
  });

  it('cancels a web stream and a generator', async () => {
    await upload(here, source(1));
    let cancelled: unknown;
    const web = new ReadableStream<Uint8Array>({ cancel: (reason) => void (cancelled = reason) });
    await expect(upload(here, web)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    expect(cancelled).toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
  });

  it.each([0, 3 * MIB, 12 * MIB])(
    'by an abort after %d bytes ends the source and leaves no part',
    async (size) => {
      const stop = new AbortController();
      const body = source(size, 'stalls');
      const over = upload(here, body, { signal: stop.signal });
      while (here.fake.seen.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 50));
      stop.abort(new Error('enough'));
      await expect(over).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
      expect(body.destroyed).toBe(true);
      await nothingIsLeft();
    },
  );

  it('by an abort while a part stands still, or while it is completed', async () => {
    for (const [operation, fault] of [
      ['UploadPart', { kind: 'stall request' }],
      ['CompleteMultipartUpload', { kind: 'delay', milliseconds: 300 }],
    ] as const) {
      here.fake.fault(operation, fault);
      const stop = new AbortController();
      const over = upload(here, source(12 * MIB), { signal: stop.signal });
      over.catch(() => undefined);
      while (here.fake.seen.of(operation).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      await expect(over).rejects.toMatchObject({ name: 'AbortError' });
      expect(openUploads(here)).toBe(0);
      here.fake.seen.requests.length = 0;
    }
  });

  it.each(['onHeader', 'onProgress'] as const)('by its own %s leaves no part', async (listener) => {
    let calls = 0;
    const given = {
      [listener]: () => {
        // Of progress: not before parts are under way.
        if (listener === 'onHeader' || ++calls > 1) throw new Error('the listener is broken');
      },
    };
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'delay', milliseconds: 120 });
    await expect(upload(here, source(40 * MIB), given)).rejects.toThrow('the listener is broken');
    await nothingIsLeft();
  });

  it('by an abort during a key call that never answers, and before that', async () => {
    const { provider, asked } = hanging(keys, 'generate');
    const stop = new AbortController();
    const over = upload(here, source(10), { keys: provider, signal: stop.signal });
    await asked;
    stop.abort();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    const body = source(10);
    await expect(upload(here, body, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await once(body, 'close').catch(() => undefined);
    expect(body.destroyed).toBe(true);
  });
});

describe('a body', () => {
  it.each([
    ['text, which may be meant as a path', 'backup.tar'],
    ['nothing', undefined],
    ['a number', 7],
    ['an array', [1]],
  ])('that is %s is refused', async (_what, body) => {
    await expect(upload(here, body as never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(here.fake.seen.requests).toEqual([]);
  });

  it('whose own code throws when it is released does not hide why the upload failed', async () => {
    const body = {
      [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
        throw new Error('of the body');
      },
    };
    const over = upload(here, body, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(over).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  });

  it('that has ended already is refused: it would look like one that is empty', async () => {
    const body = source(10);
    body.resume();
    await once(body, 'end');
    await expect(upload(here, body)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});
