import { beforeEach, describe, expect, it } from 'vitest';
import type { S3ClientLike } from '../../../src/s3/index.js';
import { needsAddon } from '../../crypto/native/addon-here.js';
import type { Behaviour } from '../../files/memory-file.js';
import { systemError } from '../../files/memory-file.js';
import { eventually } from '../../support/eventually.js';
import { hanging } from '../../support/hanging-provider.js';
import { patterned, piecesOf } from '../../support/pieces.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { isZero } from '../../support/zeros.js';
import type { Given } from './piped.js';
import { F, failureOf, HOLDS, memoryPipe, PART, pipe, uploadPipe } from './piped.js';
import { MIB, opened, source, upload } from './uploads.js';

needsAddon();
expectQuietProcess();
beforeEach((context) =>
  onlyWhere(context, process.platform === 'linux', 'pipes are opened once more on Linux'),
);

const here = fakeForTests();
const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;

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
      const over = uploadPipe(here, from, { onProgress: ({ bytesIn }) => void told.push(bytesIn) });
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
      const over = uploadPipe(here, from, { frameSize, overwrite: true });
      for (const bytes of piecesOf(content, piece)) await give(bytes);
      end();
      await over;
      expect([piece, (await opened(here)).equals(content)]).toEqual([piece, true]);
    }
  });

  it('is not read before the object is known to be free and the keys are there', async () => {
    await upload(here, source(1));
    const { file, from } = memoryPipe(patterned(10));
    await expect(uploadPipe(here, from)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    const { provider, asked, answer } = hanging(keys, 'generate');
    const over = uploadPipe(here, from, { keys: provider, overwrite: true });
    await asked;
    await turns();
    expect(file.operations).toBe(0);
    answer();
    await over;
  });

  it('is read no further than there is memory for parts, and goes on when one has landed', async () => {
    let land: (() => void) | undefined;
    const act = () => new Promise<void>((resolve) => void (land = resolve));
    here.fake.fault('UploadPart', { kind: 'act', act });
    const content = patterned(4 * PART);
    const { file, from } = memoryPipe(content);
    const over = uploadPipe(here, from, { concurrency: 1 });
    await eventually(() => expect(land).toBeDefined());
    await eventually(() => expect(file.rest.length).toBeLessThanOrEqual(2 * PART));
    await turns(20);
    expect(file.rest.length).toBeGreaterThanOrEqual(2 * PART - HOLDS);
    land!();
    await over;
    expect((await opened(here)).equals(content)).toBe(true);
  });
});

it('a part that fails while the next one waits for memory ends the upload of a pipe', async () => {
  here.fake.fault({ on: 'UploadPart', times: 99 }, denied);
  const { file, from } = memoryPipe(patterned(2 * PART + 2 * MIB));
  /** Sends the first part when the second one is full, and more has come. */
  const client: S3ClientLike = {
    config: here.client.config,
    async send(command, options) {
      if (command.constructor.name === 'UploadPartCommand') {
        await eventually(() => expect(file.rest.length).toBeLessThan(2 * MIB));
      }
      return here.client.send(command as never, options as never);
    },
  };
  const over = uploadPipe(here, from, { concurrency: 1, client });
  expect(await failureOf(here, over)).toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
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
    const over = uploadPipe(here, from, given);
    if (code === undefined) await over;
    else expect(await failureOf(here, over)).toMatchObject({ code });
    const blocks = [...file.memory].map((block) => Buffer.from(block));
    expect(blocks.map(({ length }) => length)).toEqual([HOLDS]);
    expect(isZero(blocks[0]!)).toBe(true);
    expect(file.inFlight).toBe(0);
  });
});
