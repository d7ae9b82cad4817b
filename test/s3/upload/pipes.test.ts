import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ReadablePipe } from '../../../src/files/byte-file.js';
import { writeFull } from '../../../src/files/byte-file.js';
import { pipeSink, pipeSource } from '../../../src/files/pipes/pipe-file.js';
import type { EncryptObjectOptions, S3ClientLike, UploadReport } from '../../../src/s3/index.js';
import { encryptPipe } from '../../../src/s3/upload/encrypt-pipe.js';
import { needsAddon } from '../../crypto/native/addon-here.js';
import type { Behaviour } from '../../files/memory-file.js';
import { MemoryFile, systemError } from '../../files/memory-file.js';
import { altered } from '../../support/altered-provider.js';
import { eventually } from '../../support/eventually.js';
import { hanging } from '../../support/hanging-provider.js';
import { PROMPTLY } from '../../support/outcome.js';
import { patterned, piecesOf } from '../../support/pieces.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { systemPipe } from '../../support/system-pipe.js';
import { keys } from '../../support/test-keys.js';
import { isZero } from '../../support/zeros.js';
import { FAST, MIB, opened, openUploads, source, stored, upload } from './uploads.js';

needsAddon();
expectQuietProcess();
beforeEach((context) =>
  onlyWhere(context, process.platform === 'linux', 'pipes are opened once more on Linux'),
);

const F = 65_536;
/** Plaintext of a part. */
const PART = 80 * F;
const HOLDS = 131_072;
const here = fakeForTests();
const never = new AbortController().signal;
const ignored = () => undefined;
const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;

type Given = Partial<Omit<EncryptObjectOptions, 'body'>>;

function uploadPipe(pipe: ReadablePipe, given: Given = {}): Promise<UploadReport> {
  const { client, bucket } = here;
  return encryptPipe({ client, bucket, key: 'k', keys, partSize: 5 * MIB, ...given }, pipe, FAST);
}

/** A pipe of the system, with both of its ends. */
async function pipe() {
  const { reader, writer, end } = await systemPipe();
  const from = pipeSource(reader, HOLDS)!;
  const into = pipeSink(writer, 0)!;
  onTestFinished(() => {
    from.close();
    into.close();
  });
  return {
    from,
    /** Resolves when all of it is in the pipe. */
    give: (bytes: Uint8Array) => writeFull(into, [bytes], never, ignored),
    /** Nobody writes any more. */
    end() {
      into.close();
      end(writer);
    },
  };
}

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
  const over = uploadPipe(watched, { signal: stop.signal, client, ...given });
  over.catch(ignored);
  give(patterned(size)).catch(ignored);
  return { over, stop, isSilent };
}

/** A pipe in memory: its blocks can be looked at. */
function memoryPipe(content: Uint8Array, behaviour: Behaviour = {}) {
  const sizes = { holds: HOLDS, packet: 4_096 };
  const file = new MemoryFile(content, { pipe: sizes, most: [HOLDS], ...behaviour });
  const from: ReadablePipe = { readv: (views) => file.readv(views), pipe: sizes, giveUp: ignored };
  return { file, from };
}

async function failureOf(over: Promise<unknown>): Promise<unknown> {
  const since = performance.now();
  const error = await over.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(performance.now() - since).toBeLessThan(PROMPTLY);
  expect(stored(here)).toBeUndefined();
  expect(openUploads(here)).toBe(0);
  return error;
}

const partSizes = () => {
  const parts = here.fake.seen.of('UploadPart').map(({ query, bodySize }) => [query['partNumber'], bodySize]);
  return parts.sort(([a], [b]) => Number(a) - Number(b));
};

describe('a pipe', () => {
  it.each([...[0, 1, F - 1, F, F + 1], ...[PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 17]])(
    'of %d bytes becomes what a stream of them becomes',
    async (size) => {
      const content = patterned(size);
      const told: number[] = [];
      const { from, give, end } = await pipe();
      const over = uploadPipe(from, { onProgress: ({ bytesIn }) => void told.push(bytesIn) });
      await give(content);
      end();
      const { key: _, etag, milliseconds, ...report } = await over;
      expect((await opened(here)).equals(content)).toBe(true);
      expect(told.at(-1)).toBe(size);
      const parts = partSizes();
      here.fake.seen.requests.length = 0;
      expect(await upload(here, source(size), { overwrite: true })).toMatchObject(report);
      expect(parts).toEqual(partSizes());
    },
  );

  it('may be written to in pieces of any size, and sealed in frames of any size', async () => {
    const content = patterned(700_001);
    for (const [piece, frameSize] of [
      [1_000, 4_096],
      [65_537, 65_536],
      [131_071, 1_048_576],
      [700_001, 16_384],
    ] as const) {
      const { from, give, end } = await pipe();
      const over = uploadPipe(from, { frameSize, overwrite: true });
      for (const bytes of piecesOf(content, piece)) await give(bytes);
      end();
      await over;
      expect([piece, (await opened(here)).equals(content)]).toEqual([piece, true]);
    }
  });

  it('is not read before the object is known to be free and the keys are there', async () => {
    await upload(here, source(1));
    const { file, from } = memoryPipe(patterned(10));
    await expect(uploadPipe(from)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    const { provider, asked, answer } = hanging(keys, 'generate');
    const over = uploadPipe(from, { keys: provider, overwrite: true });
    await asked;
    await turns();
    expect(file.operations).toBe(0);
    answer();
    await over;
  });

  it('is read no further than there is memory for parts, and goes on when one has landed', async () => {
    let land: (() => void) | undefined;
    const act = () => new Promise<void>((resolve) => void (land = resolve));
    here.fake.fault('UploadPart', { kind: 'meanwhile', act });
    const content = patterned(4 * PART);
    const { file, from } = memoryPipe(content);
    const over = uploadPipe(from, { concurrency: 1 });
    await eventually(() => expect(land).toBeDefined());
    await eventually(() => expect(file.rest.length).toBeLessThanOrEqual(2 * PART));
    await turns(20);
    expect(file.rest.length).toBeGreaterThanOrEqual(2 * PART - HOLDS);
    land!();
    await over;
    expect((await opened(here)).equals(content)).toBe(true);
  });
});

describe('the block that a pipe is read into', () => {
  const error = systemError('EIO', 'read');
  const refused = { on: 'UploadPart', times: 99 } as const;

  it.each<[string, Behaviour, Given, string?]>([
    ['the end', {}, {}],
    ['a read that fails', { failsAt: 3, error }, {}, 'EIO'],
    ['a part that fails', {}, { concurrency: 1 }, 'ERR_SEALPIPE_STORE'],
    ['more than was expected', {}, { expectedLength: MIB }, 'ERR_SEALPIPE_LENGTH'],
    ['less than was expected', {}, { expectedLength: 99 * MIB }, 'ERR_SEALPIPE_LENGTH'],
    [
      'a refusal of the caller',
      {},
      { confirm: () => Promise.reject(new Error('no')) },
      'ERR_SEALPIPE_CONFIRM',
    ],
    [
      'a broken listener',
      {},
      {
        onProgress: () => {
          throw systemError('EMINE', 'listener');
        },
      },
      'EMINE',
    ],
  ])('is one, as large as the pipe, and wiped after %s', async (what, behaviour, given, code) => {
    if (what === 'a part that fails') here.fake.fault(refused, denied);
    const { file, from } = memoryPipe(patterned(12 * MIB), behaviour);
    const over = uploadPipe(from, given);
    if (code === undefined) await over;
    else expect(await failureOf(over)).toMatchObject({ code });
    const blocks = [...file.memory].map((block) => Buffer.from(block));
    expect(blocks.map(({ length }) => length)).toEqual([HOLDS]);
    expect(isZero(blocks[0]!)).toBe(true);
    expect(file.inFlight).toBe(0);
  });
});

describe('a pipe that is silent', () => {
  it.each([0, 3 * MIB, 12 * MIB])('after %d bytes does not keep an abort', async (size) => {
    const { over, stop, isSilent } = await silent(size);
    await isSilent();
    if (size > 2 * PART) await eventually(() => expect(here.fake.seen.of('UploadPart')).toHaveLength(2));
    stop.abort(new Error('enough'));
    expect(await failureOf(over)).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  });

  it.each([1, 4])('does not keep an abort while parts stand still (%d in flight)', async (concurrency) => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'stall request' });
    // With one in flight the next one fills up, and waits for memory.
    const { over, stop } = await silent(12 * MIB, { concurrency, client: here.client });
    await eventually(() => expect(here.fake.seen.of('UploadPart').length).toBeGreaterThan(0));
    await turns(20);
    stop.abort();
    expect(await failureOf(over)).toMatchObject({ name: 'AbortError' });
  });

  it('does not keep a part that fails', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, denied);
    const { over } = await silent(6 * MIB);
    expect(await failureOf(over)).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: false });
  });

  it('does not keep a part that fails again and again', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'refuse', status: 500, code: 'InternalError' });
    const { over } = await silent(6 * MIB);
    expect(await failureOf(over)).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: true });
  });

  it('does not keep a key call that fails', async () => {
    const refusing = altered(keys, { generate: () => Promise.reject(new Error('no key')) });
    const { over } = await silent(10, { keys: refusing });
    expect(await failureOf(over)).toMatchObject({ code: expect.stringMatching(/^ERR_SEALPIPE_/) });
  });

  it('has failed after `sourceTimeout`', async () => {
    const { over } = await silent(6 * MIB, { sourceTimeout: 150 });
    expect(await failureOf(over)).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
  });

  it('has not failed while it is not read, since parts stand still', { retry: 4 }, async () => {
    here.fake.fault({ on: 'UploadPart', times: 2 }, { kind: 'delay', milliseconds: 700 });
    const { from } = memoryPipe(patterned(3 * PART));
    await uploadPipe(from, { sourceTimeout: 400, concurrency: 1 });
    expect((await opened(here)).length).toBe(3 * PART);
  });

  it('and is then ended cleanly never becomes an object unless the caller says that it is whole', async () => {
    const { from, give, end } = await pipe();
    const over = uploadPipe(from, { confirm: () => Promise.reject(new Error('status 1')) });
    await give(patterned(6 * MIB));
    end();
    expect(await failureOf(over)).toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
  });
});
