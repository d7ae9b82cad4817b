import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { PreambleReader } from '../../../format/preamble.js';
import type { StreamHeader } from '../../../format/stream-header.js';
import { readPreamble } from '../../../sealed/read-preamble.js';
import { HeldSource } from '../../../sources/held-source.js';
import { isSystemError, reason } from '../../exit-status.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { TROUBLE } from '../../terminal/messages.js';
import { SEALED_USAGE } from '../../terminal/sealed-messages.js';
import type { FileIdentity } from '../descriptors/file-kind.js';
import { identityOf } from '../descriptors/file-kind.js';
import type { Openness } from '../descriptors/openness.js';
import { opennessOf } from '../descriptors/openness.js';

/** A sealed file that is read from anywhere. */
export interface SealedFile {
  /** What messages call it. */
  readonly name: string;
  readonly size: number;
  readonly identity: FileIdentity | undefined;
  /** Who may read it. */
  readonly openness: Openness;
  readonly handle: FileHandle;
  /** What its preamble says; nobody has vouched for that. */
  header(signal: AbortSignal): Promise<StreamHeader>;
  /** Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens a file by its name.
 *
 * @param why what it must be a regular file for
 * @throws CommandError with status 1, or 2 for what is no regular file
 */
export async function openSealedFile(name: string, why: string): Promise<SealedFile> {
  if (name === '-') throw misuse(SEALED_USAGE.needsFile('standard input', why));
  try {
    // A FIFO would be waited for.
    const handle = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const close = () => handle.close().catch(() => undefined);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      await close();
      if (stats.isDirectory()) throw new CommandError(EXIT.other, TROUBLE.isDirectory(name, 'Name a file.'));
      throw misuse(SEALED_USAGE.needsFile(name, why));
    }
    const header = async (signal: AbortSignal) =>
      (await readPreamble(new HeldSource(handle), new PreambleReader(), signal)).header;
    return {
      name,
      size: Number(stats.size),
      identity: identityOf(stats),
      openness: opennessOf(stats),
      handle,
      header,
      close,
    };
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** A failed read says which file it was. */
export function readFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new CommandError(EXIT.other, TROUBLE.cannotRead(name, reason(error)), error);
}
