/** What tells a file from every other one on this machine, whatever its names. */
export interface FileId {
  readonly device: bigint;
  /** Undefined for a disk, which its device number names alone. */
  readonly inode: bigint | undefined;
}

/** Whether two files are known, and are one and the same. */
export function isSameFile(one: FileId | undefined, other: FileId | undefined): boolean {
  return one !== undefined && other !== undefined && one.device === other.device && one.inode === other.inode;
}

/** What a file system knows of one of its entries. */
export interface FileFacts extends FileId {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly inode: bigint;
  /** Bytes. */
  readonly size: number;
  /** How many names it has. */
  readonly links: number;
  /** User id. */
  readonly owner: number;
  /** Group id. */
  readonly group: number;
  /** The permission bits alone. */
  readonly mode: number;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  /** Nanoseconds since 1970: data, rights or names changed. */
  readonly changed: bigint;
}

/** How a file is opened. */
export interface OpenWish {
  /** For reading alone, or for both. */
  readonly access: 'read' | 'read-write';
  /** Makes the file with this mode; it must not exist. */
  readonly create?: number;
}

/** What came of asking for a lock: `none`: there are no such locks here. */
export type LockAnswer = 'locked' | 'held' | 'none';

/** An open file. Positions are bytes from its beginning. */
export interface OpenFile {
  /** @returns how many bytes came: 0 only at the end */
  read(memory: Uint8Array, position: number): Promise<number>;
  /** @returns how many bytes were taken */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Makes data and facts durable (fsync). */
  sync(): Promise<void>;
  /** Makes data durable, and what is needed to read it (fdatasync). */
  datasync(): Promise<void>;
  facts(): Promise<FileFacts>;
  /** Asks for an exclusive lock on the whole file, which ends when the file is closed. Does not wait. */
  lock(): LockAnswer;
  /** Gives this file owner, mode, ACLs and extended attributes of `other`, or fails. */
  takeRightsOf(other: OpenFile): Promise<void>;
  close(): Promise<void>;
}

/**
 * The calls of a file system that code which must survive a power cut is written against, so that tests can cut the
 * power after every one of them. Errors carry the system's `code`, such as `ENOENT`.
 */
export interface FileSystem {
  /** Opens a file that is no symbolic link. */
  open(path: string, wish: OpenWish): Promise<OpenFile>;
  /** Facts of the entry itself, even if it is a symbolic link; undefined if it does not exist. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** The path with no symbolic link in it. */
  resolve(path: string): Promise<string>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** The names in a folder. */
  names(folder: string): Promise<string[]>;
  /** Makes a folder for its owner alone; it must not exist. */
  makeFolder(path: string): Promise<void>;
  /** Whether a folder lies on NFS, where a lock may bind one machine alone. */
  isNfs(folder: string): Promise<boolean>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
}
