import { getEventListeners } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { hanging } from '../support/hanging-provider.js';
import { outcome, PROMPTLY, timeToClose } from '../support/outcome.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

const second = rawKey({ name: 'second', key: Buffer.alloc(32, 3) });

const cases = [
  ['generate', keys, (provider: KeyProvider, signal?: AbortSignal) => startEncrypt([provider], signal)],
  ['wrap', second, (provider: KeyProvider, signal?: AbortSignal) => startEncrypt([keys, provider], signal)],
  ['unwrap', keys, (provider: KeyProvider, signal?: AbortSignal) => startDecrypt(provider, signal)],
] as const;

describe.each(cases)('while %s hangs', (method, base, start) => {
  const hang = () => {
    const { provider, dataKeys } = watched(base);
    return { ...hanging(provider, method), dataKeys };
  };

  it('destroy() ends the stream at once and without an error', async () => {
    const { provider, asked } = hang();
    const stream = await start(provider);
    const over = outcome(stream);
    await asked;
    stream.destroy();
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect(await over).toMatchObject({ bytes: Buffer.alloc(0), error: undefined, ended: false });
  });

  it('destroy(error) ends the stream at once with that error', async () => {
    const { provider, asked } = hang();
    const stream = await start(provider);
    const over = outcome(stream);
    await asked;
    const mine = new Error('mine');
    stream.destroy(mine);
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect((await over).error).toBe(mine);
  });

  it('an aborted signal ends the stream at once, with its reason as cause', async () => {
    const { provider, asked } = hang();
    const controller = new AbortController();
    const stream = await start(provider, controller.signal);
    const over = outcome(stream);
    await asked;
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    const { bytes, error } = await over;
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect([error?.cause, bytes.length]).toEqual([reason, 0]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it.each(['source', 'sink'] as const)('a pipeline whose %s fails ends at once', async (end) => {
    const { provider, asked } = hang();
    const stream = await start(provider);
    const ends = { source: new PassThrough(), sink: new PassThrough() };
    const done = pipeline(ends.source, stream, ends.sink);
    done.catch(() => undefined);
    await asked;
    const since = performance.now();
    ends[end].destroy(new Error('dead'));
    await expect(done).rejects.toThrow('dead');
    if (!stream.closed) await timeToClose(stream);
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
    expect([ends.source.destroyed, ends.sink.destroyed]).toEqual([true, true]);
  });

  it('a data key that comes after destroy() is wiped', async () => {
    const { provider, asked, answer, dataKeys } = hang();
    const stream = await start(provider);
    let announced = false;
    stream.on('header', () => {
      announced = true;
    });
    await asked;
    stream.destroy();
    await timeToClose(stream);
    answer();
    await turns();
    expect(dataKeys.map(isWiped)).toEqual(dataKeys.map(() => true));
    expect(dataKeys.length).toBe(method === 'wrap' ? 0 : 1);
    expect([announced, stream.header]).toEqual([false, undefined]);
  });

  it.each([
    ['garbage', () => 'garbage'],
    ['nothing', () => undefined],
    ['a data key that is no key', () => ({ dataKey: 'garbage' })],
    ['memory that was given away', () => detached()],
    ['an answer that throws when it is looked at', () => explosive()],
    [
      'an error',
      () => {
        throw new Error('late');
      },
    ],
  ])('%s that comes after destroy() does no harm', async (_, late) => {
    const { provider, asked, answer } = hang();
    const stream = await start(provider);
    await asked;
    stream.destroy();
    await timeToClose(stream);
    answer(late);
    await turns();
    expect(stream.destroyed).toBe(true);
  });
});

it('writes and the end wait for the key, and then go through', async () => {
  const { provider, asked, answer } = hanging(keys, 'generate');
  const stream = createEncryptStream({ keys: provider });
  const over = outcome(stream);
  Readable.from([Buffer.from('one'), Buffer.from('two')]).pipe(stream);
  await asked;
  await turns();
  expect([stream.bytesIn, stream.bytesOut]).toEqual([0, 0]);
  answer();
  expect((await over).ended).toBe(true);
  expect(stream.bytesIn).toBe(6);
});

it('a stream that is destroyed in any of the steps after the key came says no header any more', async () => {
  for (let steps = 0; steps < 20; steps++) {
    const { provider, asked, answer } = hanging(keys, 'generate');
    const stream = createEncryptStream({ keys: provider });
    const heard: string[] = [];
    stream.on('header', () => heard.push(stream.destroyed ? 'header after destroy' : 'header'));
    await asked;
    let step = Promise.resolve();
    for (let i = 0; i < steps; i++) step = step.then(() => undefined);
    answer();
    await step;
    stream.destroy();
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect(heard).not.toContain('header after destroy');
  }
});

async function startEncrypt(list: readonly KeyProvider[], signal?: AbortSignal) {
  return createEncryptStream({ keys: list, signal });
}

async function startDecrypt(provider: KeyProvider, signal?: AbortSignal) {
  const stream = createDecryptStream({ keys: provider, signal });
  stream.write(await encrypt('hello', { keys }));
  return stream;
}

function explosive(): object {
  return Object.defineProperty({}, 'dataKey', {
    get: () => {
      throw new Error('do not touch');
    },
  });
}

function detached(): { dataKey: Uint8Array } {
  const dataKey = new Uint8Array(32);
  structuredClone(dataKey.buffer, { transfer: [dataKey.buffer] });
  return Object.assign(dataKey, { dataKey });
}

it('a sink that never takes anything does not keep destroy() waiting', async () => {
  const stream = createEncryptStream({ keys });
  stream.pipe(new Writable({ write: () => undefined }));
  stream.write(Buffer.alloc(1_000_000));
  await turns();
  stream.destroy();
  expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
});
