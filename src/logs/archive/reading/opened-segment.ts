import { SealpipeError } from '../../../errors.js';
import type { Preamble } from '../../../format/preamble.js';
import type { Recipient } from '../../../format/stream-header.js';
import type { RecordOpener } from '../../../frames/openers/record-opener.js';
import { RecordOpener as Opener } from '../../../frames/openers/record-opener.js';
import type { DecryptSettings } from '../../../session/decrypt-options.js';
import { OpenSession } from '../../../session/open-session.js';
import type { ByteSource } from '../../../sources/byte-source.js';
import { FileSource } from '../../../sources/file-source.js';
import { HeldSource } from '../../../sources/held-source.js';
import { readPreamble } from '../../../streams/read-preamble.js';
import type { Coding } from '../../units/coding.js';
import { notOneArchive } from '../archive-fault.js';
import type { ArchiveStore, SegmentSource } from '../archive-store.js';
import type { SegmentHeader } from '../segment-content.js';
import { checkSegment } from '../segment-content.js';
import type { SegmentName } from '../segment-name.js';
import { archiveName } from '../segment-name.js';
import { inSegment } from './segment-fault.js';

/** A segment with its key: its preamble is authentic. */
export class OpenedSegment {
  readonly name: SegmentName;
  readonly header: SegmentHeader;
  /** The coding of its units besides `stored`. */
  readonly coding: Coding;
  readonly #session: OpenSession<RecordOpener>;
  readonly #source: SegmentSource;
  #isClosed = false;

  private constructor(
    name: SegmentName,
    { header, coding }: ReturnType<typeof checkSegment>,
    session: OpenSession<RecordOpener>,
    source: SegmentSource,
  ) {
    this.name = name;
    this.header = header;
    this.coding = coding;
    this.#session = session;
    this.#source = source;
  }

  /**
   * Opens a segment of an archive and unwraps its key.
   *
   * @throws (rejects) the errors of opening a stream; SealpipeError `ERR_SEALPIPE_ARCHIVE` for a segment of another
   * archive or index; the error of the store
   */
  static async open(
    store: ArchiveStore,
    archive: string,
    name: SegmentName,
    settings: DecryptSettings,
  ): Promise<OpenedSegment> {
    const source = await store.open(archive, name.name);
    const session = new OpenSession(settings, (cipher, layout) => new Opener(cipher, layout));
    try {
      session.start();
      const preamble = await readPreamble(new HeldSource(source), settings.limits, session.stopped);
      const checked = checkSegmentPlace(preamble, archive, name);
      await session.unlock(preamble);
      return new OpenedSegment(name, checked, session, source);
    } catch (error) {
      const first = session.fail(error);
      await source.close?.();
      throw inSegment(first, name.name);
    }
  }

  get index(): number {
    return this.header.chain.index;
  }

  get opener(): RecordOpener {
    return this.#session.frames!;
  }

  /** The recipient that opened it. */
  get recipient(): Recipient {
    return this.#session.recipient!;
  }

  /** Aborted when the caller's signal is. */
  get stopped(): AbortSignal {
    return this.#session.stopped;
  }

  /** All of it is read more than once from now on. @throws (rejects) what reading it fails with */
  async hold(): Promise<void> {
    try {
      await this.#source.hold?.(this.stopped);
    } catch (error) {
      throw inSegment(error, this.name.name);
    }
  }

  /** The current size of the file in bytes. */
  size(): Promise<number> {
    return this.#source.size(this.stopped);
  }

  /** The bytes of the file from `start` to `end`. @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` for a file that became shorter */
  async read(start: number, end: number): Promise<Uint8Array> {
    const memory = Buffer.allocUnsafeSlow(end - start);
    await this.readInto(memory, start);
    return memory;
  }

  /** Fills memory with the bytes of the file from `start` on. @throws (rejects) like `read` */
  readInto(memory: Uint8Array, start: number): Promise<void> {
    return fill(this.#source, memory, start, this.stopped, this.name.name);
  }

  /** Wipes the key and closes the file. */
  async close(error?: unknown): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session.close(error);
    await this.#source.close?.();
  }
}

/**
 * Fills memory with the bytes of a source from `start` on, without a copy if it is a file.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if there are fewer
 */
export async function fill(
  source: ByteSource,
  memory: Uint8Array,
  start: number,
  signal: AbortSignal,
  name: string,
): Promise<void> {
  let length: number;
  if (source instanceof FileSource) length = await source.readInto(memory, start, signal);
  else {
    const bytes = await source.read(start, start + memory.length, signal);
    length = bytes.length;
    if (length === memory.length) memory.set(bytes);
  }
  if (length !== memory.length) throw becameShorter(name);
}

/** The error for a segment file that became shorter. */
export function becameShorter(name: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    `${name} became shorter while it was read: no writer does that`,
  );
}

/**
 * Checks, before any key call, that a preamble belongs to the segment that the name promises.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, or `ERR_SEALPIPE_ARCHIVE` for another archive or index
 */
export function checkSegmentPlace(
  { header }: Pick<Preamble, 'header'>,
  archive: string,
  { name, index }: SegmentName,
): ReturnType<typeof checkSegment> {
  const checked = checkSegment(header);
  const { chain } = checked.header;
  if (archiveName(chain.archive) !== archive) throw notOneArchive(`${name} belongs to another archive`);
  if (chain.index !== index) throw notOneArchive(`${name} is segment ${chain.index} of its archive`);
  return checked;
}
