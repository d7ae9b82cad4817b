import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SealpipeError } from '../../errors.js';
import type { FileFacts, FileSystem, OpenFile } from '../../file-system.js';
import { isSameFile, PRIVATE_FILE } from '../../file-system.js';
import { writeAt } from '../../files/heads/positioned.js';
import { openName, parseSegmentName, sealedName, temporaryName } from '../archive/segment-name.js';

/** The place of a segment. */
export interface SegmentFolder {
  readonly files: FileSystem;
  /** Of the archive. */
  readonly folder: string;
}

/** Milliseconds between two listings of an archive while one of its segments is written. */
const LOOK = 1_000;

/**
 * The file of the segment that is being written. When it gets its name, its preamble is whole and durable. It grows by
 * whole frames: a frame is kept until all of its bytes are written, and writing continues where it stopped.
 */
export class SegmentFile {
  readonly path: string;
  readonly #place: SegmentFolder;
  readonly #index: number;
  readonly #file: OpenFile;
  readonly #facts: FileFacts;
  #held: Uint8Array | undefined;
  #size: number;
  #looked = performance.now();

  private constructor(place: SegmentFolder, index: number, file: OpenFile, facts: FileFacts, size: number) {
    this.path = join(place.folder, openName(index));
    this.#place = place;
    this.#index = index;
    this.#file = file;
    this.#facts = facts;
    this.#size = size;
  }

  /**
   * Creates the file, with durable preamble and name.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if the index is taken; the error of the system, after which
   * nothing has the segment's name unless only making the name durable failed
   */
  static async create(place: SegmentFolder, index: number, preamble: Uint8Array): Promise<SegmentFile> {
    const file = await placeFile(place, index, openName(index), preamble);
    return new SegmentFile(place, index, file, await file.facts(), preamble.length);
  }

  /** Whether a frame is pending. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Bytes of whole frames and of the preamble. */
  get size(): number {
    return this.#size;
  }

  /** Sets the next frame. None may be pending. */
  hold(frame: Uint8Array): void {
    if (this.#held !== undefined) throw new Error('A frame that is not written yet cannot be passed by');
    this.#held = frame;
  }

  /**
   * Writes the rest of the pending frame.
   *
   * @throws (rejects) the error of the system, after which the unwritten bytes are still pending; SealpipeError
   * `ERR_SEALPIPE_ARCHIVE` if another writer was active here, which is checked once a second
   */
  async write(): Promise<void> {
    while (this.#held !== undefined) {
      const written = await this.#file.write(this.#held, this.#size);
      if (written === 0) throw Object.assign(new Error('EIO: nothing was taken, write'), ERROR);
      this.#size += written;
      this.#held = written < this.#held.length ? this.#held.subarray(written) : undefined;
    }
    await this.#look();
  }

  /**
   * Makes the written bytes durable if this is still the archive's last segment.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if another writer was active here; the error of the system
   */
  async sync(): Promise<void> {
    await this.#file.datasync();
    await this.#assertOurs();
    await this.#look();
  }

  /** Durably gives the file its final name. Its last frame must be durable. @returns the name */
  async seal(range: { readonly first: number; readonly last: number }): Promise<string> {
    const { files, folder } = this.#place;
    await assertLast(this.#place, this.#index);
    const name = sealedName(this.#index, range);
    await files.rename(this.path, join(folder, name));
    await syncNames(this.#place);
    await this.close();
    return name;
  }

  async close(): Promise<void> {
    this.#held = undefined;
    await this.#file.close().catch(() => undefined);
  }

  /** The name of an ended successor cannot be guessed, so all names are listed from time to time. */
  async #look(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked < LOOK) return;
    this.#looked = now;
    await this.#assertOurs();
    await assertLast(this.#place, this.#index);
  }

  /** @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if the file lost its name or has an open successor */
  async #assertOurs(): Promise<void> {
    const { files, folder } = this.#place;
    const named = await files.facts(this.path);
    if (named === undefined || !isSameFile(named, this.#facts)) throw lost(this.path);
    const next = join(folder, openName(this.#index + 1));
    if ((await files.facts(next)) !== undefined) throw taken(next);
  }
}

/**
 * Creates the file of a segment: its first bytes are durable before it gets its name, and the name before this
 * resolves.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if this index or a later one is taken; FolderFault; the error
 * of the system
 */
export async function placeFile(
  place: SegmentFolder,
  index: number,
  name: string,
  bytes: Uint8Array,
): Promise<OpenFile> {
  const { files, folder } = place;
  const temporary = join(folder, temporaryName(index, randomBytes(8).toString('hex')));
  const path = join(folder, name);
  const file = await files.open(temporary, { access: 'read-write', create: PRIVATE_FILE });
  try {
    try {
      await writeAt(file, bytes, 0);
      await file.sync();
      await assertLast(place, index - 1);
      await files.link(temporary, path);
    } finally {
      await files.unlink(temporary).catch(() => undefined);
    }
    await syncNames(place);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(path);
    throw error;
  }
}

/** @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if a segment with a higher index exists under any name */
async function assertLast({ files, folder }: SegmentFolder, index: number): Promise<void> {
  const successor = (await files.names(folder)).find((name) => (parseSegmentName(name)?.index ?? -1) > index);
  if (successor !== undefined) throw taken(join(folder, successor));
}

/**
 * Names in a folder could not be made durable. After one failure they may be lost although a second try seems to
 * succeed, so they cannot be relied on any more.
 */
export class FolderFault extends Error {}

/** The error of the system behind a FolderFault; any other error unchanged. */
export function withoutFolderFault(error: unknown): unknown {
  return error instanceof FolderFault ? error.cause : error;
}

/** Errors of opening the folder: nothing was synced yet, so trying again is no second try of a sync. */
const NOT_OPENED = new Set(['EMFILE', 'ENFILE']);
/** The pause after such an error, and how often it may come, for ten seconds in all. */
const PAUSE = 100;
const MOST_PAUSES = 100;

/** Makes the names in a folder durable. @throws (rejects) FolderFault with the error of the system as its cause */
export async function syncNames({ files, folder }: SegmentFolder): Promise<void> {
  for (let pauses = 0; ; pauses++) {
    try {
      await files.syncFolder(folder);
      return;
    } catch (cause) {
      if (pauses === MOST_PAUSES || !NOT_OPENED.has((cause as NodeJS.ErrnoException).code ?? '')) {
        throw new FolderFault('The names in the folder of the log archive cannot be made durable', { cause });
      }
    }
    await pause(PAUSE);
  }
}

const ERROR = { code: 'EIO', syscall: 'write' };

function taken(path: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_ARCHIVE',
    `Another writer has been at work in the log archive: ${path} already exists`,
  );
}

function lost(path: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_ARCHIVE',
    `The segment of the log archive that was being written is no longer at ${path}`,
  );
}
