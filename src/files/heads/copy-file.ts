import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { optionsTypeError, SealpipeError } from '../../errors.js';
import type { FileSystem, OpenFile } from '../../file-system.js';
import { PRIVATE_FILE } from '../../file-system.js';
import type { LockedFile } from './locked-file.js';
import { changed, isUntouched } from './locked-file.js';
import { readAt, writeAt } from './positioned.js';
import { journalPath } from './replace-head.js';

/** How to replace a file by a copy with another head. */
export interface CopyTerms {
  /** Bytes of the current head. */
  readonly oldLength: number;
  readonly head: Uint8Array;
  /** Whether the copy may replace a file that has other names as well. */
  readonly breakLinks: boolean;
  /** Rejects unless the file holds a whole stream: a file that is still being written must not be copied. */
  readonly assertWhole: () => Promise<void>;
  /** If aborted, the file stays unchanged. */
  readonly signal: AbortSignal;
}

const PIECE = 1_048_576;

/** The path of a copy: a name that no other run uses. */
function copyPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.sealpipe-copy`);
}

/**
 * Replaces a file by a copy that has another head: made beside it, given its owner, mode, ACLs and extended attributes,
 * made durable, and renamed. Until that rename the file is unchanged, and a failed copy leaves nothing behind.
 *
 * @returns bytes written
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED`, `ERR_SEALPIPE_CHANGED`; TypeError `ERR_SEALPIPE_OPTIONS` for a
 * file with several names; the error of `assertWhole`; the reason of `signal`; the error of the system
 */
export async function replaceByCopy(
  files: FileSystem,
  target: LockedFile,
  terms: CopyTerms,
): Promise<number> {
  const { path, file } = target;
  await assertNoJournal(files, path);
  const before = await file.facts();
  if (before.links > 1 && !terms.breakLinks) {
    throw optionsTypeError(
      `${path} has ${before.links} names (hard links), and a copy would replace only one of them: allow it to break links`,
    );
  }
  await terms.assertWhole();
  const copyName = copyPath(path);
  const copy = await files.open(copyName, { access: 'read-write', create: PRIVATE_FILE });
  try {
    const written = await fill(copy, file, before.size, terms);
    await copy.takeRightsOf(file);
    await copy.sync();
    await copy.close();
    terms.signal.throwIfAborted();
    await assertNoJournal(files, path);
    const named = await files.facts(path);
    if (!isUntouched(before, await file.facts()) || named === undefined || !isUntouched(before, named)) {
      throw changed(path);
    }
    await files.rename(copyName, path);
    await files.syncFolder(dirname(path));
    return written;
  } catch (error) {
    await copy.close().catch(() => undefined);
    await files.unlink(copyName).catch(() => undefined);
    throw error;
  }
}

async function fill(copy: OpenFile, file: OpenFile, size: number, terms: CopyTerms): Promise<number> {
  const { head, oldLength, signal } = terms;
  await writeAt(copy, head, 0);
  const piece = Buffer.alloc(PIECE);
  for (let at = oldLength; at < size; ) {
    signal.throwIfAborted();
    const bytes = await readAt(file, piece.subarray(0, Math.min(PIECE, size - at)), at);
    if (bytes.length === 0) break;
    await writeAt(copy, bytes, head.length + at - oldLength);
    at += bytes.length;
  }
  return head.length + size - oldLength;
}

async function assertNoJournal(files: FileSystem, path: string): Promise<void> {
  if ((await files.facts(journalPath(path))) === undefined) return;
  throw new SealpipeError(
    'ERR_SEALPIPE_LOCKED',
    `${journalPath(path)} lies beside ${path}: a re-wrap is at work on it, or was interrupted`,
    { hint: 'Let it end, or have the user who began it re-wrap the file again, which finishes it' },
  );
}
