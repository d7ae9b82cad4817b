import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isSealpipeError } from '../../errors.js';
import { PRIVATE_FILE } from '../../file-system.js';
import { preparePrivateDirectory } from './private-directory.js';
import type { Folder, Storage } from './storage.js';
import { FOLDERS, storageError } from './storage.js';
import type { StorageFile, StorageFiles } from './storage-files.js';
import { storageFiles } from './storage-files.js';
import { errorCode, systemReason } from './system-error.js';

/** Far above the size of any file of ours. A larger file is not ours, and is not read into memory. */
const MAX_FILE_BYTES = 262_144;
const TEMPORARY = /^\.[0-9a-f]{32}\.tmp$/;
/** A write takes milliseconds, so an older temporary file was left by a process that died. */
const STALE_AFTER = 600_000;
const PER_MILLISECOND = 1_000_000n;

/**
 * A storage in a directory, which several processes may share.
 *
 * A file is created by link(2) from a complete, synced temporary file: one system call, which fails if the name is
 * taken. A killed process therefore never leaves half a file, a lock, or a name without content. Names are synced
 * before their content is used, so that no response depends on a name that a power failure could undo.
 */
export class DirectoryStorage implements Storage {
  readonly #directory: string;
  readonly #files: StorageFiles;
  #ready: Promise<void> | undefined;

  /** @param directory an absolute path; made with mode 0700 when first used */
  constructor(directory: string, files: StorageFiles = storageFiles) {
    this.#directory = directory;
    this.#files = files;
  }

  async create(folder: Folder, name: string, content: Uint8Array): Promise<boolean> {
    return this.#attempt('write', this.locate(folder, name), async (path) => {
      for (;;) {
        const temporary = this.locate(folder, `.${randomBytes(16).toString('hex')}.tmp`);
        try {
          await this.#writeSynced(temporary, content);
          await this.#files.link(temporary, path);
          await this.#files.syncFolder(join(this.#directory, folder));
          return true;
        } catch (error) {
          if (errorCode(error) === 'EEXIST') return false;
          // The process slept for longer than STALE_AFTER between write and link, and the file was removed as left
          // over.
          if (errorCode(error) !== 'ENOENT' || !(await this.#exists(join(this.#directory, folder))))
            throw error;
        } finally {
          // A failure to remove it does not matter: leftovers are swept later.
          await this.#removeName(temporary).catch(() => undefined);
        }
      }
    });
  }

  async read(folder: Folder, name: string): Promise<Buffer | undefined> {
    return this.#attempt('read', this.locate(folder, name), async (path) => {
      const file = await unlessMissing(this.#files.open(path, { access: 'read' }));
      return file === undefined ? undefined : this.#readWhole(file, path);
    });
  }

  async has(folder: Folder, name: string): Promise<boolean> {
    return this.#attempt('read', this.locate(folder, name), (path) => this.#exists(path));
  }

  async list(folder: Folder): Promise<string[]> {
    return this.#attempt('read', join(this.#directory, folder), (path) => this.#files.names(path));
  }

  async remove(folder: Folder, name: string): Promise<void> {
    await this.#attempt('remove', this.locate(folder, name), async (path) => {
      await this.#removeName(path);
      await this.#files.syncFolder(join(this.#directory, folder));
    });
  }

  locate(folder: Folder, name: string): string {
    return join(this.#directory, folder, name);
  }

  wipe(): void {}

  async #attempt<T>(action: string, path: string, act: (path: string) => Promise<T>): Promise<T> {
    try {
      this.#ready ??= this.#prepare();
      await this.#ready;
      return await act(path);
    } catch (error) {
      if (isSealpipeError(error)) throw error;
      throw storageError(`The embedded KMS cannot ${action} ${path}: ${systemReason(error)}`, {
        cause: error,
      });
    }
  }

  async #prepare(): Promise<void> {
    try {
      await preparePrivateDirectory(this.#directory, this.#files).catch((error: unknown) => {
        if (isSealpipeError(error)) throw error;
        const why = systemReason(error);
        throw storageError(`The embedded KMS cannot make its directory ${this.#directory}: ${why}`, {
          cause: error,
        });
      });
      await this.#removeLeftovers();
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  async #removeLeftovers(): Promise<void> {
    for (const folder of FOLDERS) {
      for (const name of await this.#files.names(join(this.#directory, folder))) {
        if (!TEMPORARY.test(name)) continue;
        const path = this.locate(folder, name);
        const found = await this.#files.facts(path);
        if (found?.kind !== 'file' || Date.now() - milliseconds(found.modified) <= STALE_AFTER) continue;
        // A file that cannot be removed does no harm: keys in a read-only folder can be used.
        await this.#removeName(path).catch(() => undefined);
      }
    }
  }

  async #writeSynced(path: string, content: Uint8Array): Promise<void> {
    const file = await this.#files.open(path, { access: 'read-write', create: PRIVATE_FILE });
    try {
      for (let taken = 0; taken < content.length; ) {
        const written = await file.write(content.subarray(taken), taken);
        if (written === 0) throw Object.assign(new Error('EIO: nothing was taken, write'), { code: 'EIO' });
        taken += written;
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Reads and closes a file. If that fails, what was read is wiped: it may be a secret. */
  async #readWhole(file: StorageFile, path: string): Promise<Buffer> {
    let content: Buffer | undefined;
    try {
      let length: number;
      try {
        const { kind, size } = await file.facts();
        if (kind !== 'file' || size > MAX_FILE_BYTES) {
          throw storageError(`${path} is not a file of the embedded KMS`, { hint: 'Move it away' });
        }
        content = Buffer.alloc(size);
        length = await readInto(content, file);
      } finally {
        await file.close();
      }
      await this.#files.syncFolder(dirname(path));
      return content.subarray(0, length);
    } catch (error) {
      content?.fill(0);
      throw error;
    }
  }

  async #exists(path: string): Promise<boolean> {
    return (await this.#files.facts(path)) !== undefined;
  }

  async #removeName(path: string): Promise<void> {
    await unlessMissing(this.#files.unlink(path));
  }
}

/** Fills memory from the beginning of a file. @returns how many bytes the file had */
async function readInto(content: Buffer, file: StorageFile): Promise<number> {
  let length = 0;
  while (length < content.length) {
    const read = await file.read(content.subarray(length), length);
    if (read === 0) break;
    length += read;
  }
  return length;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / PER_MILLISECOND);
}

async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
