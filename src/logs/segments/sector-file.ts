/*
 * Files of one sector: one line of JSON, padded with spaces, with the state of an archive. Written in place, and
 * durable before anything relies on it.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem, OpenFile } from '../../file-system.js';
import { PRIVATE_FILE, SECTOR_SIZE } from '../../file-system.js';
import { readAt, writeAt } from '../../files/heads/positioned.js';

const UNFINISHED = /^(?:acknowledged|stored)\.[0-9a-f]{16}\.tmp$/;

/** The files of one sector in the folder of an archive. */
export type SectorName = 'acknowledged' | 'stored';

/** Reads a file of one sector; undefined if it does not exist. @throws (rejects) the error of the system */
export async function readSector(
  files: FileSystem,
  folder: string,
  name: SectorName,
): Promise<string | undefined> {
  const path = join(folder, name);
  if ((await files.facts(path)) === undefined) return undefined;
  const file = await files.open(path, { access: 'read' });
  try {
    return Buffer.from(await readAt(file, Buffer.alloc(SECTOR_SIZE), 0)).toString('utf8');
  } finally {
    await file.close();
  }
}

/** Keeps one value in a file. */
export class SectorFile {
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #name: SectorName;
  #file: OpenFile | undefined;

  /** @param folder of the archive */
  constructor(files: FileSystem, folder: string, name: SectorName) {
    this.#files = files;
    this.#folder = folder;
    this.#name = name;
  }

  /**
   * Durable once this resolves. @throws (rejects) the error of the system; the next call then creates the file again
   */
  async keep(value: object): Promise<void> {
    const sector = Buffer.from(`${JSON.stringify(value).padEnd(SECTOR_SIZE - 1)}\n`);
    if (this.#file === undefined) {
      this.#file = await this.#make(sector);
      return;
    }
    try {
      await writeAt(this.#file, sector, 0);
      await this.#file.datasync();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  /** The name is given to a complete file, so that no power cut leaves an incomplete one. */
  async #make(sector: Buffer): Promise<OpenFile> {
    const path = join(this.#folder, this.#name);
    const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
    const file = await this.#files.open(temporary, { access: 'read-write', create: PRIVATE_FILE });
    try {
      await writeAt(file, sector, 0);
      await file.sync();
      await this.#files.rename(temporary, path);
      await this.#files.syncFolder(this.#folder);
      return file;
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.#files.unlink(temporary).catch(() => undefined);
      throw error;
    }
  }
}

/** Whether a name in the folder of an archive is that of an incomplete file of one sector. */
export function isUnfinishedSector(name: string): boolean {
  return UNFINISHED.test(name);
}
