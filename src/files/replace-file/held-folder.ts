import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { POSIX } from '../../file-system.js';
import { isSystemError } from '../../system-error.js';

/**
 * A folder that is held open. If the system allows it (Linux with /proc, and a readable folder), names are looked up in
 * the folder itself, even if it is moved or replaced.
 */
export interface HeldFolder {
  readonly path: string;
  readonly stats: BigIntStats;
  /** The path of an entry for system calls. */
  at(name: string): string;
  /** Whether its path still leads to it. */
  isInPlace(): Promise<boolean>;
  /** Makes its names durable if the system can. */
  sync(): Promise<void>;
  /** Never rejects. */
  release(): Promise<void>;
}

const NO_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM'];

/**
 * Holds a folder.
 *
 * @param path a real path: no part of it is a symbolic link
 * @param place the path to open it by, if different
 */
export async function holdFolder(path: string, place: string = path): Promise<HeldFolder> {
  const handle = process.platform === 'linux' ? await openFolder(place) : undefined;
  try {
    const stats = await (handle?.stat({ bigint: true }) ?? stat(place, { bigint: true }));
    const held = handle && `/proc/self/fd/${handle.fd}`;
    const base = held !== undefined && (await names(held, stats)) ? held : path;
    return {
      path,
      stats,
      // Not normalised: after a link, `..` is not the folder that precedes it in the path.
      at: (name) => `${base}${sep}${name}`,
      isInPlace: () => names(path, stats),
      sync: () => sync(path, handle),
      release: async () => {
        await handle?.close().catch(() => undefined);
      },
    };
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

async function openFolder(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    // Files can be created in a folder that cannot be listed.
    if (isSystemError(error) && error.code === 'EACCES') return undefined;
    throw error;
  }
}

async function names(path: string, { dev, ino }: BigIntStats): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.dev === dev && found.ino === ino;
}

async function sync(path: string, held: FileHandle | undefined): Promise<void> {
  if (!POSIX) return;
  try {
    if (held !== undefined) return await held.sync();
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!isSystemError(error) || !NO_SYNC.includes(error.code ?? '')) throw error;
  }
}
