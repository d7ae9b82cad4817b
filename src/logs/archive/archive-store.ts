import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../../sources/byte-source.js';
import { openFileSource } from '../../sources/file-source.js';
import { isSystemError } from '../../system-error.js';
import { notOneArchive } from './archive-fault.js';
import type { SegmentName } from './segment-name.js';
import { isArchiveName, parseSegmentName } from './segment-name.js';
import { storedIndex } from './stored-index.js';

/** How a reader that follows an archive watches its store. Times are milliseconds. */
export interface StoreWatch {
  /** Segments grow while they are written, and get another name at their end. */
  readonly grows: boolean;
  /** The pause between two looks at what was added. */
  readonly pause: number;
  /** How often names are listed. */
  readonly list: number;
  /** For how long behind a last frame names are listed at every look. */
  readonly listAtOnce: number;
  /** How often new archives are looked for. */
  readonly archives: number;
}

/** Where archives are kept: what reading and proof need of a folder or a bucket. */
export interface ArchiveStore {
  readonly watch: StoreWatch;
  /** The ids of the archives, in hex and in order. */
  archives(): Promise<readonly string[]>;
  /**
   * The names of the files of an archive.
   *
   * @param after an index: the segments up to it may be left out
   */
  list(archive: string, after?: number): Promise<readonly string[]>;
  /** The same, with the bytes of each. One that goes away before it is looked at may be missing. */
  sizes(archive: string): Promise<ReadonlyMap<string, number>>;
  /** Up to which index segments that are not here are in another store, as far as is known: a hint. */
  storedElsewhere(archive: string): Promise<number | undefined>;
  /** What a name says here; undefined if it is no segment's. */
  segmentOf(name: string): SegmentName | undefined;
  /**
   * Opens a file. Unlike other sources it may be asked for its size again: that of a segment grows while it is written.
   *
   * @throws (rejects) the error of the system, `ENOENT` if there is no such file. A bucket says so with
   * `ERR_SEALPIPE_STORE`, when the source is first asked for something
   */
  open(archive: string, name: string): Promise<ByteSource>;
  /** Whether a file could not be opened or read because it is not there. */
  isGone(error: unknown): boolean;
  /** Removes a file. @returns whether a version of it stays, which a name no longer leads to */
  remove(archive: string, name: string): Promise<{ readonly keepsVersions: boolean }>;
  /** Ends connections that were made for it. */
  close(): void;
}

/** Files that are asked for their size at once: one after the other, those of a year would take seconds. */
const AT_ONCE = 64;
/** What a folder, a FIFO or a device by the name of a file is answered with. */
const NOT_REGULAR = 'ERR_SEALPIPE_OPTIONS';

/** A folder with a folder for each archive (LOGS 8). */
export class FolderStore implements ArchiveStore {
  readonly watch = { grows: true, pause: 25, list: 250, listAtOnce: 1_000, archives: 1_000 };
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

  async sizes(archive: string): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    const names = await this.list(archive);
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = names.slice(at, at + AT_ONCE);
      const all = await Promise.all(
        some.map((name) => stat(join(this.#directory, archive, name)).catch(() => undefined)),
      );
      for (const [i, facts] of all.entries()) if (facts !== undefined) sizes.set(some[i]!, facts.size);
    }
    return sizes;
  }

  storedElsewhere(archive: string): Promise<number | undefined> {
    return storedIndex(join(this.#directory, archive));
  }

  segmentOf(name: string): SegmentName | undefined {
    return parseSegmentName(name);
  }

  async open(archive: string, name: string): Promise<ByteSource> {
    try {
      return await openFileSource(join(this.#directory, archive, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== NOT_REGULAR) throw error;
      throw notOneArchive(`${name} is not a regular file`);
    }
  }

  isGone(error: unknown): boolean {
    return isSystemError(error) && error.code === 'ENOENT';
  }

  async remove(archive: string, name: string): Promise<{ readonly keepsVersions: boolean }> {
    await unlink(join(this.#directory, archive, name));
    return { keepsVersions: false };
  }

  close(): void {
    // It holds nothing.
  }
}
