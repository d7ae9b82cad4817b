import { chown, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeJournal } from '../../../src/files/heads/head-journal.js';
import { openLocked } from '../../../src/files/heads/locked-file.js';
import { finishReplacement, journalPath, replaceHead } from '../../../src/files/heads/replace-head.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';
import { fileOf, headOf } from './heads.js';

const OLD = headOf(1);
const NEW = headOf(2);
const REST = Buffer.alloc(5_000, 'r');
const JOURNAL = encodeJournal({ old: OLD, new: NEW });

let path: string;

beforeEach(async () => {
  path = join(await tempFolder(), 'a.sealed');
  await writeFile(path, fileOf(OLD, REST));
});

async function finish(): Promise<boolean> {
  const target = await openLocked(systemFiles, path);
  try {
    return await finishReplacement(systemFiles, target);
  } finally {
    await target.file.close();
  }
}

/** It is refused with both names, and neither file changes. */
async function expectRefused(): Promise<void> {
  const before = await readFile(path);
  const error = await finish().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'ERR_SEALPIPE_LOCKED',
    message: expect.stringContaining(journalPath(path)),
  });
  expect((error as Error).message).toContain(`beside ${path}`);
  expect(await readFile(path)).toEqual(before);
}

describe('a journal that lies beside a file', () => {
  it('is none: nothing is done', async () => expect(await finish()).toBe(false));

  it.each([
    ['before the head was overwritten', OLD],
    ['amid that', Buffer.concat([OLD.subarray(0, 512), NEW.subarray(512, 1_024), OLD.subarray(1_024)])],
    ['after that', NEW],
  ])('is finished %s, and removed', async (_, head) => {
    await writeFile(path, fileOf(head, REST));
    await writeFile(journalPath(path), JOURNAL, { mode: 0o600 });
    expect(await finish()).toBe(true);
    expect(await readFile(path)).toEqual(fileOf(NEW, REST));
    expect(await readdir(join(path, '..'))).toEqual(['a.sealed']);
  });

  it.each([0, 1, 100, JOURNAL.length - 1])('is removed if it is torn after %i bytes', async (length) => {
    await writeFile(journalPath(path), JOURNAL.subarray(0, length));
    expect(await finish()).toBe(true);
    expect(await readFile(path)).toEqual(fileOf(OLD, REST));
    expect(await readdir(join(path, '..'))).toEqual(['a.sealed']);
  });

  it('is kept if it is torn and the head of the file is damaged, too', async () => {
    await writeFile(path, Buffer.concat([OLD.subarray(0, 200), Buffer.alloc(5_000)]));
    await writeFile(journalPath(path), JOURNAL.subarray(0, 900));
    await expectRefused();
    expect(await readFile(journalPath(path))).toEqual(JOURNAL.subarray(0, 900));
  });

  it('is stale, of a head that the file no longer has: refused', async () => {
    await writeFile(path, fileOf(headOf(3), REST));
    await writeFile(journalPath(path), JOURNAL);
    await expectRefused();
  });

  it('is of another stream: refused', async () => {
    const foreign = [OLD, NEW].map((head) => {
      const other = Buffer.from(head);
      other[30]! ^= 1;
      return other;
    });
    await writeFile(journalPath(path), encodeJournal({ old: foreign[0]!, new: foreign[1]! }));
    await expectRefused();
  });

  it('is of a later version: refused and kept', async () => {
    const later = Buffer.from(JOURNAL);
    later[8] = 2;
    await writeFile(journalPath(path), later);
    await expectRefused();
  });

  it('is a symbolic link, a folder, or has two names: refused', async () => {
    const elsewhere = join(path, '../elsewhere');
    await writeFile(elsewhere, JOURNAL);
    await symlink(elsewhere, journalPath(path));
    await expectRefused();
    expect(await readFile(elsewhere)).toEqual(JOURNAL);
    const [first] = [path];
    path = join(first, '../b.sealed');
    await writeFile(path, fileOf(OLD, REST));
    await link(elsewhere, journalPath(path));
    await expectRefused();
    path = join(first, '../c.sealed');
    await writeFile(path, fileOf(OLD, REST));
    await mkdir(journalPath(path));
    await expectRefused();
  });

  it('belongs to another user: refused', async (context) => {
    onlyWhere(context, process.getuid?.() === 0, 'only root can give files away');
    await writeFile(journalPath(path), JOURNAL);
    await chown(journalPath(path), 54_321, 54_321);
    await expectRefused();
    await chown(journalPath(path), 0, 0);
    await chown(path, 54_321, 54_321);
    await expectRefused();
  });

  it('is not followed from a link to the file: it lies where the file does', async () => {
    const shortcut = join(await tempFolder(), 'shortcut');
    await symlink(path, shortcut);
    const target = await openLocked(systemFiles, shortcut);
    expect(journalPath(target.path)).toBe(journalPath(path));
    await replaceHead(systemFiles, target, { old: OLD, new: NEW });
    await target.file.close();
    expect(await readFile(path)).toEqual(fileOf(NEW, REST));
  });
});

describe('a replacement in place', () => {
  it('is refused while another holds the lock', async () => {
    const target = await openLocked(systemFiles, path);
    const error = await openLocked(systemFiles, path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'ERR_SEALPIPE_LOCKED',
      message: `Another re-wrap is at work on ${path}`,
    });
    await target.file.close();
  });

  it('writes little: two heads in the journal and one in the file', async () => {
    const target = await openLocked(systemFiles, path);
    const written = await replaceHead(systemFiles, target, { old: OLD, new: NEW });
    await target.file.close();
    expect(written).toBe(3 * OLD.length + 48);
    expect((await stat(path)).size).toBe(OLD.length + REST.length);
  });

  it('leaves the file alone if the journal cannot be made', async () => {
    const target = await openLocked(systemFiles, path);
    await mkdir(journalPath(path));
    const error = await replaceHead(systemFiles, target, { old: OLD, new: NEW }).catch(
      (reason: unknown) => reason,
    );
    await target.file.close();
    expect(error).toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path)).toEqual(fileOf(OLD, REST));
  });
});
