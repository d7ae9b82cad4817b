/*
 * The file that records which segments of an archive are in a store, read back whole. Their local files may have been
 * removed, so it has the data about the last one that its successor needs.
 */

import { join } from 'node:path';
import type { FileSystem } from '../../file-system.js';
import { printable } from '../../text/printable.js';
import { notOneArchive } from '../archive/archive-fault.js';
import { HEX_DIGEST } from '../archive/checkpoint.js';
import { readSector, SectorFile } from './sector-file.js';

/** A segment that has ended, whether or not its file still exists. */
export interface StoredSegment {
  readonly index: number;
  /** Bytes after its preamble. */
  readonly offset: number;
  /** Of the whole segment, for its successor (FORMAT 8). */
  readonly digest: Buffer;
  /** Whether its frames, by length, end with a last frame. */
  readonly whole: boolean;
  /** Whether it closes the archive. */
  readonly closed: boolean;
}

/**
 * The last segment of an archive that is known to be in a store with all segments before it; undefined if there is
 * none.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a file that is damaged; the error of the system
 */
export async function readStored(files: FileSystem, folder: string): Promise<StoredSegment | undefined> {
  const text = await readSector(files, folder, 'stored');
  if (text === undefined) return undefined;
  const stored = parsed(text);
  if (stored !== undefined) return stored;
  throw notOneArchive(
    `${printable(join(folder, 'stored'))} is damaged, which says what segments are in the store`,
    'Move the folder away: a new archive begins, and what is in the store stays as it is',
  );
}

/** Records how far the segments of an archive are stored. */
export class StoredFile {
  readonly #sector: SectorFile;

  /** @param folder of the archive */
  constructor(files: FileSystem, folder: string) {
    this.#sector = new SectorFile(files, folder, 'stored');
  }

  /** Durable once this resolves. @throws (rejects) the error of the system */
  keep({ index, offset, digest, whole, closed }: StoredSegment): Promise<void> {
    return this.#sector.keep({ index, offset, whole, closed, digest: digest.toString('hex') });
  }

  close(): Promise<void> {
    return this.#sector.close();
  }
}

function parsed(text: string): StoredSegment | undefined {
  try {
    const { index, offset, whole, closed, digest } = JSON.parse(text) as Record<string, unknown>;
    const isRight =
      isWhole(index) &&
      isWhole(offset) &&
      typeof whole === 'boolean' &&
      typeof closed === 'boolean' &&
      typeof digest === 'string' &&
      HEX_DIGEST.test(digest);
    return isRight ? { index, offset, whole, closed, digest: Buffer.from(digest, 'hex') } : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
