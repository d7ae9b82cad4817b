import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { patterned } from '../../../support/pieces.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { MIB, opened, openUploads, stored, upload } from '../uploads.js';

const here = fakeForTests();

function nothingIsLeft(): void {
  expect([stored(here), openUploads(here)]).toEqual([undefined, 0]);
}

/** Gives bytes, and is silent from then on. */
async function* silentAfter(size: number): AsyncGenerator<Uint8Array, void, void> {
  yield patterned(size);
  await new Promise(() => undefined);
}

describe('a source that is silent', () => {
  const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
  const webStream = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ start: (controller) => controller.enqueue(patterned(12 * MIB)) });

  it.each([
    ['generator', () => silentAfter(12 * MIB)],
    ['Readable', () => Readable.from(silentAfter(12 * MIB))],
    ['web stream', webStream],
  ])('does not keep a part that is refused, nor an abort (%s)', async (_kind, make) => {
    here.fake.fault('UploadPart', denied);
    await expect(upload(here, make())).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    nothingIsLeft();
    const stop = new AbortController();
    const over = upload(here, make(), { signal: stop.signal });
    over.catch(() => undefined);
    await eventually(() => expect(here.fake.seen.of('UploadPart').length).toBeGreaterThan(1));
    stop.abort();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    nothingIsLeft();
  });

  it('is cancelled if it is a web stream', async () => {
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(patterned(12 * MIB)),
      cancel: (given) => void (reason = given),
    });
    here.fake.fault('UploadPart', denied);
    await expect(upload(here, body)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    expect(reason).toMatchObject({ name: 'AbortError' });
  });
});

describe('a body', () => {
  it.each([
    ['a web stream', () => Readable.toWeb(Readable.from([patterned(5), patterned(7)])), 12],
    [
      'a generator of text',
      () =>
        (async function* () {
          yield 'seven é';
          yield 'and more';
        })(),
      16,
    ],
    ['a web stream without a byte', () => new ReadableStream({ start: (stream) => stream.close() }), 0],
  ])('may be %s', async (_what, make, length) => {
    await upload(here, make() as never);
    expect((await opened(here)).length).toBe(length);
  });

  it('that is a web stream with null in it never looks whole', async () => {
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(patterned(5));
        stream.enqueue(null);
        stream.enqueue(patterned(7));
        stream.close();
      },
    });
    await expect(upload(here, body)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    nothingIsLeft();
  });
});
