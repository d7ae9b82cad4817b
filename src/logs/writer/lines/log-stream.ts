import { Writable } from 'node:stream';
import { optionsTypeError } from '../../../errors.js';
import { isBytes } from '../../../realms.js';
import { NEWLINE } from '../../units/line-text.js';
import { MAX_LINE } from '../../units/unit-limits.js';
import { BegunLine } from './begun-line.js';
import { ChunkPieces } from './chunk-pieces.js';

const HIGH_WATER_MARK = 65_536;
const NOTHING = Buffer.alloc(0);
const UNTAKEN = 'The stream was destroyed before it took these lines';

/** The destination of a stream of lines. */
export interface LineSink {
  /** Takes a line without its newline. @throws the error that the writer failed with */
  take(line: Uint8Array): void;
  /**
   * Takes whole lines, each with its newline, as many as it accepts at once.
   *
   * @param start the start of the first line
   * @returns where the remaining lines begin; equal to `start` if the next line must be added by itself
   * @throws the error that the writer failed with
   */
  takeLines(bytes: Buffer, start: number): number;
  /** Called after the last line of a chunk. */
  taken(): void;
  /** Whether the stream must hold lines back. */
  isFull(): boolean;
  /** Calls back once, when lines need not be held back any more, or when the writer failed. */
  onRoom(callback: (error?: Error | null) => void): void;
  flush(): Promise<void>;
  end(): Promise<unknown>;
  stop(error: Error): void;
}

/** A Writable for a log. It splits what is written to it into lines at every newline. */
export interface LogStream extends Writable {
  /**
   * Seals and writes the whole lines that were written to the stream before this call.
   *
   * @param callback called once they are durable (only written, if `fsync` is not `flush`), or with the error
   */
  flush(callback?: (error?: Error | null) => void): void;
}

/** Splits bytes into lines. A last line without a newline also counts. */
export class LineStream extends Writable implements LogStream {
  readonly #sink: LineSink;
  readonly #chunk = new ChunkPieces();
  /** The current piece of the chunk, and the position in it. */
  #piece: Buffer = NOTHING;
  #at = 0;
  #taken: (error?: Error | null) => void = () => undefined;
  readonly #begun = new BegunLine();
  /** Whether the sink refused lines, because it has failed or is ending. */
  #isRefused = false;
  /** The reason why lines were not taken. */
  #untaken: Error | undefined;
  /** Flushes that wait for data in the buffer of the stream. */
  readonly #flushes: ((error?: Error) => void)[] = [];

  constructor(sink: LineSink) {
    super({ highWaterMark: HIGH_WATER_MARK, decodeStrings: false });
    this.#sink = sink;
  }

  // It needs a parameter: pino's thread-stream takes a function without parameters for one that needs no callback.
  flush(callback?: (error?: Error | null) => void): void {
    this.#flushes.push((error) => callback?.(error));
    if (this.writableLength === 0 || this.destroyed) this.#flush();
  }

  override _write(
    chunk: Uint8Array | string,
    encoding: string,
    callback: (error?: Error | null) => void,
  ): void {
    if (typeof chunk !== 'string' && !isBytes(chunk)) {
      callback(optionsTypeError('A log takes bytes and strings'));
      return;
    }
    this.#piece = this.#chunk.first(chunk, encoding);
    this.#at = 0;
    this.#taken = callback;
    this.#take();
  }

  override _final(callback: (error?: Error | null) => void): void {
    try {
      if (this.#begun.length > 0) this.#sink.take(this.#begun.end(NOTHING));
    } catch (error) {
      this.#refused(error as Error, callback);
      return;
    }
    this.#flush();
    this.#sink.end().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (error !== null && !this.#isRefused) this.#sink.stop(error);
    if (this.#isRefused || this.writableLength > 0) this.#untaken = error ?? new Error(UNTAKEN);
    this.#flush();
    this.#chunk.wipe();
    this.#begun.wipe();
    callback(error);
  }

  #take(): void {
    try {
      while (this.#at < this.#piece.length) {
        if (this.#sink.isFull()) {
          this.#sink.taken();
          this.#sink.onRoom((error) => this.#onRoom(error));
          return;
        }
        this.#at = this.#next(this.#piece, this.#at);
        if (this.#at < this.#piece.length) continue;
        this.#piece = this.#chunk.next();
        this.#at = 0;
      }
      this.#sink.taken();
    } catch (error) {
      this.#refused(error as Error, this.#taken);
      return;
    }
    this.#taken();
    if (this.writableLength === 0) this.#flush();
  }

  #onRoom(error: Error | null | undefined): void {
    const reason = error ?? this.#untaken;
    if (reason) this.#refused(reason, this.#taken);
    else this.#take();
  }

  #refused(error: Error, callback: (error: Error) => void): void {
    this.#isRefused = true;
    callback(error);
  }

  #flush(): void {
    for (const done of this.#flushes.splice(0)) {
      if (this.#untaken !== undefined) done(this.#untaken);
      else this.#sink.flush().then(() => done(), done);
    }
  }

  /** Takes whole lines, one line or part of a line, beginning at a position. @returns where the next one begins */
  #next(bytes: Buffer, start: number): number {
    const rest = this.#begun.length === 0 ? this.#sink.takeLines(bytes, start) : start;
    if (rest > start) return rest;
    const end = bytes.indexOf(NEWLINE, start);
    const stop = end === -1 ? bytes.length : end;
    const room = MAX_LINE - this.#begun.length;
    if (stop - start > room) {
      this.#sink.take(this.#begun.end(bytes.subarray(start, start + room)));
      return start + room;
    }
    if (end !== -1) {
      this.#sink.take(this.#begun.end(bytes.subarray(start, end)));
      return end + 1;
    }
    this.#begun.add(bytes.subarray(start));
    return stop;
  }
}
