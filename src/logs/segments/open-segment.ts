import { FORMAT_BOUNDS } from '../../frames/layout.js';
import { FrameSealer } from '../../frames/sealer.js';
import type { EncryptSettings } from '../../session/encrypt-options.js';
import { SealSession } from '../../session/seal-session.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import type { Compression } from '../units/coding.js';
import { encodeIndexUnit } from '../units/unit.js';
import type { Acknowledgement } from './acknowledgement.js';
import { IndexBuilder } from './index-builder.js';
import type { SegmentFolder } from './segment-file.js';
import { SegmentFile } from './segment-file.js';

/** The counts and times that a frame adds to its segment. */
export interface FrameFacts {
  /** Lines that end in it. */
  readonly lines: number;
  /** Of its unit, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** Whether it begins with a piece of an earlier line. */
  readonly continued?: boolean;
}

/**
 * The segment that is being written: one sealed stream in the record layout, with one unit per frame. No frame is ever
 * sealed twice: a frame that could not be written is kept, and later ones wait.
 */
export class OpenSegment {
  readonly index: number;
  /** Of the preamble. */
  readonly headSize: number;
  /** By `performance.now()`. */
  readonly since = performance.now();
  readonly #session: SealSession<FrameSealer>;
  readonly #sealed: Uint8Array[];
  readonly #file: SegmentFile;
  readonly #digest = new SegmentDigest();
  readonly #times: IndexBuilder;
  readonly #compression: Compression | undefined;
  #held: Uint8Array | undefined;
  #records = 0;
  #heldLines = 0;
  #lines = 0;
  #state: 'open' | 'indexed' | 'final' = 'open';

  private constructor(parts: SegmentParts) {
    this.#session = parts.session;
    this.#sealed = parts.sealed;
    this.#file = parts.file;
    this.#compression = parts.compression;
    const { chain, frameSize } = parts.session.settings;
    this.index = chain!.index;
    this.#times = new IndexBuilder(frameSize);
    this.headSize = parts.preamble.length;
    this.#digest.update(parts.preamble);
  }

  static async create(
    place: SegmentFolder,
    prepared: PreparedSegment,
    compression: Compression | undefined,
  ): Promise<OpenSegment> {
    const { session, preamble } = prepared;
    const file = await SegmentFile.create(place, session.settings.chain!.index, preamble);
    return new OpenSegment({ ...prepared, file, compression });
  }

  /** Bytes of the file so far, and of the pending frame. */
  get size(): number {
    return this.#file.size;
  }

  /** Lines of the segment that are completely written. */
  get records(): number {
    return this.#records;
  }

  /** Whether it has any line, written or pending. */
  get hasLines(): boolean {
    return this.#lines > 0;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Seals the next unit as the pending frame. No other frame may be pending. */
  seal(unit: Uint8Array, { lines, first, last, continued = false }: FrameFacts): void {
    const frames = this.#session.frames!;
    const entry = { frame: frames.frames, offset: this.#digest.offset, records: this.#records, first, last };
    this.#times.add(entry, continued);
    this.#lines += lines;
    this.#seal(unit, lines);
  }

  /** Continues writing the pending frame. @throws (rejects) the error of the system; the rest is then still pending */
  async write(): Promise<void> {
    await this.#file.write();
    if (this.#held === undefined) return;
    this.#digest.update(this.#held);
    this.#session.bytesOut += this.#held.length;
    this.#records += this.#heldLines;
    this.#held = undefined;
  }

  /** The state that a successful sync would make durable now. */
  get place(): Acknowledgement {
    const { index } = this;
    return {
      index,
      offset: this.#digest.offset,
      records: this.#records,
      digest: this.#digest.digest().toString('hex'),
    };
  }

  /** Makes the written bytes durable. @throws (rejects) like `SegmentFile.sync` */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** Writes the time index and the last frame. May be called again after an error of the system. */
  async finish(): Promise<void> {
    await this.write();
    if (this.#state === 'open') {
      this.#state = 'indexed';
      const index = this.#times.build(this.#records);
      if (index !== undefined) {
        this.#seal(encodeIndexUnit(index, this.#compression), 0);
        await this.write();
      }
    }
    if (this.#state === 'indexed') {
      this.#state = 'final';
      this.#session.end();
      await this.#session.confirm();
      this.#session.frames!.finish();
      this.#hold(0);
      this.#session.complete();
    }
    await this.write();
  }

  /**
   * Gives the segment its final name. It must have its last frame and be durable.
   *
   * @returns that name, and the digest for its successor
   */
  async rename(): Promise<{ readonly name: string; readonly digest: Buffer }> {
    const name = await this.#file.seal(this.#times.range);
    this.#session.close();
    return { name, digest: this.#digest.digest() };
  }

  /** Leaves the file unchanged, and wipes the key. */
  async giveUp(error?: unknown): Promise<void> {
    this.#session.close(error);
    await this.#file.close();
  }

  #seal(unit: Uint8Array, lines: number): void {
    // One unit is one frame.
    if (unit.length > this.#session.settings.frameSize) throw new Error('A unit is longer than a frame');
    this.#session.take(unit.length);
    this.#session.frames!.flush(unit);
    this.#hold(lines);
  }

  #hold(lines: number): void {
    const pieces = this.#sealed.splice(0);
    const frame = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.#held = frame;
    this.#heldLines = lines;
    this.#file.hold(frame);
  }
}

/** A segment that has only its preamble. */
export interface PreparedSegment {
  readonly session: SealSession<FrameSealer>;
  readonly preamble: Uint8Array;
  /** The memory into which the sealer puts frames. */
  readonly sealed: Uint8Array[];
}

/** Reused for every frame: the next one is sealed once all bytes of the previous one are written. */
class FrameMemory {
  #memory = Buffer.alloc(0);

  readonly take = (size: number): Buffer => {
    if (size > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(size);
    return this.#memory.subarray(0, size);
  };
}

interface SegmentParts extends PreparedSegment {
  readonly file: SegmentFile;
  readonly compression: Compression | undefined;
}

/**
 * Generates the data key and the preamble of a segment.
 *
 * @param signal abandons the key call when it is aborted
 * @throws (rejects) the error of a key call; an AbortError
 */
export async function prepareSegment(settings: EncryptSettings): Promise<PreparedSegment> {
  const sealed: Uint8Array[] = [];
  const emit = (frame: Uint8Array) => void sealed.push(frame);
  const memory = new FrameMemory();
  const session = new SealSession(
    settings,
    (cipher, layout) => new FrameSealer(cipher, layout, emit, FORMAT_BOUNDS, memory.take),
  );
  try {
    session.start();
    const { preamble } = await session.begin();
    session.bytesOut = preamble.length;
    return { session, preamble, sealed };
  } catch (error) {
    throw session.fail(error);
  }
}
