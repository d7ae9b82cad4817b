import type { BigIntStats } from 'node:fs';
import { constants, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, mkdir, open, readdir, realpath, rename, statfs, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { copyAttributes, lockFile } from '../../crypto/native/file-calls.js';
import type { FileFacts, FileSystem, LockAnswer, OpenFile, OpenWish } from '../../file-system.js';
import { POSIX } from '../../file-system.js';

const PERMISSIONS = 0o7777;
/** NFS_SUPER_MAGIC of statfs(2). */
const NFS_MAGIC = 0x6969;
/** The errors of file systems that cannot make a folder durable. */
const NO_FOLDER_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** The file system of this machine. */
export const systemFiles: FileSystem = {
  open: async (path, wish) => new SystemFile(await openHandle(path, wish)),
  async facts(path: string): Promise<FileFacts | undefined> {
    try {
      return factsOf(await lstat(path, { bigint: true }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  resolve: (path) => realpath(path),
  link,
  rename,
  unlink,
  names: (folder) => readdir(folder),
  makeFolder: (path) => mkdir(path, { mode: 0o700 }),
  async isNfs(folder: string): Promise<boolean> {
    return process.platform === 'linux' && (await statfs(folder)).type === NFS_MAGIC;
  },
  async syncFolder(folder: string): Promise<void> {
    if (!POSIX) return;
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } catch (error) {
      if (!NO_FOLDER_SYNC.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      await handle.close();
    }
  },
};

/**
 * The same for a thread that does nothing else: it writes synchronously, because a round trip to Node's thread pool
 * costs more than the write.
 */
export const ownThreadFiles: FileSystem = {
  ...systemFiles,
  open: async (path, wish) => new OwnThreadFile(await openHandle(path, wish)),
};

class SystemFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(memory: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(memory, 0, memory.length, position)).bytesRead;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.write(bytes, 0, bytes.length, position)).bytesWritten;
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  async facts(): Promise<FileFacts> {
    return factsOf(await this.#handle.stat({ bigint: true }));
  }

  lock(): LockAnswer {
    return lockFile(this.#handle.fd);
  }

  async takeRightsOf(other: OpenFile): Promise<void> {
    const from = other as SystemFile;
    const { owner, group, mode } = await from.facts();
    const mine = await this.facts();
    if (POSIX && (owner !== mine.owner || group !== mine.group)) await this.#handle.chown(owner, group);
    if (!copyAttributes(from.#handle.fd, this.#handle.fd)) await copyByCommand(from.#handle, this.#handle);
    // After the owner, because changing the owner clears set-user-ID bits.
    if (POSIX) await this.#handle.chmod(mode);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

class OwnThreadFile extends SystemFile {
  readonly #descriptor: number;

  constructor(handle: FileHandle) {
    super(handle);
    this.#descriptor = handle.fd;
  }

  override async write(bytes: Uint8Array, position: number): Promise<number> {
    return writeSync(this.#descriptor, bytes, 0, bytes.length, position);
  }
}

function openHandle(path: string, { access, create }: OpenWish): Promise<FileHandle> {
  const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = constants;
  // Without O_NONBLOCK, opening a FIFO waits for its other end. Windows has neither flag.
  const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const flags = (access === 'read' ? O_RDONLY : O_RDWR) | (create === undefined ? 0 : O_CREAT | O_EXCL);
  return open(path, flags | careful, create);
}

/** Without the addon: GNU cp, which fails if it cannot copy them. Other systems are refused. */
async function copyByCommand(from: FileHandle, to: FileHandle): Promise<void> {
  if (process.platform !== 'linux') {
    const message =
      'ENOTSUP: ACLs and extended attributes cannot be carried over here without the native addon';
    throw Object.assign(new Error(message), { code: 'ENOTSUP', syscall: 'setxattr' });
  }
  const name = (handle: FileHandle) => `/proc/${process.pid}/fd/${handle.fd}`;
  const words = ['--attributes-only', '--preserve=mode,xattr', '--dereference', '--', name(from), name(to)];
  try {
    const { execFile } = await import('node:child_process');
    await promisify(execFile)('cp', words, { env: { ...process.env, LC_ALL: 'C' } });
  } catch (cause) {
    const message =
      'ENOTSUP: cp does not carry ACLs and extended attributes over, and there is no native addon';
    throw Object.assign(new Error(message, { cause }), { code: 'ENOTSUP', syscall: 'setxattr' });
  }
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
