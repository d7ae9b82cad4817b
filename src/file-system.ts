/** Whether files have owners and modes here, and folders can be made durable. */
export const POSIX: boolean = process.platform !== 'win32';
/** The mode of a file that only its owner may read and write. */
export const PRIVATE_FILE = 0o600;
/** The mode of a folder that only its owner may use. */
export const PRIVATE_FOLDER = 0o700;
/** The bits of a mode that give rights to anyone but the owner. */
export const GROUP_AND_WORLD = 0o077;
/** The most symbolic links that a path may lead through, like on Linux. */
export const MOST_LINKS = 40;
/** The least that a disk writes: all of it, or nothing if the power fails. */
export const SECTOR_SIZE = 512;

/** Identifies a file on this machine, whatever its names. */
export interface FileId {
  readonly device: bigint;
  /** Undefined for a disk, which its device number alone identifies. */
  readonly inode: bigint | undefined;
}

/** Whether both files are known and are the same file. */
export function isSameFile(one: FileId | undefined, other: FileId | undefined): boolean {
  return one !== undefined && other !== undefined && one.device === other.device && one.inode === other.inode;
}

/** The metadata of an entry of a file system. */
export interface FileFacts extends FileId {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly inode: bigint;
  /** Bytes. */
  readonly size: number;
  /** The number of its names (hard links). */
  readonly links: number;
  /** User id. */
  readonly owner: number;
  /** Group id. */
  readonly group: number;
  /** The permission bits only. */
  readonly mode: number;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  /** Nanoseconds since 1970 of the last change of data, permissions or names. */
  readonly changed: bigint;
}

/** How a file is opened. */
export interface OpenWish {
  /** Read only, or read and write. */
  readonly access: 'read' | 'read-write';
  /** Creates the file with this mode; it must not exist. */
  readonly create?: number;
}

/** The result of a lock request; `none` means that such locks do not exist here. */
export type LockAnswer = 'locked' | 'held' | 'none';

/** An open file. Positions are bytes from its beginning. */
export interface OpenFile {
  /** @returns the number of bytes read: 0 only at the end */
  read(memory: Uint8Array, position: number): Promise<number>;
  /** @returns the number of bytes written */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Makes data and metadata durable (fsync). */
  sync(): Promise<void>;
  /** Makes data durable, and the metadata that is needed to read it (fdatasync). */
  datasync(): Promise<void>;
  facts(): Promise<FileFacts>;
  /** Requests an exclusive lock on the whole file, without waiting. Closing the file releases it. */
  lock(): LockAnswer;
  /** Gives this file the owner, mode, ACLs and extended attributes of `other`, or fails. */
  takeRightsOf(other: OpenFile): Promise<void>;
  close(): Promise<void>;
}

/**
 * The file system calls used by code that must survive a power cut, so that tests can cut the power after each of them.
 * Errors carry the system's `code`, such as `ENOENT`.
 */
export interface FileSystem {
  /** Opens a file; fails for a symbolic link. */
  open(path: string, wish: OpenWish): Promise<OpenFile>;
  /** Metadata of the entry itself, even if it is a symbolic link; undefined if it does not exist. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** The path without symbolic links. */
  resolve(path: string): Promise<string>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** The names in a folder. */
  names(folder: string): Promise<string[]>;
  /** Creates a folder that only its owner can use; it must not exist. */
  makeFolder(path: string): Promise<void>;
  /** Whether a folder is on NFS, where a lock may apply to one machine only. */
  isNfs(folder: string): Promise<boolean>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
}
