import { randomBytes } from 'node:crypto';
import { open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../../sources/byte-source.js';
import { openFileSource } from '../../sources/file-source.js';
import { isArchiveName } from './segment-name.js';

/** Where archives are kept: what reading and proof need of a folder or a bucket. */
export interface ArchiveStore {
  /** The ids of the archives, in hex and in order. */
  archives(): Promise<readonly string[]>;
  /** The names of the files of an archive. */
  list(archive: string): Promise<readonly string[]>;
  /**
   * Opens a file. Unlike other sources it may be asked for its size again: that of a segment grows while it is written.
   *
   * @throws (rejects) the error of the system, `ENOENT` if there is no such file
   */
  open(archive: string, name: string): Promise<ByteSource>;
  /** Writes a file whole, in the place of one of that name: durable once this resolves. */
  write(archive: string, name: string, bytes: Uint8Array): Promise<void>;
}

const PRIVATE = 0o600;

/** A folder with a folder for each archive (LOGS 8). */
export class FolderStore implements ArchiveStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async archives(): Promise<readonly string[]> {
    const entries = await readdir(this.#directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isArchiveName(entry.name))
      .map(({ name }) => name)
      .sort();
  }

  list(archive: string): Promise<readonly string[]> {
    return readdir(join(this.#directory, archive));
  }

  open(archive: string, name: string): Promise<ByteSource> {
    return openFileSource(join(this.#directory, archive, name));
  }

  async write(archive: string, name: string, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#directory, archive);
    const temporary = join(folder, `${name}.${randomBytes(8).toString('hex')}.tmp`);
    try {
      const file = await open(temporary, 'wx', PRIVATE);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(folder, name));
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await syncFolder(folder);
  }
}

/** Makes the names in a folder durable, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
