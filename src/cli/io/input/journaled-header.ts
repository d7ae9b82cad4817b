import { isSealpipeError } from '../../../errors.js';
import { journaledHeads } from '../../../files/heads/interrupted-rewrap.js';
import type { StreamHeader } from '../../../index.js';
import { readHeader } from '../../../index.js';
import type { SealedFile } from './sealed-file.js';

/**
 * The header of a file or, if a re-wrap was interrupted, that in its journal, with the old and the new recipients.
 * Neither is authenticated.
 *
 * @throws (rejects) like `header`
 */
export async function headerToSave(file: SealedFile, signal: AbortSignal): Promise<StreamHeader> {
  try {
    return await file.header(signal);
  } catch (error) {
    if (!isSealpipeError(error) || error.code !== 'ERR_SEALPIPE_LOCKED') throw error;
    const heads = await journaledHeads(file.name);
    try {
      const [next, old] = await Promise.all(heads.map((head) => readHeader(head)));
      if (next !== undefined && old !== undefined)
        return { ...next, recipients: [...next.recipients, ...old.recipients] };
    } catch {
      // A journal without heads does not help.
    }
    throw error;
  }
}
