import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, reason } from '../../../system-error.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files.js';
import { SEALED_TROUBLE } from '../../terminal/messages/sealed.js';

/** Ours, and not sealed: what a run has not finished, and what a re-wrap keeps beside a file meanwhile. */
const NOT_SEALED = /^\.(?:sealpipe-[0-9a-f]{24}\.tmp|.*\.sealpipe-rewrap)$/;

/** Whether operands name more than one file. */
export function areSeveral(operands: readonly string[]): boolean {
  return operands.length > 1 || operands.some(isFolder);
}

/**
 * The name of a file, or for `FOLDER/` the names of all regular files in it, in order. Symbolic links in it are passed
 * over.
 *
 * @throws CommandError with status 1 for a folder that cannot be read, or has no files
 */
export async function* namedFiles(operand: string): AsyncGenerator<string, void, void> {
  if (!isFolder(operand)) {
    yield operand;
    return;
  }
  let count = 0;
  for await (const name of filesIn(operand)) {
    count += 1;
    yield name;
  }
  if (count === 0) throw new CommandError(EXIT.other, SEALED_TROUBLE.noFiles(operand));
}

async function* filesIn(folder: string): AsyncGenerator<string, void, void> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() && !NOT_SEALED.test(entry.name)) yield path;
  }
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(folder, reason(error)), error);
  }
}

function isFolder(operand: string): boolean {
  return operand.endsWith('/');
}
