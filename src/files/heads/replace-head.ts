/*
 * The journal of a change of a head in place, `.NAME.sealpipe-rewrap` beside the file NAME, after symbolic links are
 * resolved. Integers are big-endian.
 *
 *    0  magic(8)   89 53 45 41 4A 0D 0A 1A
 *    8  version(1) 1
 *    9  zeros(3)
 *   12  length u32, of each head
 *   16  the whole old head, the whole new head: prologue, bound and envelope
 *    …  SHA-256(32) of everything before
 *
 * It holds no offset: a head is where a file begins. Order: journal, fsync, fsync of the folder; head, fdatasync;
 * unlink of the journal, fsync of the folder. So whenever a byte of the head may have been overwritten, a whole journal
 * exists, and a torn journal means that no byte was. All of this, including finishing the work of another process,
 * happens under the lock of the file.
 */
import { basename, dirname, join } from 'node:path';
import { SealpipeError } from '../../errors.js';
import type { FileFacts, FileSystem, OpenFile } from '../../file-system.js';
import { PRIVATE_FILE } from '../../file-system.js';
import { PreambleReader } from '../../format/preamble.js';
import type { HeadChange } from './head-journal.js';
import { decodeJournal, encodeJournal, fits, MAX_JOURNAL_SIZE } from './head-journal.js';
import type { LockedFile } from './locked-file.js';
import { readAt, writeAt } from './positioned.js';

/** The path of the journal of a file. `path` has no symbolic link in it. */
export function journalPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.sealpipe-rewrap`);
}

/** Whether our user owns a file: journals of other users are not trusted. */
export function isOurs(facts: FileFacts): boolean {
  return facts.owner === (process.geteuid?.() ?? 0);
}

/**
 * Replaces the head of a file by one of the same length, in place, so that a power cut at any moment leaves the old one
 * or the new one, or a journal that finishes it.
 *
 * @returns bytes written, the journal's among them
 * @throws (rejects) the error of the system; if the head may have been overwritten, the journal stays
 */
export async function replaceHead(
  files: FileSystem,
  target: LockedFile,
  change: HeadChange,
): Promise<number> {
  const path = journalPath(target.path);
  const bytes = encodeJournal(change);
  const journal = await files.open(path, { access: 'read-write', create: PRIVATE_FILE });
  try {
    try {
      await writeAt(journal, bytes, 0);
      await journal.sync();
    } finally {
      await journal.close();
    }
    await files.syncFolder(dirname(path));
  } catch (error) {
    await files.unlink(path).catch(() => undefined);
    throw error;
  }
  await overwrite(files, target, change);
  return bytes.length + change.new.length;
}

/**
 * Finishes the replacement of an earlier run that was interrupted.
 *
 * @returns whether there was a journal
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` for a journal that belongs to another file or user, in which
 * case nothing was written; the error of the system
 */
export async function finishReplacement(files: FileSystem, target: LockedFile): Promise<boolean> {
  const change = await pendingChange(files, target);
  if (change === undefined) return false;
  if (change === 'torn') await remove(files, target.path);
  else await overwrite(files, target, change);
  return true;
}

/**
 * Reads the change from the journal beside a file, and writes nothing.
 *
 * @returns undefined if there is no journal, `torn` if it was not written to its end
 * @throws (rejects) like {@link finishReplacement}
 */
export async function pendingChange(
  files: FileSystem,
  { path, file, facts }: Pick<LockedFile, 'path' | 'file' | 'facts'>,
): Promise<HeadChange | 'torn' | undefined> {
  const there = await files.facts(journalPath(path));
  if (there === undefined) return undefined;
  if (there.kind !== 'file') throw refused(path, 'it is not a regular file');
  const journal = await files.open(journalPath(path), { access: 'read' });
  try {
    const own = await journal.facts();
    if (own.kind !== 'file' || own.links !== 1) throw refused(path, 'it is not a regular file with one name');
    if (!isOurs(own) || !isOurs(facts)) throw refused(path, 'it or the file belongs to another user');
    if (own.size > MAX_JOURNAL_SIZE) throw refused(path, 'it is too long');
    const change = decodeJournal(await readAt(journal, Buffer.alloc(own.size), 0));
    if (change === 'foreign') throw refused(path, 'this release of sealpipe does not know its version');
    if (change === 'torn') {
      if (!(await isLegible(file))) throw refused(path, 'both it and the head of the file are damaged');
    } else if (!fits(change, await readAt(file, Buffer.alloc(change.old.length), 0))) {
      throw refused(path, 'the head of the file is neither what it was before that re-wrap nor after it');
    }
    return change;
  } finally {
    await journal.close();
  }
}

async function overwrite(files: FileSystem, { path, file }: LockedFile, change: HeadChange): Promise<void> {
  await writeAt(file, change.new, 0);
  await file.datasync();
  await remove(files, path);
}

async function remove(files: FileSystem, path: string): Promise<void> {
  await files.unlink(journalPath(path));
  await files.syncFolder(dirname(path));
}

/** Whether a file begins with a legal head. */
async function isLegible(file: OpenFile): Promise<boolean> {
  const head = await readAt(file, Buffer.alloc(MAX_JOURNAL_SIZE / 2), 0);
  try {
    return new PreambleReader().take(head, 0).preamble !== undefined;
  } catch {
    return false;
  }
}

function refused(path: string, why: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LOCKED',
    `${journalPath(path)} lies beside ${path}, left by a re-wrap, and cannot be finished: ${why}. Nothing was written`,
    { hint: 'Look at both files, as the user who owns them; keep both until the sealed one opens' },
  );
}
