import type { BigIntStats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { MOST_LINKS } from '../../file-system.js';
import { refusal } from './file-fault.js';
import type { HeldFolder } from './held-folder.js';
import { holdFolder } from './held-folder.js';

/** A folder like /tmp: everyone may create names in it, and nobody may remove those of others. */
const SHARED = 0o1002n;

/**
 * Walks to a folder name by name, each looked up in the folder before it, and holds it open. Symbolic links on the way
 * are checked like the last one: realpath() would follow links that the system refuses to follow.
 *
 * @param path absolute, not normalised: after a link, `..` is not the folder that precedes it in the path
 * @param output the name of the output in messages
 * @throws an error like the system's for a link that another user left in a folder that everyone may write to; the error of the system
 */
export async function walkTo(path: string, output: string): Promise<HeldFolder> {
  // Windows has no such folders.
  if (process.geteuid === undefined) return holdFolder(await realpath(path));
  let folder = await holdFolder(parse(path).root);
  let left = namesOf(path);
  try {
    for (let links = 0; left.length > 0; ) {
      const [name = '', ...rest] = left;
      const found = await lstat(folder.at(name), { bigint: true });
      if (!found.isSymbolicLink()) {
        folder = await replaced(folder, name);
        left = rest;
        continue;
      }
      assertNotForeign(found, folder, name, output);
      if (++links > MOST_LINKS) throw refusal('many-links', output);
      const target = await readlink(folder.at(name));
      if (target.startsWith('/')) folder = await replaced(folder, '/');
      left = [...namesOf(target), ...rest];
    }
    return folder;
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** @throws an error like the system's for a link that another user left in a folder that everyone may write to */
export function assertNotForeign(link: BigIntStats, folder: HeldFolder, name: string, output: string): void {
  if (!isForeign(link, folder)) return;
  throw refusal('foreign-link', output, { link: inFolder(folder.path, name) });
}

/** Like `protected_symlinks` of Linux, which is not enabled everywhere. */
export function isForeign(entry: BigIntStats, { stats }: HeldFolder): boolean {
  const ourselves = process.geteuid?.();
  if (ourselves === undefined || (stats.mode & SHARED) !== SHARED) return false;
  return entry.uid !== BigInt(ourselves) && entry.uid !== stats.uid;
}

/** Only the next of the two folders stays open. */
async function replaced(folder: HeldFolder, name: string): Promise<HeldFolder> {
  const path = name === '..' ? dirname(folder.path) : inFolder(folder.path, name);
  const next = await (name === '/' ? holdFolder('/') : holdFolder(path, folder.at(name)));
  await folder.release();
  return next;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function inFolder(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
