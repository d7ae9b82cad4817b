import { beforeEach, describe, expect, it } from 'vitest';
import type { ReadablePipe } from '../../../src/files/byte-file.js';
import type { S3ClientLike } from '../../../src/s3/index.js';
import { needsAddon } from '../../crypto/native/addon-here.js';
import { altered } from '../../support/altered-provider.js';
import { eventually } from '../../support/eventually.js';
import { patterned } from '../../support/pieces.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import type { Given } from './piped.js';
import { failureOf, memoryPipe, PART, pipe, uploadPipe } from './piped.js';
import { MIB, opened } from './uploads.js';

needsAddon();
expectQuietProcess();
beforeEach((context) =>
  onlyWhere(context, process.platform === 'linux', 'pipes are opened once more on Linux'),
);

const here = fakeForTests();
const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
const ignored = () => undefined;

/** An upload of a pipe that gives `size` bytes, and is silent from then on. */
async function silent(size: number, given: Given = {}) {
  const { from, give } = await pipe();
  let [came, isWaiting] = [0, false];
  const watched: ReadablePipe = {
    pipe: from.pipe,
    giveUp: (why) => from.giveUp(why),
    async readv(views) {
      isWaiting = true;
      const answer = await from.readv(views);
      isWaiting = false;
      came += answer.bytesRead;
      return answer;
    },
  };
  const stop = new AbortController();
  const isSilent = (): Promise<void> => eventually(() => expect([came, isWaiting]).toEqual([size, true]));
  /** Its parts are sent only when the pipe is silent. */
  const client: S3ClientLike = {
    config: here.client.config,
    async send(command, options) {
      if (command.constructor.name === 'UploadPartCommand') await isSilent();
      return here.client.send(command as never, options as never);
    },
  };
  const over = uploadPipe(here, watched, { signal: stop.signal, client, ...given });
  over.catch(ignored);
  give(patterned(size)).catch(ignored);
  return { over, stop, isSilent };
}

describe('a pipe that is silent', () => {
  it.each([0, 3 * MIB, 12 * MIB])('after %d bytes does not keep an abort', async (size) => {
    const { over, stop, isSilent } = await silent(size);
    await isSilent();
    if (size > 2 * PART) await eventually(() => expect(here.fake.seen.of('UploadPart')).toHaveLength(2));
    stop.abort(new Error('enough'));
    expect(await failureOf(here, over)).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  });

  it.each([1, 4])('does not keep an abort while parts stand still (%d in flight)', async (concurrency) => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'stall request' });
    // With one in flight the next one fills up, and waits for memory.
    const { over, stop } = await silent(12 * MIB, { concurrency, client: here.client });
    await eventually(() => expect(here.fake.seen.of('UploadPart').length).toBeGreaterThan(0));
    await turns(20);
    stop.abort();
    expect(await failureOf(here, over)).toMatchObject({ name: 'AbortError' });
  });

  it('does not keep a part that fails', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, denied);
    const { over } = await silent(6 * MIB);
    expect(await failureOf(here, over)).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: false });
  });

  it('does not keep a part that fails again and again', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'refuse', status: 500, code: 'InternalError' });
    const { over } = await silent(6 * MIB);
    expect(await failureOf(here, over)).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: true });
  });

  it('does not keep a key call that fails', async () => {
    const refusing = altered(keys, { generate: () => Promise.reject(new Error('no key')) });
    const { over } = await silent(10, { keys: refusing });
    expect(await failureOf(here, over)).toMatchObject({ code: expect.stringMatching(/^ERR_SEALPIPE_/) });
  });

  it('has failed after `sourceTimeout`', async () => {
    const { over } = await silent(6 * MIB, { sourceTimeout: 150 });
    expect(await failureOf(here, over)).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
  });

  it('has not failed while it is not read, since parts stand still', async () => {
    here.fake.fault({ on: 'UploadPart', times: 2 }, { kind: 'delay', milliseconds: 700 });
    const { from } = memoryPipe(patterned(3 * PART));
    await uploadPipe(here, from, { sourceTimeout: 400, concurrency: 1 });
    expect((await opened(here)).length).toBe(3 * PART);
  });

  it('and is then ended cleanly never becomes an object unless the caller says that it is whole', async () => {
    const { from, give, end } = await pipe();
    const over = uploadPipe(here, from, { confirm: () => Promise.reject(new Error('status 1')) });
    await give(patterned(6 * MIB));
    end();
    expect(await failureOf(here, over)).toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
  });
});
