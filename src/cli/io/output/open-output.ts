import { join } from 'node:path';
import { isSameFile } from '../../../file-system.js';
import { assertReplaceable } from '../../../files/replace-file/open-target.js';
import { opennessOf } from '../../../files/replace-file/openness.js';
import type { OutputTarget } from '../../../files/replace-file/output-target.js';
import { outputTarget } from '../../../files/replace-file/output-target.js';
import type { FileTerms } from '../../../files/replace-file/temporary-file.js';
import { isS3Name } from '../../../s3/names.js';
import { descriptorNamed } from '../../../sources/descriptor-name.js';
import { reason } from '../../../system-error.js';
import type { Invocation } from '../../invocation.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_NOTES, FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { STORE_USAGE } from '../../terminal/messages/store.js';
import { storedFileId } from '../descriptors/file-kind.js';
import { inherited } from '../descriptors/named-descriptors.js';
import { isStandardOutput } from '../descriptors/standard-names.js';
import { openDirect } from './files/direct-output.js';
import { fileFailure } from './files/file-failure.js';
import { openGrowing } from './files/growing-file.js';
import { openReplacement } from './files/replacement.js';
import type { Output, OutputWish } from './output.js';
import { openDescriptor, openStandardOutput } from './standard-output.js';

/**
 * Opens the output. A regular file, or one that does not exist yet, is replaced as a whole or grows, through symbolic
 * links; a device, a FIFO, the like and a descriptor of our own are written directly. A failure also closes the input.
 */
export async function openOutput(wish: OutputWish, invocation: Invocation): Promise<Output> {
  try {
    const output = await open(wish, invocation);
    // Notes on standard error would become part of the data.
    if (output.isMixed) invocation.terminal.hush();
    return output;
  } catch (error) {
    await wish.input?.close();
    throw error;
  }
}

async function open(wish: OutputWish, invocation: Invocation): Promise<Output> {
  const { path, force, input } = wish;
  if (path !== undefined && isS3Name(path)) throw misuse(STORE_USAGE.notAnOutput(path));
  if (path === undefined || isStandardOutput(path)) return openStandardOutput(wish);
  if (/[\\/]$/.test(path))
    throw new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(path, 'Name a file in it.'));
  let target: OutputTarget | undefined;
  try {
    const descriptor = descriptorNamed(path);
    // If it were opened by name, a file would be written from its start, or under an earlier name.
    if (descriptor !== undefined) return await openDescriptor(inherited(descriptor, path), path, wish);
    target = await outputTarget(path, force);
    const { found } = target;
    if (found?.isDirectory())
      throw new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(path, 'Name a file in it.'));
    if (found !== undefined && isSameFile(input?.storedId, storedFileId(found))) {
      throw misuse(FILE_TROUBLE.sameFile(input!.name, path));
    }
    await wish.assertFree?.(path, found, join(target.folder.path, target.name));
    if (found !== undefined && !found.isFile()) {
      const output = await openDirect(path, wish.notForTerminal, target);
      await target.folder.release();
      return output;
    }
    await assertReplaceable(path, target, force);
    const terms = fileTerms(wish, path, target, invocation);
    return await (wish.grows ? openGrowing(terms) : openReplacement(terms));
  } catch (error) {
    await target?.folder.release();
    throw fileFailure(path, error);
  }
}

/**
 * The umask decides the mode of a new file, and a replaced file keeps its mode; neither is more accessible than the
 * input.
 */
function fileTerms(
  { force, input, mode }: OutputWish,
  path: string,
  target: OutputTarget,
  { newFileMode, signal, terminal }: Invocation,
): FileTerms {
  const before = target.found && opennessOf(target.found);
  return {
    path,
    target,
    force,
    mode: mode ?? before?.mode ?? newFileMode,
    notMoreOpenThan: [mode === undefined ? before : undefined, input?.openness],
    signal,
    onLeft: (name, error) => terminal.note(FILE_NOTES.temporaryStays(path, name, reason(error))),
  };
}
