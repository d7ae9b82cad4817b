import { readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeJournal } from '../../src/files/head-journal.js';
import { journalPath } from '../../src/files/replace-head.js';
import { openSealed } from '../../src/sealed/open-sealed.js';
import { rewrap } from '../../src/sealed/rewrap.js';
import { readHeader } from '../../src/streams/read-header.js';
import { MAIN } from '../cli/support/command.js';
import { altered } from '../support/altered-provider.js';
import { runProcess } from '../support/run-process.js';
import { watched } from '../support/watched-provider.js';
import { expectOpens, PLAINTEXT, raw, sealedFile } from './rewrap-kit.js';

const [OLD, NEW] = [raw('old'), raw('new')];

let path: string;
let old: Buffer;
let next: Buffer;

/** The first sectors of one head and the others of another. */
const torn = (sectors: number) => Buffer.concat([next.subarray(0, sectors), old.subarray(sectors)]);

beforeEach(async () => {
  path = await sealedFile([OLD], { frameSize: 4_096 });
  const before = await readFile(path);
  await rewrap(path, { keys: OLD, to: NEW });
  const after = await readFile(path);
  const { preambleSize } = await readHeader(after);
  old = before.subarray(0, preambleSize);
  next = after.subarray(0, preambleSize);
});

async function withHead(head: Uint8Array): Promise<void> {
  await writeFile(path, Buffer.concat([head, (await readFile(path)).subarray(head.length)]));
}

/** A head in which a wrapped key is half of the old and half of the new one. */
async function damagedHead(): Promise<Buffer> {
  const { recipients } = await readHeader(next);
  return torn(next.indexOf(recipients[0]!.wrapped) + 40);
}

describe('a file whose head is not whole', () => {
  it.each([
    ['misses its commitment', damagedHead],
    ['has a malformed envelope', async () => torn(next.length - 900).fill(0xff, next.length - 800)],
  ])('and %s says that a re-wrap was interrupted, if its journal is there', async (_, head) => {
    await withHead(await head());
    await expect(openSealed(path, { keys: NEW })).rejects.toMatchObject({
      code: expect.stringMatching(/_(AUTHENTICATION|FORMAT)$/),
    });
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    const error: unknown = await openSealed(path, { keys: NEW }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_LOCKED', retryable: true });
    expect((error as Error).message).toContain(journalPath(path));
  });

  it('opens once the re-wrap has been finished', async () => {
    await withHead(await damagedHead());
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    await expect(rewrap(path, { keys: OLD, to: NEW })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    await withHead(torn(512));
    expect(await rewrap(path, { keys: OLD, to: NEW })).toMatchObject({ finished: true, way: 'unchanged' });
    await expectOpens(path, [NEW]);
  });

  it('is read once more where it was replaced meanwhile', async () => {
    await withHead(await damagedHead());
    const mended = altered(NEW, {
      unwrap: async (...args: Parameters<typeof NEW.unwrap>) => {
        await withHead(next);
        return NEW.unwrap(...args);
      },
    });
    const reader = await openSealed(path, { keys: mended });
    expect((await reader.read()).equals(PLAINTEXT)).toBe(true);
    await reader.close();
  });

  it('costs no second key call where it is the same', async () => {
    await withHead(await damagedHead());
    const { provider, calls } = watched(NEW);
    await expect(openSealed(path, { keys: provider })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_AUTHENTICATION',
    });
    expect(calls).toEqual(['unwrap']);
  });

  it.each(['decrypt', 'inspect'])('says so on the command line, too: %s', async (command) => {
    await withHead(torn(next.length - 900).fill(0xff, next.length - 800));
    const run = () => runProcess(process.execPath, [MAIN, command, path]);
    expect((await run()).status).toBe(3);
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    const { status, stdout, stderr } = await run();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('was interrupted');
    expect(stderr).toContain('.file.sealed.sealpipe-rewrap');
  });
});
