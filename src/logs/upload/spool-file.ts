import { join } from 'node:path';
import { SealpipeError } from '../../errors.js';
import type { FileFacts, FileSystem, OpenFile } from '../../file-system.js';
import { isSameFile } from '../../file-system.js';
import { readAt } from '../../files/heads/positioned.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { SealedBytes } from '../../s3/upload/sealed-upload.js';
import { notOneArchive } from '../archive/archive-fault.js';
import { becameShorter } from '../archive/reading/opened-segment.js';
import { archiveName } from '../archive/segment-name.js';
import { lookThrough, readSegmentPreamble } from '../segments/found-segment.js';
import type { StoredSegment } from '../segments/stored-file.js';
import { saltOf } from './segment-header.js';
import type { SpooledSegment } from './spooled-segment.js';

/** The file of a finished segment, open for upload. */
export class SpoolFile implements SealedBytes {
  readonly path: string;
  readonly size: number;
  readonly salt: string;
  /** Bytes. */
  readonly preambleSize: number;
  readonly #segment: SpooledSegment;
  readonly #header: StreamHeader;
  readonly #file: OpenFile;
  readonly #files: FileSystem;
  readonly #facts: FileFacts;
  #known: StoredSegment | undefined;

  private constructor(
    files: FileSystem,
    segment: SpooledSegment,
    path: string,
    { file, header, facts }: { file: OpenFile; header: StreamHeader; facts: FileFacts },
  ) {
    this.path = path;
    this.size = facts.size;
    this.salt = saltOf(header);
    this.preambleSize = header.preambleSize;
    this.#segment = segment;
    this.#header = header;
    this.#file = file;
    this.#files = files;
    this.#facts = facts;
    this.#known = segment.facts && { index: segment.index, ...segment.facts };
  }

  /**
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` or `_LOCKED` for a file that is not this segment; the error
   * of the system
   */
  static async open(files: FileSystem, segment: SpooledSegment): Promise<SpoolFile> {
    const path = join(segment.folder, segment.name);
    const file = await files.open(path, { access: 'read' });
    try {
      const facts = await file.facts();
      const header = await readSegmentPreamble(files, file, path);
      const { chain } = header;
      if (chain?.index !== segment.index || archiveName(chain.archive) !== segment.archive) {
        throw notOneArchive(`${path} is not the segment that its name says`);
      }
      return new SpoolFile(files, segment, path, { file, header, facts });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Reads until the memory is full. @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if the file became shorter
   */
  async read(memory: Uint8Array, position: number): Promise<void> {
    const { length } = await readAt(this.#file, memory, position);
    if (length !== memory.length) throw becameShorter(this.#segment.name);
  }

  /** The chain entry that the next segment has for this one. */
  async facts(): Promise<StoredSegment> {
    if (this.#known === undefined) {
      const { offset, digest, whole } = await lookThrough(this.#file, this.#header, undefined);
      const closed = this.#header.chain?.closed === true;
      this.#known = { index: this.#segment.index, offset, digest, whole, closed };
    }
    return this.#known;
  }

  /**
   * Asserts that the file still has its name and is unchanged since it was opened.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED`
   */
  async assertUnchanged(): Promise<void> {
    const now = await this.#files.facts(this.path);
    const { size, modified } = this.#facts;
    if (isSameFile(now, this.#facts) && now?.size === size && now.modified === modified) return;
    throw new SealpipeError(
      'ERR_SEALPIPE_CHANGED',
      `${this.#segment.name} changed while it was stored, as by a re-wrap`,
      { retryable: true },
    );
  }

  /** Removes the file after its copy in the store was verified. @throws (rejects) like `assertUnchanged` */
  async remove(): Promise<void> {
    await this.assertUnchanged();
    await this.#files.unlink(this.path);
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
