import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { isInherited } from './inherited-descriptors.js';

const NAME = /\/(?:dev|proc\/self)\/fd\/([0-9]{1,3})(?![0-9])/g;
const NUMBER = /^(?:0|[1-9][0-9]{0,9})$/;
const MOST_LINKS = 40;

/**
 * The descriptors that words name, as the shells write them for `<(…)`: `/dev/fd/63`, `/proc/self/fd/12`. Node hands a
 * child some of those that it was given and closes others; a program that is told of one needs it. Those that the command
 * was not started with are not its to hand on.
 */
export function namedDescriptors(words: readonly string[]): number[] {
  const named = words.flatMap((word) => [...word.matchAll(NAME)].map(([, digits]) => Number(digits)));
  return [...new Set(named)].filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

/**
 * The descriptor of our own that a path names in the end: `/dev/fd/3`, `/dev/stdin`, `/proc/<our id>/fd/3`, a symbolic
 * link to one of them. Undefined for any other path. Never throws.
 */
export function descriptorNamed(path: string): number | undefined {
  const folders = descriptorFolders();
  if (folders.length === 0) return undefined;
  let current = resolve(path);
  try {
    for (let links = 0; links < MOST_LINKS; links++) {
      const folder = realpathSync(dirname(current));
      const name = basename(current);
      if (folders.some((own) => isSameFolder(folder, own)) && NUMBER.test(name)) return Number(name);
      current = resolve(folder, readlinkSync(current));
    }
  } catch {
    // It is not there, or it is no link: then it is no name of a descriptor.
  }
  return undefined;
}

/**
 * A descriptor that a path names, for what reads or writes it.
 *
 * @throws an error of the system where the command was not started with it: what is there now is none of the user's
 */
export function inherited(descriptor: number, path: string): number {
  if (isInherited(descriptor)) return descriptor;
  const message = `ENOENT: no such file or directory, open '${path}'`;
  throw Object.assign(new Error(message), { code: 'ENOENT', syscall: 'open', path });
}

/** Where our descriptors go by their numbers. Threads have folders of their own below. */
function descriptorFolders(): string[] {
  return ['/proc/self/fd', '/dev/fd'].flatMap((folder) => {
    try {
      return [realpathSync(folder)];
    } catch {
      return [];
    }
  });
}

function isSameFolder(folder: string, own: string): boolean {
  if (folder === own) return true;
  const process = dirname(own);
  return folder.startsWith(`${process}/task/`) && basename(folder) === 'fd';
}
