import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure, misuse } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import type { Session } from '../session.js';
import { openDirect } from './direct-output.js';
import { identityOf, isSameFile } from './identity.js';
import { descriptorNamed, inherited } from './named-descriptors.js';
import type { Output, OutputWish } from './output.js';
import { openReplacement } from './replacement.js';
import { isStandardOutput } from './standard-names.js';
import { openDescriptor, openStandardOutput } from './standard-output.js';

/**
 * Opens the output. A regular file and one that is not there yet are replaced as a whole, through symbolic links; a
 * device, a FIFO, the like and a descriptor of our own are written directly. A failure closes the input, too.
 */
export async function openOutput(wish: OutputWish, session: Session): Promise<Output> {
  try {
    const output = await open(wish, session);
    // What is said by the way would be taken for data.
    if (output.isMixed) session.voice.hush();
    return output;
  } catch (error) {
    await wish.input?.close();
    throw error;
  }
}

async function open(wish: OutputWish, session: Session): Promise<Output> {
  const { path, force, input } = wish;
  if (path === undefined || isStandardOutput(path)) return openStandardOutput(wish);
  try {
    const descriptor = descriptorNamed(path);
    // Opened by its name, a file would be written from its start, or under the name that it had once.
    if (descriptor !== undefined) return await openDescriptor(inherited(descriptor, path), path, wish);
    const found = await statIfThere(path);
    if (found?.isDirectory() || /[\\/]$/.test(path))
      throw new Failure(EXIT.other, TROUBLE.isDirectory(path, 'Name a file in it.'));
    if (found !== undefined && isSameFile(input?.identity, identityOf(found))) {
      throw misuse(TROUBLE.sameFile(input!.name, path));
    }
    await wish.assertFree?.(path, found, path);
    if (found !== undefined && !found.isFile()) return await openDirect(path, wish.notForTerminal);
    if (found !== undefined && !force) throw new Failure(EXIT.other, TROUBLE.exists(path));
    const mode = wish.mode ?? (found === undefined ? session.newFileMode : Number(found.mode) & 0o777);
    return await openReplacement(path, { mode, force, signal: session.signal });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(EXIT.other, TROUBLE.cannotWrite(path, reason(error)), error);
  }
}

async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
