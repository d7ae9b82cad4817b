import type { Readable } from 'node:stream';
import { abortError, onAbort, throwIfAborted } from '../../abort.js';
import { NOTHING, wipe } from '../../bytes.js';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';
import type { OptionNames } from '../../options.js';
import { assertSignal, readOptions } from '../../options.js';
import type { Frames, Session } from '../../session/session.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import type { HeldSource } from '../../sources/held-source.js';
import { gathered } from './gathered.js';
import { RangeStream } from './range-stream.js';
import type { Ranges } from './ranges.js';

/** The part of the plaintext that a stream of {@link SealedReader} returns. */
export interface RangeOptions {
  /** The first byte; a negative value counts from the end. Default: 0. */
  readonly start?: number | undefined;
  /** The byte after the last one; a negative value counts from the end. Default: the end of the plaintext. */
  readonly end?: number | undefined;
  /** Aborting it destroys the stream with an AbortError whose cause is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const RANGE_OPTIONS: OptionNames<RangeOptions> = { start: true, end: true, signal: true };

/**
 * The plaintext of a sealed stream, readable at any position. Every byte that it returns has been verified. Offsets
 * work like in `slice`: `end` is exclusive, a negative offset counts from the end, and a range is cut at the end of the
 * plaintext. If an answer depends on the position of that end, the last frame is verified first (FORMAT 6, "Parts").
 */
export interface SealedReader extends AsyncDisposable {
  /** The contents of the preamble. */
  readonly header: StreamHeader;
  /** The recipient that opened the stream. */
  readonly recipient: Recipient;
  /**
   * The number of plaintext bytes. In the record layout the first call verifies the whole stream.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRUNCATED`, `_TRAILING_DATA` or `_LIMIT`; the
   * error of the source
   */
  size(): Promise<number>;
  /**
   * The plaintext from `start` to `end`.
   *
   * @throws (rejects) like `size()`; RangeError `ERR_SEALPIPE_OPTIONS` for an offset that is not an integer
   */
  read(start?: number, end?: number): Promise<Buffer>;
  /** The same as a stream. It reads at most about 1 MiB ahead, and emits the plaintext before a fault, then fails. */
  createReadStream(options?: RangeOptions): Readable;
  /** Cancels pending reads, wipes keys and plaintext, and closes the source unless it was an open file. */
  close(): Promise<void>;
}

/** Reads ranges under one session, which it ends. */
export class RangeReader implements SealedReader {
  readonly header: StreamHeader;
  readonly recipient: Recipient;
  readonly #session: Session<Frames>;
  readonly #source: HeldSource;
  readonly #ranges: Ranges;
  readonly #assertMayHold: (plaintext: Uint8Array) => void;
  readonly #endStopped: () => void;
  #fault: unknown;
  #closed: Promise<void> | undefined;

  constructor(session: Session<Frames>, source: HeldSource, ranges: Ranges) {
    this.header = session.header!;
    this.recipient = session.recipient!;
    this.#session = session;
    this.#source = source;
    this.#ranges = ranges;
    this.#assertMayHold = plaintextGuard(this.header, () => undefined);
    const { stopped } = session;
    // After an abort nothing can be read, so keys and plaintext are wiped now and not at `close`.
    this.#endStopped = onAbort(stopped, () => {
      ranges.wipe();
      session.bytesIn = source.bytesRead;
      session.close(this.#fault ?? stopped.reason);
    });
  }

  async size(): Promise<number> {
    this.#assertOpen();
    return this.#noted(async (stop) => {
      const size = await this.#ranges.size(stop);
      if (size > 0) this.#assertMayHold(NOTHING);
      return size;
    });
  }

  async read(start?: number, end?: number): Promise<Buffer> {
    this.#assertOpen();
    const range = checked(start, end);
    return this.#noted(async (stop) => {
      return gathered(this.#pieces(range, stop));
    });
  }

  createReadStream(options: RangeOptions = {}): Readable {
    this.#assertOpen();
    const { start, end, signal } = readOptions<RangeOptions>('createReadStream', options, RANGE_OPTIONS);
    assertSignal(signal);
    const range = checked(start, end);
    const stopping = new AbortController();
    const pieces = this.#pieces(range, stopping.signal);
    const ends: (() => void)[] = [];
    const stream = new RangeStream(pieces, (error) => {
      for (const end of ends) end();
      stopping.abort(error);
      if (error !== null && !signal?.aborted) this.#note(error);
    });
    const { stopped } = this.#session;
    ends.push(onAbort(stopped, () => void stream.destroy(stopped.reason)));
    if (signal !== undefined) ends.push(onAbort(signal, () => void stream.destroy(abortError(signal))));
    return stream;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#pieces({ start, end }: Range, stop: AbortSignal): AsyncGenerator<Buffer, void, void> {
    const from = start < 0 ? Math.max(0, (await this.#ranges.size(stop)) + start) : start;
    const to = end < 0 ? (await this.#ranges.size(stop)) + end : end;
    if (from >= to) return;
    for await (const piece of this.#ranges.pieces(from, to, stop)) {
      if (piece.length === 0) continue;
      try {
        this.#assertMayHold(piece);
      } catch (error) {
        wipe(piece);
        throw error;
      }
      this.#session.bytesOut += piece.length;
      yield piece;
    }
  }

  /** Reports the first of several errors. After an abort from outside, rejects with its reason. */
  async #noted<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const { stopped } = this.#session;
    try {
      return await work(stopped);
    } catch (error) {
      if (stopped.aborted) throw stopped.reason;
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    if (this.#closed === undefined) this.#fault ??= error;
  }

  async #close(): Promise<void> {
    const session = this.#session;
    session.bytesIn = this.#source.bytesRead;
    const fault = this.#fault ?? (session.stopped.aborted ? session.stopped.reason : undefined);
    this.#endStopped();
    session.stop(closedReader());
    this.#ranges.wipe();
    if (fault === undefined) session.complete();
    session.close(fault);
    await this.#source.close();
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedReader();
    throwIfAborted(this.#session.stopped);
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function checked(start = 0, end = Number.POSITIVE_INFINITY): Range {
  if (!Number.isSafeInteger(start)) throw optionsRangeError('`start` must be a whole number');
  if (!Number.isSafeInteger(end) && end !== Number.POSITIVE_INFINITY) {
    throw optionsRangeError('`end` must be a whole number');
  }
  return { start, end };
}

function closedReader(): TypeError {
  return optionsTypeError('The reader is closed');
}
