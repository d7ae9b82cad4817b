import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { isSystemError } from '../../system-error.js';

/**
 * A folder that is held open. Where the system has a way (Linux with /proc, and a folder that may be read), its names are
 * looked up in the folder itself: wherever it is moved, and whatever takes its place.
 */
export interface HeldFolder {
  readonly path: string;
  readonly stats: BigIntStats;
  /** What to call an entry of it in calls to the system. */
  at(name: string): string;
  /** Whether its path still names it. */
  isInPlace(): Promise<boolean>;
  /** Makes its names durable, if the system can do that. */
  sync(): Promise<void>;
  /** Never rejects. */
  release(): Promise<void>;
}

const POSIX = process.platform !== 'win32';
const NO_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM'];

/**
 * Holds a folder.
 *
 * @param path a real path: no part of it is a symbolic link
 * @param place by which name to look it up, if that is a different one
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
      // Not normalised: behind a link, `..` is not what it looks like.
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
    // Files can be made in a folder that cannot be listed.
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
