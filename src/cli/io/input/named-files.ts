import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, reason } from '../../../system-error.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { SEALED_TROUBLE } from '../../terminal/messages/sealed.js';

/** Files of ours that are not sealed: unfinished outputs, and the journals of re-wraps. */
const NOT_SEALED = /^\.(?:sealpipe-[0-9a-f]{24}\.tmp|.*\.sealpipe-rewrap|.*\.[0-9a-f]{16}\.sealpipe-copy)$/s;

/** One of the files that an operand names, or a file or folder of it that cannot be read. */
export interface NamedFile {
  readonly name: string;
  /** Whether it was not named itself, but lies in a named folder. */
  readonly isFound: boolean;
  /** Why its content is unknown. */
  readonly error?: CommandError;
}

/** An entry of a folder. The text of a name that is not UTF-8 is another name. */
interface Entry {
  readonly text: string;
  readonly entry: Dirent<Buffer>;
}

/** Whether operands name more than one file. */
export function areSeveral(operands: readonly string[]): boolean {
  return operands.length > 1 || operands.some(isFolder);
}

/**
 * The name of a file, or for `FOLDER/` the names of all regular files below it, in order. Symbolic links in it are
 * skipped. An unreadable folder, and a name that is not UTF-8, are reported, and the others are still listed.
 *
 * @throws CommandError with status 1 for an operand that cannot be read or has no files
 */
export async function* namedFiles(operand: string): AsyncGenerator<NamedFile, void, void> {
  if (!isFolder(operand)) {
    yield { name: operand, isFound: false };
    return;
  }
  const entries = await entriesOf(operand);
  let count = 0;
  for await (const file of filesAmong(entries, operand)) {
    count += 1;
    yield file;
  }
  if (count === 0) throw new CommandError(EXIT.other, SEALED_TROUBLE.noFiles(operand));
}

async function* filesAmong(entries: readonly Entry[], folder: string): AsyncGenerator<NamedFile, void, void> {
  for (const { text, entry } of entries) {
    const name = join(folder, text);
    if (entry.isFile() ? NOT_SEALED.test(text) : !entry.isDirectory()) continue;
    // Its text leads to no file, or to another one.
    if (!entry.name.equals(Buffer.from(text))) {
      yield { name, isFound: true, error: new CommandError(EXIT.other, FILE_TROUBLE.nameNotText(name)) };
      continue;
    }
    if (entry.isFile()) {
      yield { name, isFound: true };
      continue;
    }
    const below = await entriesOf(name).catch((error: unknown) => {
      if (error instanceof CommandError) return error;
      throw error;
    });
    if (below instanceof CommandError) yield { name, isFound: true, error: below };
    else yield* filesAmong(below, name);
  }
}

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries
      .map((entry) => ({ text: entry.name.toString(), entry }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(folder, reason(error)), error);
  }
}

function isFolder(operand: string): boolean {
  return operand.endsWith('/');
}
