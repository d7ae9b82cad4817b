import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isSealpipeError } from '../../errors.js';
import { preparePrivateDirectory, syncDirectory } from './private-directory.js';
import type { Folder, Storage } from './storage.js';
import { FOLDERS, storageError } from './storage.js';
import { errorCode, systemReason } from './system-error.js';

/** No file of ours comes near it; a larger one is not ours, and is not read into memory. */
const MAX_FILE_BYTES = 262_144;
const TEMPORARY = /^\.[0-9a-f]{32}\.tmp$/;
/** A write takes milliseconds, so an older temporary file is left over from a process that died. */
const STALE_AFTER = 600_000;

/** A FIFO under the name of a file is refused, and not waited for. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * A storage in a directory, which several processes may share.
 *
 * A file comes into being by link(2) from a temporary file that is complete and synced: one system call that fails
 * if the name is taken. There is no moment at which a killed process leaves half a file, a lock, or a name without
 * its content. What is read was synced first, so that no answer rests on a name that a power failure could take back.
 */
export class DirectoryStorage implements Storage {
  readonly #directory: string;
  #ready: Promise<void> | undefined;

  /** @param directory an absolute path; made with mode 0700 when first used */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async create(folder: Folder, name: string, content: Uint8Array): Promise<boolean> {
    return this.#attempt('write', this.locate(folder, name), async (path) => {
      for (;;) {
        const temporary = this.locate(folder, `.${randomBytes(16).toString('hex')}.tmp`);
        try {
          await writeSynced(temporary, content);
          await link(temporary, path);
          await syncDirectory(join(this.#directory, folder));
          return true;
        } catch (error) {
          if (errorCode(error) === 'EEXIST') return false;
          // Asleep for longer than STALE_AFTER between write and link: the file was taken for left over.
          if (errorCode(error) !== 'ENOENT' || !(await exists(join(this.#directory, folder)))) throw error;
        } finally {
          // Its failure changes nothing: the name is taken or it is not, and left-overs are swept.
          await removeName(temporary).catch(() => undefined);
        }
      }
    });
  }

  async read(folder: Folder, name: string): Promise<Buffer | undefined> {
    return this.#attempt('read', this.locate(folder, name), async (path) => {
      const content = await readWhole(path);
      if (content !== undefined) await syncDirectory(join(this.#directory, folder));
      return content;
    });
  }

  async has(folder: Folder, name: string): Promise<boolean> {
    return this.#attempt('read', this.locate(folder, name), exists);
  }

  async list(folder: Folder): Promise<string[]> {
    return this.#attempt('read', join(this.#directory, folder), async (path) => readdir(path));
  }

  async remove(folder: Folder, name: string): Promise<void> {
    await this.#attempt('remove', this.locate(folder, name), async (path) => {
      await removeName(path);
      await syncDirectory(join(this.#directory, folder));
    });
  }

  locate(folder: Folder, name: string): string {
    return join(this.#directory, folder, name);
  }

  wipe(): void {}

  async #attempt<T>(verb: string, path: string, act: (path: string) => Promise<T>): Promise<T> {
    try {
      this.#ready ??= this.#prepare();
      await this.#ready;
      return await act(path);
    } catch (error) {
      if (isSealpipeError(error)) throw error;
      throw storageError(`The embedded KMS cannot ${verb} ${path}: ${systemReason(error)}`, { cause: error });
    }
  }

  async #prepare(): Promise<void> {
    try {
      await preparePrivateDirectory(this.#directory).catch((error: unknown) => {
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
      for (const name of await readdir(join(this.#directory, folder))) {
        if (!TEMPORARY.test(name)) continue;
        const path = this.locate(folder, name);
        const found = await unlessMissing(lstat(path));
        if (!found?.isFile() || Date.now() - found.mtimeMs <= STALE_AFTER) continue;
        // It is in nobody's way if it cannot be removed: keys that may only be read can be used.
        await removeName(path).catch(() => undefined);
      }
    }
  }
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readWhole(path: string): Promise<Buffer | undefined> {
  const handle = await unlessMissing(open(path, READ_AT_ONCE));
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > MAX_FILE_BYTES) {
      throw storageError(`${path} is not a file of the embedded KMS`, { hint: 'Move it away' });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  const found = await unlessMissing(lstat(path));
  return found !== undefined;
}

async function removeName(path: string): Promise<void> {
  await unlessMissing(unlink(path));
}

async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
