import { open as openFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SealpipeError } from '../../src/errors.js';
import { decryptFile } from '../../src/files/decrypt-file.js';
import { encodeJournal } from '../../src/files/heads/head-journal.js';
import { journalPath } from '../../src/files/heads/replace-head.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { openSealed } from '../../src/sealed/reading/open-sealed.js';
import { recover } from '../../src/sealed/recovery/recover.js';
import { rewrap } from '../../src/sealed/rewrapping/rewrap.js';
import { verify } from '../../src/sealed/verification/verify.js';
import { encrypt } from '../../src/session/one-shot.js';
import type { SealedSource } from '../../src/sources/byte-source.js';
import { readHeader } from '../../src/streams/read-header.js';
import { MAIN } from '../cli/support/command.js';
import { altered } from '../support/altered-provider.js';
import { runProcess } from '../support/run-process.js';
import { watched } from '../support/watched-provider.js';
import { expectOpens, PLAINTEXT, raw, sealedFile } from './rewrapping/rewrap-kit.js';
import { saved } from './support.js';

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
    expect((error as SealpipeError).hint).toContain(journalPath(path));
  });

  it.each<[string, (source: SealedSource) => Promise<unknown>]>([
    ['openSealed', (source) => openSealed(source, { keys: NEW })],
    ['verify', (source) => verify(source, { keys: NEW })],
  ])('says so to %s, whatever the file is named by', async (_, open) => {
    await withHead(await damagedHead());
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    await using handle = await openFile(path);
    for (const source of [path, pathToFileURL(path), handle])
      await expect(open(source)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
  });

  it('is not blamed on a re-wrap where its head is whole and a frame is damaged', async () => {
    const bytes = await readFile(path);
    bytes[next.length]! ^= 1;
    await writeFile(path, bytes);
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    const authentication = { code: 'ERR_SEALPIPE_AUTHENTICATION' };
    expect(await verify(path, { keys: NEW })).toMatchObject({ fault: { ...authentication, frame: 0 } });
    const decrypting = decryptFile(path, `${path}.plain`, { keys: NEW });
    await expect(decrypting).rejects.toMatchObject(authentication);
  });

  it.each([
    ['the new keys', NEW],
    ['the old keys', OLD],
  ])('is saved with the head of its journal by %s', async (_, keys) => {
    await withHead(torn(next.length - 900).fill(0xff, next.length - 800));
    await expect(recover(path, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    const { bytes, report } = await saved(path, { keys });
    expect(bytes.equals(PLAINTEXT)).toBe(true);
    expect(report).toMatchObject({ complete: true, fault: { code: 'ERR_SEALPIPE_LOCKED', frame: null } });
  });

  it('is not saved with the head of a journal that is torn, of another stream, or of other keys', async () => {
    await withHead(await damagedHead());
    const whole = encodeJournal({ old, new: next });
    const other = await encrypt(PLAINTEXT, { keys: NEW, frameSize: 4_096 });
    const foreign = other.subarray(0, (await readHeader(other)).preambleSize);
    for (const journal of [whole.subarray(0, -1), encodeJournal({ old: foreign, new: foreign })]) {
      await writeFile(journalPath(path), journal, { mode: 0o600 });
      await expect(recover(path, { keys: NEW })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    }
    await writeFile(journalPath(path), whole, { mode: 0o600 });
    await expect(recover(path, { keys: raw('stranger') })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_MISMATCH',
    });
  });

  it.each<[string, (provider: KeyProvider) => Promise<Buffer>]>([
    ['verify', async (keys) => Buffer.from(String((await verify(path, { keys })).complete))],
    ['recover', async (keys) => (await saved(path, { keys })).bytes],
    [
      'a reader of a source',
      async (keys) => {
        await using file = await openFile(path);
        const size = async () => (await file.stat()).size;
        const read = async (start: number, end: number) =>
          (await file.read(Buffer.alloc(end - start), 0, end - start, start)).buffer;
        await using reader = await openSealed({ size, read }, { keys });
        return await reader.read();
      },
    ],
    [
      'decryptFile',
      async (keys) => {
        await decryptFile(path, `${path}.plain`, { keys });
        return readFile(`${path}.plain`);
      },
    ],
  ])('is read once more by %s if it was replaced during the read', async (what, read) => {
    await withHead(await damagedHead());
    const mended = altered(NEW, {
      unwrap: async (...args: Parameters<typeof NEW.unwrap>) => {
        await withHead(next);
        return NEW.unwrap(...args);
      },
    });
    expect(String(await read(mended))).toBe(what === 'verify' ? 'true' : String(PLAINTEXT));
  });

  it('is read once more by decryptFile where its envelope was malformed: the output is there, or nothing', async () => {
    await withHead(torn(next.length - 900).fill(0xff, next.length - 800));
    const run = () => decryptFile(path, `${path}.plain`, { keys: NEW });
    await expect(run()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    await expect(run()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    expect((await readdir(dirname(path))).sort()).toEqual([basename(journalPath(path)), 'file.sealed']);
  });

  it('opens once the re-wrap has been finished', async () => {
    await withHead(await damagedHead());
    await writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });
    await expect(rewrap(path, { keys: OLD, to: NEW })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    await withHead(torn(512));
    expect(await rewrap(path, { keys: OLD, to: NEW })).toMatchObject({ finished: true, way: 'unchanged' });
    await expectOpens(path, [NEW]);
  });

  it('is read once more if it was replaced during the read', async () => {
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
