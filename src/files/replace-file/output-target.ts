import type { BigIntStats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, sep } from 'node:path';
import { MOST_LINKS } from '../../file-system.js';
import { isSystemError } from '../../system-error.js';
import { outputExists, refusal } from './file-fault.js';
import { assertNotForeign, isForeign, walkTo } from './folder-walk.js';
import type { HeldFolder } from './held-folder.js';

/** The target of the path of an output. */
export interface OutputTarget {
  /** Held until it is released. */
  readonly folder: HeldFolder;
  /** A name in the folder that is not a symbolic link. */
  readonly name: string;
  /** Facts of the existing entry; undefined if there is none. */
  readonly found: BigIntStats | undefined;
  /** It is a link of /proc to an open descriptor, which only opening it can follow. */
  readonly isDescriptor: boolean;
}

/**
 * Follows the symbolic links of a path one by one. Each is examined only once, so that changing a name between two
 * examinations gains nothing.
 *
 * @param mayMakeThroughLink whether a link may point to a file that does not exist
 * @throws SealpipeError `ERR_SEALPIPE_EXISTS` for a dangling link; an error like the system's for one that another user
 * left in a folder that everyone may write to
 */
export async function outputTarget(path: string, mayMakeThroughLink: boolean): Promise<OutputTarget> {
  let current = under(process.cwd(), path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await walkTo(dirname(current), path);
    const name = basename(current);
    try {
      const found = await ifThere(lstat(folder.at(name), { bigint: true }));
      if (found === undefined && links > 0 && !mayMakeThroughLink) {
        throw outputExists(path, current);
      }
      if (found === undefined || !found.isSymbolicLink()) {
        assertNotPlanted(path, found, folder);
        return { folder, name, found, isDescriptor: false };
      }
      assertNotForeign(found, folder, name, path);
      const open = folder.path.startsWith('/proc/')
        ? await ifThere(stat(folder.at(name), { bigint: true }))
        : undefined;
      if (open !== undefined && !open.isFile()) return { folder, name, found: open, isDescriptor: true };
      current = under(folder.path, await readlink(folder.at(name)));
    } catch (error) {
      await folder.release();
      throw error;
    }
    await folder.release();
  }
  throw refusal('many-links', path);
}

/**
 * Like `protected_fifos` of Linux, which covers only files that may be created: the reader of the FIFO would get our
 * data.
 */
function assertNotPlanted(path: string, found: BigIntStats | undefined, folder: HeldFolder): void {
  if (found?.isFIFO() && isForeign(found, folder)) {
    throw refusal('foreign-fifo', path);
  }
}

/** Not normalised: behind a link, `..` is not what it looks like. */
function under(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder}${sep}${path}`;
}

async function ifThere<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
