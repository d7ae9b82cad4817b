import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../../sources/byte-source.js';
import { openFileSource } from '../../sources/file-source.js';
import { isSystemError } from '../../system-error.js';
import { notOneArchive } from './archive-fault.js';
import type { SegmentName } from './segment-name.js';
import { isArchiveName, parseSegmentName } from './segment-name.js';
import { storedIndex } from './stored-index.js';

/** How a following reader polls a store. Times are milliseconds. */
export interface StoreWatch {
  /** Whether segments grow while they are written, and are renamed at their end. */
  readonly grows: boolean;
  /** The pause between two checks for new bytes. */
  readonly pause: number;
  /** How often names are listed. */
  readonly list: number;
  /** How long after a last frame names are listed with every check. */
  readonly listAtOnce: number;
  /** How often to look for new archives. */
  readonly archives: number;
  /** The pause after a failure that may pass. */
  readonly outage: number;
}

/** The bytes of a segment. */
export interface SegmentSource extends ByteSource {
  /** Fetches all of it, which is read more than once from now on; unless that would take too much memory. */
  hold?(signal: AbortSignal): Promise<void>;
}

/** A folder or a bucket of archives, for reading and proof. */
export interface ArchiveStore {
  readonly watch: StoreWatch;
  /** The ids of the archives, in hex and in order. */
  archives(): Promise<readonly string[]>;
  /**
   * The names of the files of an archive.
   *
   * @param after an index; segments up to it may be left out
   */
  list(archive: string, after?: number): Promise<readonly string[]>;
  /** The same, with the size of each. A file that is removed in between may be missing. */
  sizes(archive: string): Promise<ReadonlyMap<string, number>>;
  /** The index up to which segments that are missing here are in another store, if known: a hint. */
  storedElsewhere(archive: string): Promise<number | undefined>;
  /** Parses a name; undefined if it is not that of a segment. */
  segmentOf(name: string): SegmentName | undefined;
  /**
   * Opens a file. Unlike with other sources, `size` may be called again: a segment grows while it is written.
   *
   * @throws (rejects) the error of the system, `ENOENT` if the file does not exist. A bucket rejects with
   * `ERR_SEALPIPE_STORE` on the first use of the source
   */
  open(archive: string, name: string): Promise<SegmentSource>;
  /** Whether an error means that a file does not exist (any more). */
  isGone(error: unknown): boolean;
  /** Removes a file. @returns whether a version of it stays, which no longer has a name */
  remove(archive: string, name: string): Promise<{ readonly keepsVersions: boolean }>;
  /** Closes connections that were opened for it. */
  close(): void;
}

/** How many sizes are read at once: one after the other, a year of segments would take seconds. */
const AT_ONCE = 64;
/** The errors for a folder, a FIFO or a device with the name of a file. */
const NOT_REGULAR = 'ERR_SEALPIPE_OPTIONS';

/** A folder with one folder per archive (LOGS 8). */
export class FolderStore implements ArchiveStore {
  readonly watch = { grows: true, pause: 25, list: 250, listAtOnce: 1_000, archives: 1_000, outage: 5_000 };
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
    // It keeps nothing open.
  }
}
