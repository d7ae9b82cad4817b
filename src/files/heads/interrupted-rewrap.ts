import { isSealpipeError, SealpipeError } from '../../errors.js';
import type { FileSystem } from '../../file-system.js';
import { decodeJournal, MAX_JOURNAL_SIZE } from './head-journal.js';
import { readAt } from './positioned.js';
import { journalPath } from './replace-head.js';
import { systemFiles } from './system-files.js';

/** Whether this failure can come from a head that was replaced while it was read. */
export function mayBeTorn(error: unknown): boolean {
  if (!isSealpipeError(error) || error.atEnd === true) return false;
  return error.code === 'ERR_SEALPIPE_FORMAT' || error.code === 'ERR_SEALPIPE_AUTHENTICATION';
}

/**
 * The error to report for a file that does not open, instead of that it is not authentic; undefined unless the journal
 * of a re-wrap lies beside it. Never rejects.
 */
export async function interruptedRewrap(
  path: string,
  cause: unknown,
  files: FileSystem = systemFiles,
): Promise<SealpipeError | undefined> {
  try {
    const resolved = await files.resolve(path);
    const journal = journalPath(resolved);
    if ((await files.facts(journal)) === undefined) return undefined;
    return new SealpipeError(
      'ERR_SEALPIPE_LOCKED',
      `A re-wrap of ${resolved} is at work or was interrupted: its head is not whole`,
      {
        hint: `Re-wrap it again to finish that; ${journal} has what is needed, so keep it`,
        cause,
        retryable: true,
      },
    );
  } catch {
    return undefined;
  }
}

/**
 * The heads that the journal beside a file holds, the new one first: for a reader that trusts neither before the
 * commitment is verified. Empty if there is no whole journal. Never rejects.
 */
export async function journaledHeads(
  path: string,
  files: FileSystem = systemFiles,
): Promise<readonly Uint8Array[]> {
  try {
    const journal = await files.open(journalPath(await files.resolve(path)), { access: 'read' });
    try {
      const { kind, size } = await journal.facts();
      if (kind !== 'file' || size > MAX_JOURNAL_SIZE) return [];
      const change = decodeJournal(await readAt(journal, Buffer.alloc(size), 0));
      return typeof change === 'string' ? [] : [change.new, change.old];
    } finally {
      await journal.close();
    }
  } catch {
    return [];
  }
}
