import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { MOST_LINKS } from '../file-system.js';

const NUMBER = /^(?:0|[1-9][0-9]{0,9})$/;

/**
 * The descriptor of this process that a path resolves to: `/dev/fd/3`, `/dev/stdin`, `/proc/<own pid>/fd/3`, or a
 * symbolic link to one of them. Undefined for any other path. Never throws.
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
    // It does not exist or is not a link, so it does not name a descriptor.
  }
  return undefined;
}

/** The folders that list the descriptors of this process by number. Threads have separate folders below them. */
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
