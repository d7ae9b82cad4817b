import { join } from 'node:path';
import { equalBytes } from '../../bytes.js';
import { SealpipeError } from '../../errors.js';
import type { FileSystem, OpenFile } from '../../file-system.js';
import { interruptedRewrap } from '../../files/heads/interrupted-rewrap.js';
import { readAt, writeAt } from '../../files/heads/positioned.js';
import type { ReaderLimits } from '../../format/preamble.js';
import { FORMAT_LIMITS, PreambleReader } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from '../../frames/frame-length.js';
import { isFinalWord, WORD_SIZE } from '../../frames/layout.js';
import { printable } from '../../text/printable.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import type { Acknowledgement } from './acknowledgement.js';
import type { SegmentFolder } from './segment-file.js';
import { syncNames } from './segment-file.js';

/** What a writer finds out about the previous segment without a key to open it. */
export interface FoundSegment {
  readonly header: StreamHeader;
  /** Of its file. */
  readonly size: number;
  /** Bytes after the preamble. */
  readonly offset: number;
  /** Of the whole segment, for its successor. */
  readonly digest: Buffer;
  /** Whether its frames, by length, end with a last frame. */
  readonly whole: boolean;
  /** Whether it holds everything that was acknowledged. */
  readonly holds: boolean;
}

/** Bytes read at a time. */
const PIECE = 1_048_576;

/**
 * Makes the bytes and the name of a segment durable, and examines it. After a failed sync, bytes that were not
 * acknowledged may exist only in the memory of the system, so the same bytes are written again before the sync.
 *
 * @param acknowledged how far it is durable
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a preamble that is damaged; FolderFault; the error of the
 * system
 */
export async function settleSegment(
  place: SegmentFolder,
  name: string,
  acknowledged: Acknowledgement | undefined,
): Promise<FoundSegment> {
  const path = join(place.folder, name);
  const file = await place.files.open(path, { access: 'read-write' });
  try {
    const header = await readSegmentPreamble(place.files, file, path);
    await rewriteFrom(file, header.preambleSize + (acknowledged?.offset ?? 0));
    await file.sync();
    await syncNames(place);
    const found = await lookThrough(file, header, acknowledged);
    return { header, size: header.preambleSize + found.offset, ...found };
  } finally {
    await file.close();
  }
}

/**
 * Reads the preamble of a segment.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if it is malformed, `ERR_SEALPIPE_LOCKED` if an interrupted
 * re-wrap is the cause
 */
export async function readSegmentPreamble(
  files: FileSystem,
  file: OpenFile,
  path: string,
  limits: ReaderLimits = FORMAT_LIMITS,
): Promise<StreamHeader> {
  const head = await readAt(file, Buffer.alloc(limits.maxPreambleSize), 0);
  let cause: unknown;
  try {
    const { preamble } = new PreambleReader(limits).take(head, 0);
    if (preamble !== undefined) return preamble.header;
  } catch (error) {
    cause = error;
  }
  const interrupted = await interruptedRewrap(path, cause, files);
  if (interrupted !== undefined) throw interrupted;
  throw new SealpipeError(
    'ERR_SEALPIPE_ARCHIVE',
    `The beginning of ${printable(path)} is damaged: no writer leaves a segment like this. Nothing was written`,
    { cause, hint: 'Save what its archive holds, and then begin a new one: sealpipe logs recover' },
  );
}

async function rewriteFrom(file: OpenFile, start: number): Promise<void> {
  const memory = Buffer.alloc(PIECE);
  for (let position = start; ; ) {
    const piece = await readAt(file, memory, position);
    if (piece.length === 0) return;
    await writeAt(file, piece, position);
    position += piece.length;
  }
}

/** Reads a segment from its first byte to its last. @param header its own */
export async function lookThrough(
  file: OpenFile,
  { preambleSize, frameSize }: StreamHeader,
  acknowledged: Acknowledgement | undefined,
): Promise<Omit<FoundSegment, 'header' | 'size'>> {
  const digest = new SegmentDigest();
  const frames = new FrameWalk(frameSize);
  const { size } = await file.facts();
  const memory = Buffer.alloc(Math.max(1, Math.min(PIECE, size)));
  let holds = acknowledged === undefined;
  for (let position = 0; ; ) {
    const stop = acknowledged === undefined ? -1 : preambleSize + acknowledged.offset;
    if (position === stop) {
      const there = digest.digest();
      holds = acknowledged!.digest === '' || equalBytes(there, Buffer.from(acknowledged!.digest, 'hex'));
    }
    const most = [preambleSize, stop].find((end) => end > position) ?? Number.POSITIVE_INFINITY;
    const piece = await readAt(file, memory.subarray(0, Math.min(memory.length, most - position)), position);
    if (piece.length === 0) break;
    if (position >= preambleSize) frames.take(piece);
    digest.update(piece);
    position += piece.length;
  }
  return { offset: digest.offset, digest: digest.digest(), whole: frames.isWhole, holds };
}

/** Follows the frames of a segment by their lengths. */
class FrameWalk {
  readonly #length: FrameLength;
  readonly #word = Buffer.alloc(WORD_SIZE);
  #inWord = 0;
  #left = 0;
  #isFinal = false;
  #isBroken = false;

  constructor(frameSize: number) {
    this.#length = new FrameLength(WORD_SIZE, frameSize);
  }

  get isWhole(): boolean {
    return this.#isFinal && !this.#isBroken && this.#left === 0 && this.#inWord === 0;
  }

  take(piece: Uint8Array): void {
    for (let at = 0; at < piece.length && !this.#isBroken; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, piece.length - at);
        this.#left -= taken;
        at += taken;
      } else if (this.#isFinal) {
        this.#isBroken = true;
      } else {
        this.#word[this.#inWord++] = piece[at++]!;
        if (this.#inWord === WORD_SIZE) this.#begin();
      }
    }
  }

  #begin(): void {
    const length = this.#length.at(this.#word, 0);
    this.#inWord = 0;
    if (length === NO_WORD || length === ILLEGAL_WORD) {
      this.#isBroken = true;
      return;
    }
    this.#left = length - WORD_SIZE;
    this.#isFinal = isFinalWord(this.#word, 0);
  }
}
