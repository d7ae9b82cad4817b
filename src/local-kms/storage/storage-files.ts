import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, mkdir, open, readdir, realpath, unlink } from 'node:fs/promises';
import type { FileFacts, FileSystem, OpenFile, OpenWish } from '../../file-system.js';
import { POSIX, PRIVATE_FOLDER } from '../../file-system.js';
import { errorCode } from './system-error.js';

/** An open file of a directory of keys. */
export type StorageFile = Pick<OpenFile, 'read' | 'write' | 'sync' | 'facts' | 'close'>;

/** The file-system calls of a directory of keys. A file opened for reading may be a symbolic link. */
export interface StorageFiles
  extends Pick<FileSystem, 'facts' | 'resolve' | 'link' | 'unlink' | 'names' | 'makeFolder' | 'syncFolder'> {
  open(path: string, wish: OpenWish): Promise<StorageFile>;
}

const PERMISSIONS = 0o777;
/**
 * Errors of file systems without such a call, and of a parent that may be traversed but not read; never of a failing
 * disk.
 */
const NO_WAY_TO_SYNC = ['EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP'];

/** The file-system calls of this machine. */
export const storageFiles: StorageFiles = {
  async open(path, { access, create }) {
    const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = constants;
    const how = access === 'read' ? O_RDONLY : O_RDWR;
    // A FIFO with the name of a file is refused without waiting for it.
    const flags = create === undefined ? how | (constants.O_NONBLOCK ?? 0) : how | O_CREAT | O_EXCL;
    return fileOver(await open(path, flags, create));
  },
  async facts(path) {
    try {
      return factsOf(await lstat(path, { bigint: true }));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  resolve: (path) => realpath(path),
  link,
  unlink,
  names: (folder) => readdir(folder),
  makeFolder: (path) => mkdir(path, { mode: PRIVATE_FOLDER }),
  async syncFolder(folder) {
    if (!POSIX) return;
    let handle: FileHandle | undefined;
    try {
      handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
      await handle.sync();
    } catch (error) {
      if (!NO_WAY_TO_SYNC.includes(errorCode(error))) throw error;
    } finally {
      await handle?.close();
    }
  },
};

function fileOver(handle: FileHandle): StorageFile {
  return {
    read: async (memory, position) => (await handle.read(memory, 0, memory.length, position)).bytesRead,
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    sync: () => handle.sync(),
    facts: async () => factsOf(await handle.stat({ bigint: true })),
    close: () => handle.close(),
  };
}

function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: kindOf(stats),
    device: stats.dev,
    inode: stats.ino,
    size: Number(stats.size),
    links: Number(stats.nlink),
    owner: Number(stats.uid),
    group: Number(stats.gid),
    mode: Number(stats.mode) & PERMISSIONS,
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
  };
}

function kindOf(stats: BigIntStats): FileFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
